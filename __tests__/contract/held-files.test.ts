import fs, { readdirSync, readFileSync } from 'node:fs'
import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { writePart } from '../../src/download-reports/part-file.ts'
import { reportEnding } from '../../src/report/ending.ts'
import { createLedger } from '../../src/report/ledger.ts'
import { captureStdout } from '../helpers/stdout.ts'
import { createTree } from '../helpers/tree.ts'

/** Windows, where something holds new files: the first two renames fail. */
function holdNewFiles(): () => number {
  let renames = 0
  const fail = (): void => {
    renames += 1
    if (renames <= 2) throw Object.assign(new Error('EPERM: operation not permitted, rename'), { code: 'EPERM' })
  }
  const { renameSync } = fs
  const { rename } = promises
  vi.spyOn(fs, 'renameSync').mockImplementation((...paths) => {
    fail()
    renameSync(...paths)
  })
  vi.spyOn(promises, 'rename').mockImplementation(async (...paths) => {
    fail()
    await rename(...paths)
  })
  vi.spyOn(process, 'platform', 'get').mockReturnValue('win32')
  syncBuiltinESMExports()
  onTestFinished(() => {
    vi.restoreAllMocks()
    syncBuiltinESMExports()
  })
  return () => renames
}

test('a downloaded file', async () => {
  const folder = createTree()
  const renames = holdNewFiles()
  async function* body() {
    yield Buffer.from('path')
  }
  await writePart({ folder, name: 'a.csv' }, async (receive) => {
    await receive(body())
    return {}
  })
  expect([readdirSync(folder), readFileSync(join(folder, 'a.csv'), 'utf8'), renames()]).toEqual([['a.csv'], 'path', 3])
})

test('the report of a run', async () => {
  const folder = createTree()
  const printed = captureStdout()
  const renames = holdNewFiles()
  const path = join(folder, 'imgix-sync-report-0.json')
  await reportEnding(createLedger(0).state, path)
  expect([readdirSync(folder), renames()]).toEqual([['imgix-sync-report-0.json', 'imgix-sync-summary-0.md'], 4])
  expect(printed()).not.toContain("can't be written")
})

test('a report that was not written is not told as a file', async () => {
  const printed = captureStdout()
  const { exitCode } = process
  onTestFinished(() => {
    process.exitCode = exitCode
  })
  await reportEnding(createLedger(0).state, join(createTree(), 'gone/imgix-sync-report-0.json'))
  expect(printed()).toContain("the report can't be written: ENOENT")
  expect(printed()).not.toMatch(/^report: /m)
})
