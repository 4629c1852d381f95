import { expect, test } from 'vitest'
import type { Emulator } from '../../emulator/server.ts'
import { emulate } from '../helpers/emulator.ts'
import { recordedEvent } from '../helpers/events.ts'
import { hosted, type Job } from '../helpers/github.ts'
import { randomOf } from '../helpers/random.ts'
import { url } from '../helpers/scenario.ts'

const KILLS = 8
const NAMES = Array.from({ length: 24 }, (_, at) => `img/${at}.png`)
const inputs = { 'session-threshold': '100KB' }

/** Contents of a version; every third file is large enough for a session. */
function contentsOf(version: number, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      `${name}, version ${version}. `.repeat(Number.parseInt(name.slice(4), 10) % 3 ? 1 : 9000),
    ]),
  )
}

/** The last four are deleted, so that a run has files to send and files to purge. */
function firstEdit(): Record<string, string | null> {
  const gone = NAMES.slice(-4).map((name) => [name, null])
  return { ...contentsOf(2, NAMES.slice(0, -4)), ...Object.fromEntries(gone) }
}

/** A site whose files are all published, and a push that changes them. */
async function startSite() {
  const place = await hosted({ imgix: { latencyMs: 4 }, files: contentsOf(1, NAMES) })
  const first = await place.job(recordedEvent('push-first-of-repository', { after: place.site.head() }), { inputs })
  expect([first.code, first.outputs['uploaded-count']]).toEqual([0, '24'])
  return { ...place, event: place.push(firstEdit()) }
}

/** When a run was so far: so much was printed, or so many requests had come. */
type Moment = { printed: number } | { requests: number }

/** Every moment of a run that nobody disturbs, in order. */
async function momentsOfRun(): Promise<Moment[]> {
  const { job, event, imgix } = await startSite()
  const moments: Moment[] = []
  let printed = 0
  let requests = 0
  const meanwhile = (): void => {
    requests += 1
    moments.push({ requests })
  }
  imgix.fault({ on: {}, times: Number.POSITIVE_INFINITY, do: { meanwhile } })
  const onStdout = (chunk: string): void => {
    printed += chunk.length
    moments.push({ printed })
  }
  expect((await job(event, { inputs, onStdout })).code).toBe(0)
  return moments
}

/** What ends a run at a moment, or within 5 ms of it. */
function killAt(moment: Moment, imgix: Emulator, delayMs: number): Job {
  const kill = new AbortController()
  if ('requests' in moment) {
    const meanwhile = (): void => void setTimeout(() => kill.abort(), delayMs)
    imgix.fault({ on: {}, after: moment.requests - 1, do: { meanwhile } })
    return { inputs, signal: { on: kill.signal, send: 'SIGKILL' } }
  }
  return { inputs, signal: { after: (stdout) => stdout.length >= moment.printed, send: 'SIGKILL' } }
}

async function play(seed: number): Promise<number> {
  const { next, chance, pick, count } = randomOf(seed)
  const moments = await momentsOfRun()
  const { imgix, github, run, job, push, event: firstPush } = await startSite()
  const story: unknown[] = [seed]
  const purgesBefore = imgix.purges.length
  const some = (most: number): string[] => Array.from({ length: count(most) }, () => pick(NAMES))
  const randomEdit = (round: number): Record<string, string | null> => ({
    ...contentsOf(3 + round, some(5)),
    ...Object.fromEntries(some(2).map((name) => [name, null])),
    ...(chance(0.5) ? contentsOf(pick([1, 2]), some(2)) : {}),
  })
  let event = firstPush
  let kills = 0
  for (let round = 0; round < KILLS; round += 1) {
    const moment = moments[Math.floor(((round + next()) / KILLS) * moments.length)] as Moment
    const ended = await job(event, killAt(moment, imgix, next() * 5))
    story.push(moment, ended.signal)
    kills += ended.signal === 'SIGKILL' ? 1 : 0
    const [listed] = github.runs.slice(-1)
    if (listed !== undefined && ended.code !== 0) listed.conclusion = pick(['failure', 'cancelled', 'timed_out'])
    if (ended.code !== 0 && chance(0.5)) continue // the same run again
    event = push({ ...randomEdit(round), [`img/new-${round}.png`]: `new ${round}` })
  }

  const sessionsBefore = imgix.sessions.size
  const last = await job(event, { inputs })
  expect([story, last.code, last.errors]).toEqual([story, 0, []])
  const fresh = await emulate({ source: { id: 'SRC' } })
  expect((await run({ ...inputs, 'api-url': fresh.apiUrl })).code).toBe(0)

  const paths = [...fresh.objects.keys()].sort()
  const shasAt = (at: Emulator): unknown[] => paths.map((path) => [path, at.objects.get(path)?.sha256])
  expect([story, shasAt(imgix)]).toEqual([story, shasAt(fresh)])
  const purges = imgix.purges.slice(purgesBefore)
  const stale = [...imgix.objects].filter(
    ([path, { storedAt }]) => !purges.some((purge) => purge.url === url(path) && purge.sequence > storedAt),
  )
  expect([story, stale.map(([path]) => path)]).toEqual([story, []])
  // what a killed run left open closes itself after 8 hours: every path has its final bytes by then, as compared above
  const left = [...imgix.sessions.values()].slice(sessionsBefore).filter(({ status }) => status !== 'CLOSED')
  expect([story, left]).toEqual([story, []])
  return kills
}

test.each([1, 2])('killed at any moment, again and again: the next run repairs it, seed %i', async (seed) => {
  expect(await play(seed)).toBeGreaterThanOrEqual(KILLS - 2)
})
