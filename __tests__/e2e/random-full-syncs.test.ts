import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Fault } from '../../emulator/server.ts'
import { recordOf } from '../helpers/full-sync.ts'
import { randomOf } from '../helpers/random.ts'
import { scenario } from '../helpers/scenario.ts'
import { runsWaitShortly } from '../helpers/short-waits.ts'

runsWaitShortly()

const ROUNDS = 4
const NAMES = ['a.png', 'deep/b+ é.png', 'c.svg']
// few and of few sizes, so that a file comes back to what it was, and an edit keeps its size
const CONTENTS = ['aa', 'bb', 'cc', 'ddd']
const LOST_ANSWER = { loseAnswer: true } as const
const REFUSED = { answer: { status: 400 } } as const
const BROKEN = { answer: { status: 500, headers: { 'retry-after': '0' } } } as const

type Fields = Record<string, unknown>

/** Plays edits, changes from outside that a listing can show, pushes, and full syncs, of which some end early; the last full
 *  sync does not. */
async function play(seed: number) {
  const { chance, pick, count } = randomOf(seed)
  const { imgix, site, run, kill, asset } = await scenario({
    ...{ files: { 'dist/keep.png': 'k' }, inputs: { mode: 'all', root: 'dist' } },
    imgix: { listLimit: 3, latencyMs: 1 },
  })
  const folder = new Map([['keep.png', 'k']])
  const theirs = new Map<string, Fields>()
  const story: string[] = []

  function edit(path = pick(NAMES), content: string | null = chance(0.75) ? pick(CONTENTS) : null): void {
    story.push(`${path}: ${content}`)
    site.write({ [`dist/${path}`]: content })
    if (content === null) folder.delete(path)
    else folder.set(path, content)
  }

  /** Somebody else uploads: bytes whose size is not that of those on record, or there is no record of any. */
  function replace(): void {
    const path = pick(NAMES)
    const record = (imgix.assets.get(path)?.updatable.custom_fields as Fields | null)?.['imgix-sync']
    const recorded = CONTENTS.find((content) => recordOf(content) === record)
    const content = pick(CONTENTS.filter(({ length }) => length !== recorded?.length))
    story.push(`Source ${path}: ${content}`)
    imgix.put(path, content)
  }

  function touch(change: 'lose' | 'forget' | 'write'): void {
    const paths = [...imgix.assets.keys()]
    if (paths.length === 0) return
    const path = pick(paths)
    story.push(`Source ${change} ${path}`)
    const { 'imgix-sync': record, ...others } = (asset(path).custom_fields ?? {}) as Fields
    if (change === 'lose') {
      for (const map of [imgix.objects, imgix.assets, theirs]) map.delete(path)
    } else if (change === 'forget') Object.assign(asset(path), { custom_fields: chance(0.5) ? others : null })
    else {
      const added = { ...others, [pick(['SKU', 'Dog name'])]: pick(['1', 2, true, null, ['x'], { y: 1 }]) }
      const fields = record === undefined ? added : { ...added, 'imgix-sync': record }
      Object.assign(asset(path), { custom_fields: fields, categories: [pick(['x', 'y'])] })
    }
    if (change !== 'lose') theirs.set(path, theirsIn(path))
  }

  const theirsIn = (path: string): Fields => {
    const { 'imgix-sync': _record, ...fields } = (asset(path).custom_fields ?? {}) as Fields
    return { ...asset(path), custom_fields: fields }
  }

  /** What a green run promises. */
  function expectSame({ errors }: { errors: string[] }): void {
    const stored = [...folder.keys()].map((path): [string, string] => [path, String(imgix.objects.get(path)?.body)])
    const kept = [...theirs.keys()].map((path): [string, Fields] => [path, theirsIn(path)])
    expect([seed, story, errors, new Map(stored)]).toEqual([seed, story, [], folder])
    expect([seed, story, new Map(kept)]).toEqual([seed, story, theirs])
  }

  async function syncBadly(): Promise<void> {
    const inputs = {
      concurrency: pick(['1', '4']),
      force: pick(['false', 'false', 'true']),
      purge: pick(['true', 'false']),
    }
    const via = { 'upload-via': pick(['direct', 'auto', 'session']), ...inputs, ...(chance(0.5) && pushed()) }
    const kind = pick(['killed', 'killed', 'fault', 'fault', 'none'])
    story.push(`sync ${kind} ${JSON.stringify(via)}`)
    // a push promises nothing of what it does not change
    const expectDone = 'mode' in via ? () => {} : expectSame
    if (kind === 'none') return expectDone(await run(via))
    if (kind === 'killed') {
      const end = imgix.requests.length + count(12)
      await kill(() => imgix.requests.length >= end, via)
      return sleep(30) // what is on its way still arrives
    }
    const fault: Fault = {
      on: { method: pick(['GET', 'POST', 'PUT', 'PATCH', 'PATCH', 'PATCH']) },
      ...{ after: count(3) - 1, times: count(3), do: pick([LOST_ANSWER, REFUSED, BROKEN]) },
    }
    imgix.fault(fault)
    const done = await run({ ...via, 'max-attempts': fault.do === BROKEN ? '3' : '1' })
    fault.times = -Infinity // it is over
    if (done.code === 0) expectDone(done)
  }

  /** Commits what is there: the inputs of a push of it. */
  function pushed(): Record<string, string> {
    const base = site.head()
    site.commit()
    return { mode: 'changed', base }
  }

  /** A revert of a commit, after a sync that may have ended early. */
  function takeBack(before: ReadonlyMap<string, string>): void {
    for (const [path, content] of before) if (folder.get(path) !== content) edit(path, content)
  }

  let before = new Map(folder)
  for (let round = 0; round < ROUNDS; round += 1) {
    if (chance(0.6)) takeBack(before)
    before = new Map(folder)
    for (let left = count(4); left > 0; left -= 1) {
      if (chance(0.7)) edit()
      else if (chance(0.4)) replace()
      else touch(pick(['lose', 'forget', 'write']))
    }
    await syncBadly()
  }
  if (chance(0.7)) takeBack(before)
  const last = await run({ 'max-attempts': '4' })
  expectSame(last)
  const again = await run({ 'dry-run': 'true' })
  expect([seed, story, again.report?.files]).toEqual([
    ...[seed, story],
    [...folder.keys()].sort().map((path) => expect.objectContaining({ path: `dist/${path}`, result: 'skipped' })),
  ])
}

const SEEDS = Number(process.env.SEEDS ?? 4)
test.each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
  'whatever happened, after a full sync the Source has the folder, and all that others set, story %i',
  (seed) => play(seed),
)
