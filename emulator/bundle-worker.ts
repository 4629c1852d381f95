// Runs bundles in a thread, one run after the other. A bundle is loaded once: its first run is its loading, and each
// further run calls the `run` that it exports. Started by runner.ts.
import { readFileSync } from 'node:fs'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { parentPort } from 'node:worker_threads'
import { shortenWaits } from './short-waits.ts'

export type Order = { bundle: string; env: Record<string, string>; shortWaits: boolean }
export type Happening = { stdout: string } | { stderr: string } | { code: number }

type Bundle = { run(): Promise<void> }

const loaded = new Map<string, Bundle>()
const tell = (happening: Happening): void => parentPort?.postMessage(happening)
const textOf = (chunk: string | Uint8Array): string =>
  typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')

process.stdout.write = (chunk: string | Uint8Array) => {
  tell({ stdout: textOf(chunk) })
  return true
}
process.stderr.write = (chunk: string | Uint8Array) => {
  tell({ stderr: textOf(chunk) })
  return true
}

const bundled = getCACertificates('bundled')
let trusted: string | undefined

/** Does what Node does at its start with NODE_EXTRA_CA_CERTS. */
function trust(file: string | undefined): void {
  if (file === trusted) return
  setDefaultCACertificates(file === undefined ? bundled : [...bundled, readFileSync(file, 'utf8')])
  trusted = file
}

parentPort?.on('message', async ({ bundle, env, shortWaits }: Order) => {
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, env)
  trust(env.NODE_EXTRA_CA_CERTS)
  process.exitCode = undefined
  const restore = shortWaits ? shortenWaits() : () => {}
  const known = loaded.get(bundle)
  if (known !== undefined) await known.run()
  else loaded.set(bundle, (await import(bundle)) as Bundle)
  restore()
  tell({ code: Number(process.exitCode ?? 0) })
})
