// `npm run bench`: each figure is a ratio measured in one run, so that it holds on a slow machine too.
import { execFileSync, fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, ftruncateSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRepository, type Repository } from '../emulator/repository.ts'
import { type ActionRun, runAction } from '../emulator/runner.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/server.ts'
import { createClient } from '../src/imgix/client.ts'
import { DOCUMENTED_LIMITS } from '../src/imgix/pace.ts'
import { createHasher } from '../src/inventory.ts'

type Figure = { what: string; value: string; aim: string; detail: string }

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'imgix-sync-bench-')))
const figures: Figure[] = []
try {
  const measures = [
    startUp,
    makespan,
    bothLanes,
    peakMemory,
    largeRepository,
    fullSync,
    largeFullSync,
    hashing,
    putThroughput,
  ]
  const asked = process.argv.slice(2) // `npm run bench -- startUp` measures that one
  for (const measure of measures.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
    const figure = await measure()
    figures.push(figure)
    console.log(`${figure.what}: ${figure.value} (aim: ${figure.aim}; ${figure.detail})`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** A push that changes no asset, over a Node that does nothing. */
async function startUp(): Promise<Figure> {
  const empty = join(folder, 'empty.js')
  writeFileSync(empty, '')
  return withSite({}, async (site, imgix) => {
    site.write({ 'public/index.html': 'one' })
    const before = site.commit()
    site.write({ 'public/index.html': 'two' })
    const event = site.pushEvent(before, site.commit())
    const ours: number[] = []
    const bare: number[] = []
    for (let round = 0; round < 11; round += 1) {
      bare.push(await seconds(() => runAction({ workspace: site.dir, inputs: {}, bundle: empty })))
      ours.push(await seconds(() => runAction({ workspace: site.dir, inputs: inputsFor(imgix), event })))
    }
    if (imgix.requests.length > 0) throw new Error('a push without assets made requests')
    const detail = `${ms(median(ours))} over ${ms(median(bare))}, no request`
    return { what: 'start-up over bare Node', value: ratio(median(ours), median(bare)), aim: 'at most 3', detail }
  })
}

/** 200 small files at ten times the documented pace and a tenth of 300 ms latency, over what that pace allows. */
async function makespan(): Promise<Figure> {
  const { took, bound, detail } = await upload200(10, { 'upload-via': 'direct' })
  return {
    what: 'makespan of 200 files over the rate limit',
    value: ratio(took, bound.direct),
    aim: 'at most 1.05',
    detail: `${took.toFixed(2)} s over ${bound.direct.toFixed(2)} s, ${detail}`,
  }
}

/** The same at four times the pace, where direct upload alone would take long, over what that alone would take. */
async function bothLanes(): Promise<Figure> {
  const { took, bound, detail } = await upload200(4, {})
  return {
    what: 'makespan of 200 files by both lanes over that of direct upload',
    value: ratio(took, bound.direct),
    aim: 'about 0.5',
    detail: `${took.toFixed(2)} s over ${bound.direct.toFixed(2)} s, ${detail}`,
  }
}

async function upload200(
  times: number,
  more: Record<string, string>,
): Promise<{ took: number; bound: { direct: number }; detail: string }> {
  const fast = (count: number): { count: number; perMs: number } => ({ count: count * times, perMs: 1000 })
  const rateLimits = { upload: fast(2), purge: fast(10), default: fast(4) }
  return withSite({ rateLimits, latencyMs: 300 / times }, async (site, imgix) => {
    const before = site.commit()
    site.write(Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`public/${index}.png`, `file ${index}`])))
    const event = site.pushEvent(before, site.commit())
    const limits = `upload=${2 * times}/s, purge=${10 * times}/s, default=${4 * times}/s`
    const run = await runAction({
      workspace: site.dir,
      inputs: { ...inputsFor(imgix), 'rate-limits': limits, ...more },
      event,
    })
    succeed(run)
    const { files } = run.report as { files: { via: string }[] }
    const sessions = files.filter(({ via }) => via === 'session').length
    const sent = imgix.requests.filter(({ path }) => !path.endsWith('/purge')).map(({ at }) => at)
    const uploads = sent.slice(1) // the first reads the Source
    const took = (Math.max(...uploads) - Math.min(...uploads)) / 1000
    const bound = { direct: 200 / (2 * times) - 1 }
    return { took, bound, detail: `${sessions} by session, ${imgix.violations} requests over the limit` }
  })
}

