import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HeapSpaceInfo } from 'node:v8'
import { expect, test } from 'vitest'
import { scenario, temporaryFolder, url } from '../helpers/scenario.ts'

const bundle = (name: string): string => readFileSync(new URL(`../../dist/${name}`, import.meta.url), 'utf8')

test.each(['index.js', 'source/index.js', 'reports/index.js'])(
  '%s has no HTTP client of others in it, which every run would parse',
  (name) => {
    expect(bundle(name)).not.toMatch(/\bundici\b/)
    expect(bundle(name).length).toBeLessThan(800_000)
  },
)

/** Has a run write the value of an expression when it ends. */
function atExit(expression: string): { nodeArgs: string[]; read: () => unknown } {
  const file = join(temporaryFolder(), 'value.json')
  const write = `process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(file)}, JSON.stringify(${expression}))`
  const code = encodeURIComponent(`process.on('exit', () => ${write})`)
  return {
    nodeArgs: ['--import', `data:text/javascript,${code}`],
    read: () => JSON.parse(readFileSync(file, 'utf8')),
  }
}

test("a push without assets does not load Node's HTTP, one with assets does", async () => {
  const { push } = await scenario()
  const { nodeArgs, read } = atExit('process.moduleLoadList')
  const loads = async (file: string): Promise<boolean> => {
    const run = await push({ [file]: '1' }, {}, { nodeArgs })
    expect(run.code).toBe(0)
    return (read() as string[]).includes('NativeModule _http_client')
  }
  expect([await loads('index.html'), await loads('a.png')]).toEqual([false, true])
})

test("a run with many files does not let V8's young generation grow to its 96 MB", async () => {
  const { push } = await scenario()
  const { nodeArgs, read } = atExit("process.getBuiltinModule('v8').getHeapSpaceStatistics()")
  const files = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`${index}.png`, `${index}`]))
  const run = await push(files, { mode: 'all', 'dry-run': 'true' }, { nodeArgs })
  expect([run.code, run.outputs['planned-count']]).toEqual([0, '10000'])
  const young = (read() as HeapSpaceInfo[]).find((space) => space.space_name === 'new_space')
  expect(young?.space_size).toBeLessThan(17_000_000)
})

test("Node's cache of compiled code, which a self-hosted runner can keep, changes nothing", async () => {
  const { push } = await scenario()
  const folder = temporaryFolder()
  for (const round of ['1', '2']) {
    const run = await push({ 'a.png': round }, {}, { env: { NODE_COMPILE_CACHE: folder } })
    expect([run.code, run.results]).toEqual([0, [`purged ${url('a.png')}`, 'uploaded a.png']])
  }
  expect(readdirSync(folder)).not.toEqual([])
})

test('a process of its own and a thread that has the bundle loaded give the same', async () => {
  const { push, run, imgix } = await scenario({ files: { 'a.png': '1', 'old.png': 'old' } })
  await push({ 'a.png': '2' }, {}, { in: 'thread' }) // the bundle is loaded now
  const event = { name: 'workflow_dispatch', payload: {} }
  const runs = []
  for (const place of ['process', 'thread'] as const) {
    imgix.fault({ on: { path: /old\.png/ }, do: { answer: { status: 400 } } })
    const { code, log, outputs, results, errors } = await run({}, { event, in: place })
    const same = (text: string): string => text.replace(/\b\d+(\.\d+)? s\b|\S+\.json|request id \w+/g, '…')
    runs.push({
      code,
      log: same(log),
      results,
      errors: errors.map(same),
      outputs: { ...outputs, report: '', summary: '' },
    })
  }
  expect(runs[0]).toEqual(runs[1])
  expect(runs[0]?.code).toBe(1)
})
