// `npm run demo`: one push of a temporary repository, run as the runner runs it, against the embedded imgix and its
// rendering host.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { RENDERING_CERTIFICATE, startRendering } from '../emulator/rendering.ts'
import { createRepository } from '../emulator/repository.ts'
import { runAction } from '../emulator/runner.ts'
import { startEmulator } from '../emulator/server.ts'
import { writePage } from './page.ts'

const asset = (name: string): Buffer => readFileSync(new URL(`assets/${name}`, import.meta.url))
const show = (title: string, text: string): void => console.log(`\n===== ${title} =====\n${text}`)

const DELIBERATE = `One fault is deliberate: the first purge of images/harbour.png is lost, as can happen in a busy CDN.
So the verification finds the old picture, waits 10 seconds, purges once more, and ends with the new one.
The deleted files are gone from the bucket, too: imgix's API can't delete them, and would go on serving them.`

const imgix = await startEmulator()
const rendering = await startRendering(imgix, {
  purge: (url, nth) => (url.endsWith('/harbour.png') && nth === 1 ? 'lost' : undefined),
})
const site = createRepository()
try {
  site.write({
    'public/images/harbour.png': asset('../earlier/harbour.png'),
    'public/old name.pdf': asset('guide.pdf'),
    'public/retired.svg': asset('logo.svg'),
    'public/index.html': '<h1>Harbour</h1>',
  })
  const before = site.commit('The site as it was')
  for (const path of ['images/harbour.png', 'old name.pdf', 'retired.svg']) imgix.put(path, 'as uploaded last week')
  site.write({
    'public/images/harbour.png': asset('harbour.png'),
    'public/images/log#o & mark.svg': asset('logo.svg'),
    'public/old name.pdf': null,
    'public/guide.pdf': asset('guide.pdf'),
    'public/retired.svg': null,
    'public/tour.mp4': randomBytes(31_000_000),
    'public/index.html': '<h1>Harbour, renewed</h1>',
  })
  for (const path of ['old name.pdf', 'retired.svg']) imgix.objects.delete(path)
  const after = site.commit('New pictures')

  const run = await runAction({
    workspace: site.clone({ depth: 1 }).dir,
    inputs: {
      'api-key': imgix.apiKey,
      'source-id': imgix.sourceId,
      'api-url': imgix.apiUrl,
      root: 'public',
      verify: 'warn',
      'verify-timeout': '20',
    },
    env: { HTTPS_PROXY: rendering.proxyUrl, NODE_EXTRA_CA_CERTS: RENDERING_CERTIFICATE },
    event: site.pushEvent(before, after),
  })
  show('what to know', DELIBERATE)
  show('log', run.log)
  show(
    'outputs',
    Object.entries(run.outputs)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
  )
  show('job summary', run.summary)
  show('requests to the embedded imgix', imgix.transcript.join('\n'))
  show('requests to its rendering host', rendering.transcript.join('\n'))
  const picture = (sha: string, path: string): Buffer =>
    execFileSync('git', ['-C', site.dir, 'cat-file', 'blob', `${sha}:${path}`])
  show('job summary as a page', writePage(run.summary, picture))
  show('exit code', String(run.code))
  process.exitCode = run.code ?? 1
} finally {
  site.remove()
  await rendering.stop()
  await imgix.stop()
}
