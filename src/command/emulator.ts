import { once } from 'node:events'
import type { Emulator, EmulatorOptions } from '../../emulator/server.ts'
import { oneOf, wholeNumber } from '../inputs/values.ts'
import { printable } from '../runner/text.ts'
import { createFlagReader, type InputTable, parseFlags, UsageError } from './flags.ts'
import { createTerminal } from './terminal.ts'

const TYPES = ['s3', 'gcs', 'azure', 's3_compatible', 'webfolder', 'webproxy'] as const

export const EMULATOR_FLAGS: InputTable = {
  port: { description: 'Port on 127.0.0.1; 0 takes a free one.', default: '0' },
  type: { description: 'Type of the Source: s3, gcs, azure, s3_compatible, webfolder or webproxy.', default: 's3' },
  'rate-limits': {
    description: "documented: imgix's own limits, above which answers are 429. off: none.",
    default: 'documented',
  },
}

/** Starts an imgix on this machine, and prints its requests until a signal stops it.
 *  @throws UsageError */
export async function runEmulator(args: readonly string[]): Promise<void> {
  const flags = parseFlags(args, EMULATOR_FLAGS)
  const read = createFlagReader(flags, EMULATOR_FLAGS)
  const terminal = createTerminal(flags.json)
  const imgix = await start({
    port: read('port', wholeNumber(0, 65_535)),
    source: { type: read('type', oneOf(...TYPES)) },
    rateLimits: read('rate-limits', oneOf('documented', 'off')),
    onRequest: (line) => terminal.info(printable(line)),
    keepBodies: false,
    sampleReport: true,
  })
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  const { apiUrl, apiKey, sourceId, domains } = imgix
  if (flags.json) terminal.print(JSON.stringify({ apiUrl, apiKey, sourceId, domains, pid: process.pid }))
  else for (const line of describe(imgix)) terminal.info(line)
  await stopped
  await imgix.stop()
}

async function start(options: EmulatorOptions): Promise<Emulator> {
  // loaded late: no other subcommand needs it
  const { startEmulator } = await import(/* webpackChunkName: "emulator" */ '../../emulator/server.ts')
  try {
    return await startEmulator(options)
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    throw new UsageError(`--port: ${options.port} can't be used (${code}); take another one, or 0 for any that is free`)
  }
}

function describe({ apiUrl, apiKey, sourceId, domains }: Emulator): string[] {
  return [
    `An imgix on this machine: ${apiUrl}, until Ctrl-C`,
    '',
    `  key      ${apiKey}`,
    `  Source   ${sourceId}, served by ${domains.join(', ')}`,
    '',
    'The command:',
    `  IMGIX_API_KEY=${apiKey} npx imgix-sync --api-url ${apiUrl} --source-id ${sourceId} --mode all`,
    '',
    'The action:',
    `  api-url: ${apiUrl}`,
    `  api-key: ${apiKey}`,
    `  source-id: ${sourceId}`,
    '',
    'The client of imgix-sync/client:',
    `  createClient({ apiUrl: '${apiUrl}', apiKey: '${apiKey}' })`,
    '',
    'Any other client:',
    `  curl -H 'Authorization: Bearer ${apiKey}' ${apiUrl}/api/v1/sources/${sourceId}`,
    '',
    'Requests:',
  ]
}
