import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const ROOT = new URL('../../src/', import.meta.url).pathname

function filesWith(pattern: RegExp): string[] {
  return globSync('**/*.ts', { cwd: ROOT })
    .filter((path) => pattern.test(readFileSync(`${ROOT}${path}`, 'utf8')))
    .sort()
}

test('only signals end the process without waiting: after the first, or where a run does not end', () => {
  const exits = ['runner/cancellation.ts', 'runner/settle.ts']
  expect(filesWith(/process\s*\.\s*(exit|abort|reallyExit)\s*\(/)).toEqual(exits)
  const [cancellation = '', settle = ''] = exits.map((path) => readFileSync(`${ROOT}${path}`, 'utf8'))
  expect([cancellation, settle].map((source) => source.match(/process\.exit\(/g)?.length)).toEqual([2, 1])
  expect(cancellation).toContain('if (hard.signal.aborted) process.exit(exitCode)')
  const afterReport = /setTimeout\(\(\) => process\.exit\((1|exitCode)\), REPORT_MS\)\.unref\(\)/
  expect([cancellation, settle].filter((source) => afterReport.test(source))).toHaveLength(2)
})
