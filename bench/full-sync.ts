import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ActionRun, runAction } from '../emulator/runner.ts'
import { createHasher } from '../src/plan/listing.ts'
import { type Figure, folder, inputsFor, median, megabytes, ms, ratio, seconds, succeed, withSite } from './measure.ts'

/** The time of a second full sync of 10,000 unchanged files at ten times the documented pace, over the time that the pace
 *  allows. */
export async function fullSync(): Promise<Figure> {
  const { took, maxRssKb, violations } = await syncAgain(10_000, 40)
  const bound = 10_000 / 100 / 40 // pages of 100 assets
  return {
    what: 'second full sync of 10,000 unchanged files over the rate limit',
    value: ratio(took, bound),
    aim: 'at most 1.5, of which start-up is a part',
    detail: `${took.toFixed(2)} s over ${bound.toFixed(2)} s, ${megabytes(maxRssKb)}, ${violations} requests over the limit`,
  }
}

export async function largeFullSync(): Promise<Figure> {
  const { took, maxRssKb } = await syncAgain(50_000, 200)
  return {
    what: 'peak memory of a second full sync of 50,000 unchanged files',
    value: megabytes(maxRssKb),
    aim: 'at most 350 MB',
    detail: `${took.toFixed(2)} s at fifty times the documented pace`,
  }
}

/**
 * The pace of a first full sync of 1,000 files at ten times the documented limits, over what the limits allow. Each file
 * takes a direct upload and its record, or the two requests of a session and its record: 2 direct uploads and 2/3 of a
 * session a second at the documented limits.
 */
export async function pacedFullSync(): Promise<Figure> {
  const [files, times] = [1000, 10]
  const fast = (count: number): { count: number; perMs: number } => ({ count: count * times, perMs: 1000 })
  const rateLimits = { upload: fast(2), purge: fast(10), get: fast(10), default: fast(4) }
  return withSite({ rateLimits, latencyMs: 30 }, async (site, imgix) => {
    site.write(
      Object.fromEntries(Array.from({ length: files }, (_, index) => [`public/${index}.png`, `file ${index}`])),
    )
    const limits = Object.entries(rateLimits).map(([name, { count }]) => `${name}=${count}/s`)
    const inputs = { ...inputsFor(imgix), mode: 'all', 'rate-limits': limits.join(', ') }
    succeed(await runAction({ workspace: site.dir, inputs, in: 'process' }))
    const sent = imgix.requests.map(({ at }) => at)
    const took = (Math.max(...sent) - Math.min(...sent)) / 1000
    const bound = (2 + 2 / 3) * times
    return {
      what: 'pace of a first full sync of 1,000 files over the rate limits',
      value: ratio(files / took, bound),
      aim: 'at least 0.9',
      detail: `${(files / took).toFixed(1)} over ${bound.toFixed(1)} files a second, ${imgix.violations} requests over the limit`,
    }
  })
}

/** The memory of a full sync into an empty Source, with limits that the loopback never reaches. */
export async function firstFullSync(): Promise<Figure> {
  const files = 50_000
  return withSite({ keepBodies: false, rateLimits: NO_LIMITS }, async (site, imgix) => {
    const paths = Array.from({ length: files }, (_, index) => `public/${index % 100}/image ${index}.png`)
    site.write(Object.fromEntries(paths.map((path, index) => [path, `file ${index}`])))
    const inputs = { ...inputsFor(imgix), mode: 'all', 'rate-limits': 'upload=10000/s, purge=10000/s, default=10000/s' }
    let run: ActionRun | undefined
    const took = await seconds(async () => {
      run = await runAction({ workspace: site.dir, inputs, watchMemory: true })
    })
    if (run === undefined || run.code !== 0 || run.outputs['uploaded-count'] !== String(files))
      throw new Error(`not all uploaded:\n${run?.log.slice(-2000)}`)
    return {
      what: 'peak memory of a first full sync of 50,000 files',
      value: megabytes(run.maxRssKb),
      aim: 'at most 350 MB',
      detail: `${Math.round(files / took)} files a second, without rate limits`,
    }
  })
}

const FAST = { count: 10_000, perMs: 1000 }
const NO_LIMITS = { upload: FAST, purge: FAST, default: FAST }

/** A full sync of one folder, with as many files beside it as in a large node_modules, and without them. */
export async function filesBeside(): Promise<Figure> {
  const beside = 200_000
  const inputs = { mode: 'all', files: 'public/**', 'dry-run': 'true' }
  return withSite({}, async (bare) =>
    withSite({}, async (full) => {
      for (const site of [bare, full]) {
        site.write(Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`public/${index}.png`, `${index}`])))
        site.commit()
      }
      for (let index = 0; index < beside; index += 1) {
        const folder = join(full.dir, `node_modules/${index % 500}`)
        if (index < 500) mkdirSync(folder, { recursive: true })
        writeFileSync(join(folder, `${index}.js`), '')
      }
      const times = { bare: [] as number[], full: [] as number[] }
      for (let round = 0; round < 11; round += 1) {
        for (const [name, site] of Object.entries({ bare, full })) {
          const run = async (): Promise<void> => succeed(await runAction({ workspace: site.dir, inputs }))
          times[name as keyof typeof times].push(await seconds(run))
        }
      }
      return {
        what: `full sync of 1,000 files beside ${beside} others over the same without them`,
        value: ratio(median(times.full), median(times.bare)),
        aim: 'at most 1.2',
        detail: `${ms(median(times.full))} over ${ms(median(times.bare))}, a dry run`,
      }
    }),
  )
}

/** A full sync of files that are all at the Source, and recorded. */
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
      run = await runAction({ workspace: site.dir, inputs, watchMemory: true })
    })
    if (run === undefined || run.code !== 0 || run.outputs['skipped-count'] !== String(files))
      throw new Error(`not unchanged:\n${run?.log.slice(-2000)}`)
    return { took, maxRssKb: run.maxRssKb, violations: imgix.violations }
  })
}

/** The time to hash files of 10 MB by our hasher and by sha256sum in turn. */
export async function hashing(): Promise<Figure> {
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
  for (const absolutePath of paths) hasher.add({ absolutePath }, (sha256) => found.add(sha256))
  await hasher.idle()
  if (found.size !== paths.length) throw new Error('not every file was hashed')
}
