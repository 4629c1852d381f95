import { expect, test } from 'vitest'
import { emulate } from '../helpers/emulator.ts'
import { runReports } from '../helpers/reports.ts'
import { gotSource, scenario } from '../helpers/scenario.ts'
import { sourceScenario } from '../helpers/source-run.ts'

const STOPPED =
  'the run stopped: it waits for something, and nothing is left that could bring it; run the job again, and report this'
/** A wait between two tries never ends, and holds nothing: as a promise that a fault of ours leaves open. */
const asleep = {
  nodeArgs: [
    '--import',
    `data:text/javascript,${encodeURIComponent(`
      import timers from 'node:timers/promises'
      import { syncBuiltinESMExports } from 'node:module'
      timers.setTimeout = () => new Promise(() => {})
      syncBuiltinESMExports()`)}`,
  ],
}
const unavailable = { on: {}, do: { answer: { status: 503 } } } as const

test('a sync that can not go on', async () => {
  const { push, imgix, asked } = await scenario()
  imgix.fault(unavailable)
  const run = await push({ 'a.png': 'a' }, {}, asleep)
  expect([run.code, run.signal, run.errors, asked()]).toEqual([1, null, [STOPPED], [gotSource.replace('200', '503')]])
  expect(run.report).toMatchObject({ cancelled: false, counts: { uploaded: 0, failed: 0 } })
  expect(run.summary).toContain(STOPPED)
})

test('a sync that can not go on in the middle of its uploads tells what it has done', async () => {
  const { push, imgix } = await scenario()
  imgix.fault({ on: { path: /b\.png/ }, do: { answer: { status: 503 } } })
  const run = await push({ 'a.png': 'a', 'b.png': 'b' }, { concurrency: '1' }, asleep)
  expect([run.code, run.errors]).toEqual([1, [STOPPED]])
  expect(run.outputs).toMatchObject({ uploaded: '["a.png"]', 'purged-count': '1', 'failed-count': '0' })
})

test('a Source that can not be asked for', async () => {
  const { run, imgix } = await sourceScenario('name: A\n')
  imgix.fault(unavailable)
  const { code, errors, outputs } = await run({ inputs: { 'source-id': 'SRC' }, ...asleep })
  expect([code, errors, outputs['source-id']]).toEqual([1, [STOPPED], 'SRC'])
})

test('reports that can not be asked for', async () => {
  const imgix = await emulate()
  imgix.fault(unavailable)
  const { code, errors, outputs } = await runReports(imgix, {}, asleep)
  expect([code, errors, outputs.count]).toEqual([1, [STOPPED], '0'])
})
