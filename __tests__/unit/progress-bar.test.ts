import { expect, onTestFinished, test, vi } from 'vitest'
import { trackProgress } from '../../src/command/progress-bar.ts'
import { createTerminal } from '../../src/command/terminal.ts'
import type { Emit } from '../../src/events.ts'
import { createProgress } from '../../src/report/progress.ts'
import { filePlan, planWith, uploadStep } from '../helpers/plan.ts'

/** Streams that keep what is written. */
function streams({ isTTY }: { isTTY: boolean }) {
  const written: string[] = []
  const stream = {
    ...{ isTTY, columns: 120, hasColors: () => false },
    write: (text: string) => written.push(text) > 0,
  } as unknown as NodeJS.WriteStream
  return { written, both: { stdout: stream, stderr: stream } }
}

function begin(hear: Emit) {
  const step = uploadStep('a.png', { bytes: 1000 })
  const plan = planWith({ files: [filePlan(step), filePlan(uploadStep('b.png', { bytes: 1000 }))] })
  hear({ kind: 'planned', plan, seconds: 1, forecast: () => 7 })
  hear({ kind: 'sync-began', videos: [] })
  return step
}

test('a terminal has a bar with rate and time left below the lines, and nothing is left of it', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { written, both } = streams({ isTTY: true })
  const terminal = createTerminal(false, both)
  const { hear } = trackProgress(terminal)(() => {})
  const step = begin(hear)
  hear({ kind: 'ended', outcome: { step, result: 'done', attempts: 1, seconds: 1 } })
  vi.advanceTimersByTime(1000)
  const shown = written.find((text) => text.includes('50%')) ?? ''
  expect(shown).toContain('50%  about 7.0 s left; ')
  expect(shown).toMatch(/uploads\/s, .*\/s; 1 of 2 uploads \(1\.0 kB of 2\.0 kB\)/)
  written.length = 0
  terminal.info('uploaded a.png')
  expect(written.slice(0, 2)).toEqual(['\r\u001b[2K', 'uploaded a.png\n'])
  expect(written.join('')).toContain('50%')
  hear({ kind: 'sync-ended' })
  expect(written.at(-1)).toBe('\r\u001b[2K')
  written.length = 0
  vi.advanceTimersByTime(5000)
  terminal.info('done')
  expect(written).toEqual(['done\n'])
})

test('elsewhere there are lines', () => {
  const { both } = streams({ isTTY: false })
  expect(trackProgress(createTerminal(false, both))).toBe(createProgress)
  const dumb = createTerminal(false, streams({ isTTY: true }).both)
  expect(trackProgress(dumb, 'dumb')).toBe(createProgress)
})
