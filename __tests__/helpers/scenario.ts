import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { accountTag } from '../../emulator/documents.ts'
import type { Repository } from '../../emulator/repository.ts'
import { type ActionRun, type RunOptions, runAction } from '../../emulator/runner.ts'
import type { Emulator, EmulatorOptions } from '../../emulator/server.ts'
import { emulate } from './emulator.ts'
import { createRepository } from './repository.ts'
import { findMistakes } from './schema.ts'
import { runsAreShort } from './short-waits.ts'
import { spellingsOf } from './spellings.ts'

type Files = Parameters<Repository['write']>[0]
type Inputs = Record<string, string>
/** `depth`: in a clone, 0 for the whole history; absent: where the commits were made. */
type Options = Partial<RunOptions> & { depth?: number }
export type Run = ActionRun & {
  /** Messages of the `::error` commands, in order. */
  errors: string[]
  /** The report's files and URLs, short: `uploaded a.png`, `purged https://...`, sorted. */
  results: string[]
}

/** Lines of the transcript. The Source of a scenario is called SRC, every id of a session ID. */
export const gotSource = 'GET /api/v1/sources/SRC -> 200'
/** Whether full syncs have left records, asked before a push replaces files. */
export const sought = (status: number | string = 200): string =>
  `GET /api/v1/sources/SRC/assets?page[limit]=1&sort=date_created&fields[assets]=origin_path&filter[custom:imgix-sync]= -> ${status}`
/** Before the first upload of a push. */
export const began = [gotSource, sought()]
export const purged = 'POST /api/v1/purge -> 200'
export const uploaded = (path: string, status: number | string = 200): string =>
  `POST /api/v1/sources/SRC/upload/${path}?overwrite=true -> ${status}`
export const opened = (path: string, status: number | string = 200): string =>
  `POST /api/v1/sources/SRC/upload-sessions/create/${path} -> ${status}`
export const put = (path: string, status: number | string = 200): string => `PUT /bucket/SRC/${path} -> ${status}`
export const closed = (status: number | string = 200): string =>
  `POST /api/v1/sources/SRC/upload-sessions/close/ID -> ${status}`
export const cancelled = (status: number | string = 200): string =>
  `DELETE /api/v1/sources/SRC/upload-sessions/cancel/ID -> ${status}`
/** One page of the Source's assets, as mode all asks for it. */
export const listed = (cursor?: number, status: number | string = 200): string =>
  `GET /api/v1/sources/SRC/assets?${cursor === undefined ? '' : `page[cursor]=${cursor}&`}page[limit]=100&sort=date_created&fields[assets]=origin_path,file_size,custom_fields -> ${status}`
export const lookedAt = (path: string, status: number | string = 200): string =>
  `GET /api/v1/sources/SRC/assets/${path} -> ${status}`
export const patched = (path: string, status: number | string = 200): string =>
  `PATCH /api/v1/sources/SRC/assets/${path} -> ${status}`
export const url = (path: string, domain = 'assets-demo.imgix.net'): string => `https://${domain}/${path}`

const fast = 'upload=1000/s, purge=1000/s, get=1000/s, refresh=1000/s, default=1000/s'

/** A site in git, an imgix, and the action between them; all is gone after the test. Every run is held to what no run
 *  may ever do: print a secret, leave out an output, give the runner a command that a file name wrote. */
