// `npm run bench`: a figure is a ratio of two times measured in one run, so that it also holds on a slow machine.
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type ActionRun, runAction } from '../emulator/runner.ts'
import { createClient } from '../src/imgix/client.ts'
import { DOCUMENTED_LIMITS } from '../src/imgix/pace.ts'
import { filesBeside, firstFullSync, fullSync, hashing, largeFullSync, pacedFullSync } from './full-sync.ts'
import {
  type Figure,
  folder,
  inputsFor,
  median,
  megabytes,
  ratio,
  seconds,
  sparseFile,
  succeed,
  withSite,
} from './measure.ts'
import { startUp, startUpWithToken } from './start-up.ts'

const figures: Figure[] = []
try {
  const measures = [
    startUp,
    startUpWithToken,
    makespan,
    bothRoutes,
    peakMemory,
    largeRepository,
    fullSync,
    largeFullSync,
    firstFullSync,
    pacedFullSync,
    filesBeside,
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

/** The time of 200 small files at ten times the documented pace and 30 ms latency, over the time that the pace allows. */
async function makespan(): Promise<Figure> {
  const { took, bound, detail } = await upload200(10, { 'upload-via': 'direct' })
  return {
    what: 'makespan of 200 files over the rate limit',
    value: ratio(took, bound.direct),
    aim: 'at most 1.05',
    detail: `${took.toFixed(2)} s over ${bound.direct.toFixed(2)} s, ${detail}`,
  }
}

/** The time of 200 small files by both routes at four times the documented pace, over the time of direct upload alone. */
async function bothRoutes(): Promise<Figure> {
  const { took, bound, detail } = await upload200(4, {})
  return {
    what: 'makespan of 200 files by both routes over that of direct upload',
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
    const run = await runAction({ workspace: site.dir, inputs: inputsFor(imgix), event, watchMemory: true })
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

/** The time of a push that changes 20 of 50,000 files. */
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
      run = await runAction({ workspace, inputs: { ...inputsFor(imgix), 'dry-run': 'true' }, event, watchMemory: true })
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

/** One large PUT by our client and by curl in turn, to one server in its own process. */
async function putThroughput(): Promise<Figure> {
  const bytes = 2_000_000_000
  const file = join(folder, 'large.mp4')
  sparseFile(file, bytes)
  const sink = fork(new URL('sink.ts', import.meta.url))
  const [port] = (await once(sink, 'message')) as [number]
  const url = `http://127.0.0.1:${port}/large.mp4`
  const client = createClient({
    apiUrl: url,
    apiKey: '',
    rateLimits: DOCUMENTED_LIMITS,
    maxAttempts: 1,
    timeoutMs: 60_000,
    userAgent: '',
    hide: () => {},
    onLongWait: () => {},
    proxyFor: () => undefined,
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
