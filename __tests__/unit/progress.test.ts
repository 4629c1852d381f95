import { expect, onTestFinished, test, vi } from 'vitest'
import type { PurgeStep, Step, UploadStep } from '../../src/events.ts'
import { DOCUMENTED_LIMITS } from '../../src/imgix/pace.ts'
import { forecastSeconds } from '../../src/plan/forecast.ts'
import { createProgress, trackPlan } from '../../src/report/progress.ts'
import { filePlan, planWith, purgeStep, uploadStep } from '../helpers/plan.ts'

type Track = ReturnType<typeof trackPlan>
const forecast = (steps: readonly Step[]): number => forecastSeconds(steps, DOCUMENTED_LIMITS)

/** A progress over time that only passes when the test says so. */
function progressOf(uploads: UploadStep[], purges: PurgeStep[] = []) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const plan = planWith({
    files: uploads.map((step) => filePlan(step)),
    purges,
  })
  return { progress: trackPlan(plan, forecast), pass: (ms: number) => void vi.advanceTimersByTime(ms) }
}

const steps = (count: number, bytes: number, more: Partial<UploadStep> = {}): UploadStep[] =>
  Array.from({ length: count }, (_, at) => uploadStep(`${at}.png`, { bytes, ...more }))

const purgesOf = (count: number): PurgeStep[] => Array.from({ length: count }, (_, at) => purgeStep(`https://a/${at}`))

const lineOf = (progress: Track): string => `progress: ${progress.describe().join('; ')}`

const end = (progress: Track, steps: readonly Step[]): void => {
  for (const step of steps) progress.end({ step, result: 'done', attempts: 1, seconds: 1 })
}

test('before anything is done, the rate limits tell how long it will take', () => {
  const { progress, pass } = progressOf(steps(41, 1000), purgesOf(10))
  pass(1000)
  expect(lineOf(progress)).toBe(
    'progress: 0 of 41 uploads (0 B of 41.0 kB), 0 of 10 purges; 0.0 uploads/s, 0 B/s; about 20 s left',
  )
})

test('small files that go slower than the limits', () => {
  const uploads = steps(100, 1000)
  const { progress, pass } = progressOf(uploads)
  pass(20_000)
  end(progress, uploads.slice(0, 10))
  expect(lineOf(progress)).toBe(
    'progress: 10 of 100 uploads (10.0 kB of 100 kB), 0 of 0 purges; 0.5 uploads/s, 500 B/s; about 3 min left',
  )
})

test('a large file is seen by its bytes, and a new try begins again', () => {
  const [big] = steps(1, 1e9, { routes: ['session'] })
  const { progress, pass } = progressOf([big as UploadStep], purgesOf(1))
  pass(10_000)
  progress.send(big as UploadStep, 2.5e8)
  expect(lineOf(progress)).toBe(
    'progress: 0 of 1 upload (250 MB of 1.0 GB), 0 of 1 purge; 0.0 uploads/s, 25.0 MB/s; about 30 s left',
  )
  progress.send(big as UploadStep, 1e6)
  expect(lineOf(progress)).toContain('(1.0 MB of 1.0 GB)')
})

test('the rate is that of the last half minute', () => {
  const uploads = steps(100, 1000)
  const { progress, pass } = progressOf(uploads)
  for (let second = 0; second < 60; second += 5) {
    pass(5000)
    lineOf(progress)
  }
  end(progress, uploads.slice(0, 60))
  pass(5000)
  expect(lineOf(progress)).toContain('2.0 uploads/s')
})

test('at the end nothing is left', () => {
  const uploads = steps(1, 1000)
  const purges = purgesOf(1)
  const { progress, pass } = progressOf(uploads, purges)
  pass(1000)
  end(progress, uploads)
  end(progress, purges)
  expect(lineOf(progress)).toBe('progress: 1 of 1 upload (1.0 kB of 1.0 kB), 1 of 1 purge; 1.0 purges/s')
})

test('lines come every five seconds, then less often, until they are stopped', () => {
  const { pass } = progressOf([])
  const plan = planWith({ files: steps(1, 1).map((step) => filePlan(step)) })
  const told: number[] = []
  let startedAt = performance.now()
  const { hear } = createProgress((line) => {
    expect(line).toMatch(/^progress: 0 of 1 upload /)
    told.push(Math.round((performance.now() - startedAt) / 1000))
  })
  hear({ kind: 'planned', plan, seconds: 1, forecast })
  pass(60_000)
  expect(told).toEqual([])
  startedAt = performance.now()
  hear({ kind: 'sync-began', videos: [] })
  pass(3_600_000)
  hear({ kind: 'sync-ended' })
  const gaps = told.map((at, index) => at - (told[index - 1] ?? 0))
  expect(gaps.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => 5))
  expect(gaps.every((gap, index) => gap >= (gaps[index - 1] ?? 0) - 1 && gap <= 60)).toBe(true)
  expect(told.length).toBeLessThan(100)
  const before = told.length
  pass(600_000)
  expect(told).toHaveLength(before)
})

test('purges alone, at the pace that they really have', () => {
  const purges = purgesOf(100)
  const { progress, pass } = progressOf([], purges)
  pass(10_000)
  end(progress, purges.slice(0, 20))
  expect(lineOf(progress)).toBe('progress: 20 of 100 purges; 2.0 purges/s; about 40 s left')
})

test('when all is stored, what is left to record', () => {
  const uploads = steps(3, 1000, { record: 'always' })
  const { progress, pass } = progressOf(uploads)
  pass(1000)
  end(progress, uploads.slice(0, 1))
  expect(lineOf(progress)).not.toContain('record')
  end(progress, uploads.slice(1))
  expect(lineOf(progress)).toContain('3 of 3 uploads (3.0 kB of 3.0 kB), 0 of 0 purges, 3 files left to record;')
  end(
    progress,
    uploads.map(({ path, originPath, record }) => ({ kind: 'record', path, originPath, record })),
  )
  expect(lineOf(progress)).not.toContain('record')
})