async function peakMemory(): Promise<Figure> {
  return withSite({ keepBodies: false, hashBodies: false }, async (site, imgix) => {
    const before = site.commit()
    site.write({ 'public/tour.mp4': 'short' })
    const event = site.pushEvent(before, site.commit())
    sparseFile(join(site.dir, 'public/tour.mp4'), 5_000_000_000)
    const run = await runAction({ workspace: site.dir, inputs: inputsFor(imgix), event })
    succeed(run)
    const stored = imgix.objects.get('tour.mp4')?.bytes
    const detail = `${stored} bytes stored through a session`
    return {
      what: 'peak memory for a 5 GB file',
      value: megabytes(run.maxRssKb),
      aim: 'at most 200 MB',
      detail,
    }
  })
}

/** What a push costs that changes 20 of 50,000 files. */
async function largeRepository(): Promise<Figure> {
  const contents = (count: number, content: string): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`public/${index % 100}/image ${index}.png`, `${content} ${index}`]),
    )
  return withSite({}, async (site, imgix) => {
    site.write(contents(50_000, 'one'))
    const before = site.commit()
    site.write(contents(20, 'two'))
    const event = site.pushEvent(before, site.commit())
    const { dir: workspace, remove } = site.clone({ depth: 1 })
    let run: ActionRun | undefined
    const took = await seconds(async () => {
      run = await runAction({ workspace, inputs: { ...inputsFor(imgix), 'dry-run': 'true' }, event })
    })
    remove()
    if (run === undefined || run.code !== 0 || !run.log.includes('20 uploads')) throw new Error(`not 20:\n${run?.log}`)
    return {
      what: '20 changed of 50,000 files, in a dry run on a depth-1 clone',
      value: `${took.toFixed(2)} s, ${megabytes(run.maxRssKb)}`,
      aim: 'at most 3 s and 150 MB',
      detail: 'one fetch of the base, one request to imgix',
    }
  })
}

/** A second full sync of 10,000 files that did not change, at ten times the documented pace, over what that pace allows. */
async function fullSync(): Promise<Figure> {
  const { took, maxRssKb, violations } = await syncAgain(10_000, 40)
  const bound = 10_000 / 100 / 40 // pages of 100 assets
  return {
    what: 'second full sync of 10,000 unchanged files over the rate limit',
    value: ratio(took, bound),
    aim: 'at most 1.5, of which start-up is a part',
    detail: `${took.toFixed(2)} s over ${bound.toFixed(2)} s, ${megabytes(maxRssKb)}, ${violations} requests over the limit`,
  }
}

async function largeFullSync(): Promise<Figure> {
  const { took, maxRssKb } = await syncAgain(50_000, 200)
  return {
    what: 'peak memory of a second full sync of 50,000 unchanged files',
    value: megabytes(maxRssKb),
    aim: 'at most 350 MB',
    detail: `${took.toFixed(2)} s at fifty times the documented pace`,
  }
}

/** What a full sync takes where every file is at the Source, and recorded. */
async function syncAgain(
  files: number,
  perSecond: number,
): Promise<{ took: number; maxRssKb: number | undefined; violations: number }> {
  const limits = { rateLimits: { default: { count: perSecond, perMs: 1000 } } }
  return withSite({ ...limits, keepBodies: false }, async (site, imgix) => {
    const content = (index: number): string => `file ${index} `.repeat(2000)
    const paths = Array.from({ length: files }, (_, index) => `${index % 100}/image ${index}.png`)
    site.write(Object.fromEntries(paths.map((path, index) => [`public/${path}`, content(index)])))
    for (const [index, path] of paths.entries()) {
      imgix.put(path, content(index))
      const sha256 = createHash('sha256').update(content(index)).digest('hex')
      Object.assign(imgix.assets.get(path)?.updatable ?? {}, { custom_fields: { 'imgix-sync': `sha256:${sha256}` } })
    }
    const inputs = { ...inputsFor(imgix), mode: 'all', 'rate-limits': `default=${perSecond}/s` }
    let run: ActionRun | undefined
    const took = await seconds(async () => {
      run = await runAction({ workspace: site.dir, inputs })
    })
    if (run === undefined || run.code !== 0 || run.outputs['skipped-count'] !== String(files))
      throw new Error(`not unchanged:\n${run?.log.slice(-2000)}`)
    return { took, maxRssKb: run.maxRssKb, violations: imgix.violations }
  })
}

