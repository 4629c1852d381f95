import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { scenario } from '../helpers/scenario.ts'

const bundle = (name: string): string => readFileSync(new URL(`../../dist/${name}`, import.meta.url), 'utf8')

test.each(['index.js', 'source/index.js', 'reports/index.js'])(
  '%s has no HTTP client of others in it, which every run would parse',
  (name) => {
    expect(bundle(name)).not.toMatch(/\bundici\b/)
    expect(bundle(name).length).toBeLessThan(800_000)
  },
)

test('a process of its own and a thread that has the bundle loaded give the same', async () => {
  const { push, run, imgix } = await scenario({ files: { 'a.png': '1', 'old.png': 'old' } })
  await push({ 'a.png': '2' }, {}, { in: 'thread' }) // the bundle is loaded now
  const event = { name: 'workflow_dispatch', payload: {} }
  const runs = []
  for (const place of ['process', 'thread'] as const) {
    imgix.fault({ on: { path: /old\.png/ }, do: { answer: { status: 400 } } })
    const { code, log, outputs, results, errors } = await run({}, { event, in: place })
    const same = (text: string): string => text.replace(/\b\d+(\.\d+)? s\b|\S+\.json|request id \w+/g, '…')
    runs.push({ code, log: same(log), results, errors: errors.map(same), outputs: { ...outputs, report: '' } })
  }
  expect(runs[0]).toEqual(runs[1])
  expect(runs[0]?.code).toBe(1)
})
