import { expect, test } from 'vitest'
import { faultKinds } from '../../emulator/fault-kinds.ts'
import type { Fault } from '../../emulator/server.ts'
import { randomOf } from '../helpers/random.ts'
import { type Run, scenario, url } from '../helpers/scenario.ts'
import { runsWaitShortly } from '../helpers/short-waits.ts'

runsWaitShortly()

const SHARE = 0.2
const FILES = { 'a.png': 'new', 'deep/b c+é.png': 'another', 'c.svg': '<svg/>', 'long.png': 'more than ten bytes' }
const GONE = 'gone.png'

const urlOf = (path: string): string => url(path.split('/').map(encodeURIComponent).join('/'))

/** Runs the action over a push while requests go wrong at random, and once more while none does. */
async function play(seed: number) {
  const { pick } = randomOf(seed)
  const { imgix, site, run } = await scenario({ files: { 'a.png': 'old', [GONE]: 'old' } })
  for (const path of ['a.png', GONE]) imgix.put(path, 'old')
  const base = site.head()
  site.write({ ...FILES, [GONE]: null })
  site.commit()
  const mode = pick([{ base }, { base, 'upload-via': 'session' }, { mode: 'all' }, { mode: 'all', force: 'true' }])
  const inputs = { 'session-threshold': '10B', concurrency: pick(['1', '4']), ...mode }
  const story = [seed, inputs]
  const paths = Object.keys(FILES).sort()

  const tooEarly: string[] = []
  imgix.onPurge((purged) => {
    const path = paths.find((each) => urlOf(each) === purged)
    if (path !== undefined && !isStored(path)) tooEarly.push(path)
  })
  const fault: Fault = { on: {}, chance: { share: SHARE, seed }, do: Object.values(faultKinds) }
  imgix.fault(fault)
  const faulty = await run({ ...inputs, 'max-attempts': '3', timeout: '2' })
  expect([...story, faulty.code, problemsOf(faulty)]).toEqual([...story, expect.toBeOneOf([0, 1]), []])

  fault.chance = { share: 0, seed }
  const sound = await run(inputs)
  expect([...story, sound.code, sound.errors, problemsOf(sound)]).toEqual([...story, 0, [], []])
  expect([...story, paths.filter((path) => !isStored(path))]).toEqual([...story, []])
  const stale = paths.filter((path) => !purgesOf(path).some(({ sequence }) => sequence > storedAt(path)))
  expect([...story, stale]).toEqual([...story, []])
  if ('base' in mode) expect(purgesOf(GONE).length).toBeGreaterThan(0)

  function isStored(path: string): boolean {
    return String(imgix.objects.get(path)?.body) === FILES[path as keyof typeof FILES]
  }

  function storedAt(path: string): number {
    return imgix.objects.get(path)?.storedAt ?? Infinity
  }

  function purgesOf(path: string) {
    return imgix.purges.filter((purge) => purge.url === urlOf(path))
  }

  /** What a run said that is not so, and what it did too early. */
  function problemsOf({ code, errors, report }: Run): string[] {
    const { files, urls } = report as Record<'files' | 'urls', { path: string; url?: string; result: string }[]>
    const all = [...files, ...urls]
    return [
      ...(code === 0 && all.some(({ result }) => result === 'failed') ? ['a failure, and success'] : []),
      ...((code === 0) === (errors.length === 0) ? [] : [`code ${code} with ${errors.length} errors`]),
      ...files.filter(({ path, result }) => result === 'uploaded' && !isStored(path)).map(({ path }) => `no ${path}`),
      ...urls
        .filter((item) => item.result === 'purged' && !imgix.purges.some((purge) => purge.url === item.url))
        .map((item) => `no purge of ${item.url}`),
      ...tooEarly.splice(0).map((early) => `purged before it was stored: ${early}`),
    ]
  }
}

// SEEDS=300 FIRST_SEED=1001 npx vitest run random-faults
const { SEEDS = '5', FIRST_SEED = '1' } = process.env
test.each(Array.from({ length: Number(SEEDS) }, (_, index) => index + Number(FIRST_SEED)))(
  'whatever goes wrong, a run says what it did, and the next one ends in the right state, seed %i',
  (seed) => play(seed),
)