/** Files of 10 MB hashed as an inventory does it, and by sha256sum, in turn. */
async function hashing(): Promise<Figure> {
  const count = 100
  const bytes = 10_000_000
  const paths = Array.from({ length: count }, (_, index) => join(folder, `hash ${index}`))
  for (const path of paths) writeFileSync(path, randomBytes(bytes))
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < 5; round += 1) {
    ours.push(await seconds(() => hashFiles(paths)))
    theirs.push(await seconds(async () => execFileSync('sha256sum', ['--', ...paths])))
  }
  const rate = (time: number): string => `${((count * bytes) / time / 1e9).toFixed(2)} GB/s`
  return {
    what: 'hashing throughput over sha256sum',
    value: ratio(median(theirs), median(ours)),
    aim: 'at least 0.8',
    detail: `${rate(median(ours))} over ${rate(median(theirs))}`,
  }
}

async function hashFiles(paths: readonly string[]): Promise<void> {
  const hasher = createHasher(new AbortController().signal)
  const found = new Set<string | undefined>()
  for (const path of paths) hasher.add(path, (sha256) => found.add(sha256))
  await hasher.idle()
  if (found.size !== paths.length) throw new Error('not every file was hashed')
}

/** One large PUT by our client and by curl, in turn, to the same server in a process of its own. */
async function putThroughput(): Promise<Figure> {
  const bytes = 2_000_000_000
  const file = join(folder, 'large.mp4')
  sparseFile(file, bytes)
  const sink = fork(new URL('sink.ts', import.meta.url))
  const [port] = (await once(sink, 'message')) as [number]
  const url = `http://127.0.0.1:${port}/large.mp4`
  const client = createClient({
    ...{ apiUrl: url, apiKey: '', rateLimits: DOCUMENTED_LIMITS, maxAttempts: 1, timeoutMs: 60_000, userAgent: '' },
    ...{ hide: () => {}, onLongWait: () => {}, proxyFor: () => undefined },
  })
  const ours: number[] = []
  const curl: number[] = []
  for (let round = 0; round < 5; round += 1) {
    ours.push(await seconds(() => client.put({ url, file, contentType: 'video/mp4' })))
    curl.push(await seconds(async () => execFileSync('curl', ['-sS', '-o', '/dev/null', '-T', file, url])))
  }
  client.close()
  sink.kill()
  const rate = (time: number): string => `${(bytes / time / 1e9).toFixed(2)} GB/s`
  const detail = `${rate(median(ours))} over ${rate(median(curl))}`
  return {
    what: 'throughput of a large PUT over curl',
    value: ratio(median(curl), median(ours)),
    aim: 'at least 0.9',
    detail,
  }
}

async function withSite<T>(
  options: EmulatorOptions,
  use: (site: Repository, imgix: Emulator) => Promise<T>,
): Promise<T> {
  const site = createRepository()
  const imgix = await startEmulator(options)
  try {
    return await use(site, imgix)
  } finally {
    site.remove()
    await imgix.stop()
  }
}

function inputsFor(imgix: Emulator): Record<string, string> {
  return { 'api-key': imgix.apiKey, 'source-id': imgix.sourceId, 'api-url': imgix.apiUrl, root: 'public' }
}

function succeed(run: ActionRun): void {
  if (run.code !== 0) throw new Error(`the run failed:\n${run.log}${run.stderr}`)
}

function sparseFile(path: string, bytes: number): void {
  const file = openSync(path, 'w')
  ftruncateSync(file, bytes)
  closeSync(file)
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function ratio(a: number, b: number): string {
  return (a / b).toFixed(2)
}

function megabytes(kilobytes = 0): string {
  return `${Math.round(kilobytes / 1024)} MB`
}

function ms(time: number): string {
  return `${Math.round(time * 1000)} ms`
}