export async function scenario(
  options: { imgix?: EmulatorOptions; inputs?: Inputs; files?: Files; objectFormat?: 'sha1' | 'sha256' } = {},
) {
  const imgix = await emulate({ ...options.imgix, source: { id: 'SRC', ...options.imgix?.source } })
  const site = createRepository({ objectFormat: options.objectFormat ?? 'sha1' })
  site.write({ 'README.md': 'Site', ...options.files })
  site.commit()
  const shared = { 'api-key': imgix.apiKey, 'source-id': 'SRC', 'api-url': imgix.apiUrl, 'rate-limits': fast }

  /** Runs the action over the site as it is. */
  async function run(inputs: Inputs = {}, { depth, ...more }: Options = {}): Promise<Run> {
    const workspace = depth === undefined ? site : site.clone(depth === 0 ? {} : { depth })
    return act({ workspace: workspace.dir, inputs: { ...shared, ...options.inputs, ...inputs }, ...more }, imgix)
  }

  /** Commits changes and runs the action over the push of that commit. */
  async function push(files: Files, inputs: Inputs = {}, more: Options = {}): Promise<Run> {
    const before = site.head()
    site.write(files)
    return run(inputs, { event: site.pushEvent(before, site.commit()), ...more })
  }

  /** Runs the action over the site until its log says something, and kills it there. */
  async function kill(after: (log: string) => boolean, inputs: Inputs = {}): Promise<ActionRun> {
    const all = { ...shared, ...options.inputs, ...inputs }
    return runAction({
      ...{ workspace: site.dir, inputs: all, tempDir: temporaryFolder() },
      signal: { after, send: 'SIGKILL' },
    })
  }

  /** What users and the action set of an asset. */
  const asset = (path: string): Record<string, unknown> => {
    const { updatable } = imgix.assets.get(path) ?? {}
    if (updatable === undefined) throw new Error(`the Source has no ${path}`)
    return updatable
  }
  const asked = (): string[] => imgix.transcript.map((line) => line.replace(/[0-9a-f]{8}(-[0-9a-f]{4,12}){4}/, 'ID'))
  const stored = (): string[] => [...imgix.objects.keys()].sort()
  const purges = (): string[] => imgix.purges.map((purge) => purge.url).sort()
  const hashOf = (path: string): string =>
    createHash('sha256')
      .update(readFileSync(join(site.dir, path)))
      .digest('hex')
  /** What is stored, less what is not as it is in the work tree: `torn a.png`. */
  const intact = (): string[] =>
    stored().map((path) => (imgix.objects.get(path)?.sha256 === hashOf(path) ? path : `torn ${path}`))
  return { imgix, site, run, push, kill, asset, asked, stored, intact, purges }
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'imgix-sync-scenario-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function act(options: RunOptions, imgix: Emulator): Promise<Run> {
  const run = await runAction({ tempDir: temporaryFolder(), shortWaits: runsAreShort(), ...options })
  expectNoSecret(run, imgix)
  if (run.signal === 'SIGKILL') return { ...run, errors: [], results: [] }
  expect(Object.keys(run.outputs).sort()).toEqual(outputNames.sort())
  expect(findMistakes('report', run.report)).toEqual([])
  expect(commandsOf(run.stdout).filter((name) => !ownCommands.has(name))).toEqual([])
  const errors = run.annotations.filter(({ level }) => level === 'error').map(({ message }) => message)
  expect(repeated(run)).toEqual([])
  expect(run.stdout.match(/^\s*(::error|##\[error)/gm) ?? []).toHaveLength(errors.length)
  return { ...run, errors, results: resultsOf(run.report) }
}

/** @returns messages that come twice: as two annotations, or as an annotation and as a line */
function repeated({ annotations, log }: ActionRun): string[] {
  const messages = annotations.map(({ level, message, properties }) => `${level} ${properties.file ?? ''} ${message}`)
  const lines = new Set(log.split('\n'))
  const twice = messages.filter((message, at) => messages.indexOf(message) !== at)
  return [...twice, ...annotations.map(({ message }) => message).filter((message) => lines.has(message))]
}

export const ownCommands = new Set(['add-mask', 'debug', 'endgroup', 'error', 'group', 'notice', 'warning'])
const outputNames = [
  ...['base', 'base-strategy', 'failed', 'failed-count', 'head'],
  ...['purged', 'purged-count', 'report'],
  ...['planned', 'planned-count', 'skipped', 'skipped-count', 'stale', 'summary', 'uploaded', 'uploaded-count'],
]

export function commandsOf(stdout: string): string[] {
  return [...stdout.matchAll(/^\s*(?:::([\w-]+)[^\n]*::|##\[([\w-]+))/gm)].map(([, name, old]) => name ?? `##[${old}`)
}

/** What the runner would have hidden counts as shown: a log may be read elsewhere. */
function expectNoSecret(run: ActionRun, imgix: Emulator): void {
  const sessions = [...imgix.sessions.values()]
  const signatures = sessions.map((session) => /X-Amz-Signature=[0-9a-f]+/.exec(session.url)?.[0] ?? session.url)
  const shown = [run.stdout.replace(/^::add-mask::.*$/gm, ''), run.stderr, run.summary, JSON.stringify(run.outputs)]
  const text = [...shown, JSON.stringify(run.report)].join('\n')
  const secrets = [imgix.apiKey, imgix.secureUrlToken ?? imgix.apiKey, accountTag, ...signatures]
  expect(secrets.flatMap(spellingsOf).filter((spelling) => text.includes(spelling))).toEqual([])
  expect(run.stderr).toBe('')
}

function resultsOf(report: ActionRun['report']): string[] {
  const { files, urls } = report as { files: Record<string, string>[]; urls: Record<string, string>[] }
  return [...files, ...urls]
    .map((item) => `${item.result} ${item.path !== undefined && !item.url ? item.path : item.url}`)
    .sort()
}
