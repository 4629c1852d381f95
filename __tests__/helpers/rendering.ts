import { expect, onTestFinished } from 'vitest'
import {
  RENDERING_CERTIFICATE,
  type Rendering,
  type RenderingOptions,
  startRendering,
} from '../../emulator/rendering.ts'
import { type Run, scenario } from './scenario.ts'

type Options = Parameters<typeof scenario>[0] & { rendering?: RenderingOptions }
export type Verified = Run & {
  /** By what follows the host: `fresh`, or `stale: why`. */
  verdicts: Record<string, string>
  /** Messages of the warnings, in order. */
  warnings: string[]
}

/** A scenario with what serves its files; its runs look once. */
export async function renderingScenario({ rendering: options, ...more }: Options = {}) {
  const scene = await scenario(more)
  const rendering: Rendering = await startRendering(scene.imgix, options)
  onTestFinished(rendering.stop)
  const env = { HTTPS_PROXY: rendering.proxyUrl, NODE_EXTRA_CA_CERTS: RENDERING_CERTIFICATE }
  const quick = { verify: 'warn', 'verify-timeout': '1', guards: 'off' }
  const read = (run: Run): Verified => {
    for (const { headers } of rendering.requests) expect(headers.authorization).toBeUndefined()
    const warnings = run.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message)
    return { ...run, verdicts: verdictsOf(run), warnings }
  }
  const run = async (...[inputs, given]: Parameters<typeof scene.run>): Promise<Verified> =>
    read(await scene.run({ ...quick, ...inputs }, { ...given, env: { ...env, ...given?.env } }))
  const push = async (...[files, inputs, given]: Parameters<typeof scene.push>): Promise<Verified> =>
    read(await scene.push(files, { ...quick, ...inputs }, { ...given, env: { ...env, ...given?.env } }))
  return { ...scene, rendering, run, push }
}

function verdictsOf({ report }: Run): Record<string, string> {
  const { urls } = report as { urls: { url: string; verdict?: string; reason?: string }[] }
  const told = urls.flatMap(({ url, verdict, reason }): [string, string][] =>
    verdict === undefined
      ? []
      : [[url.replace('https://assets-demo.imgix.net/', ''), reason === undefined ? verdict : `${verdict}: ${reason}`]],
  )
  return Object.fromEntries(told)
}
