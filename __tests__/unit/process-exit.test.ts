import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const ROOT = new URL('../../src/', import.meta.url).pathname

function filesWith(pattern: RegExp): string[] {
  return globSync('**/*.ts', { cwd: ROOT })
    .filter((path) => pattern.test(readFileSync(`${ROOT}${path}`, 'utf8')))
    .sort()
}

test('only signals after the first end the process without waiting', () => {
  expect(filesWith(/process\s*\.\s*(exit|abort|reallyExit)\s*\(/)).toEqual(['runner/cancellation.ts'])
  const source = readFileSync(`${ROOT}runner/cancellation.ts`, 'utf8')
  expect(source.match(/process\.exit\(/g)).toHaveLength(2)
  expect(source).toContain('if (hard.signal.aborted) process.exit(1)')
  expect(source).toContain('setTimeout(() => process.exit(1), REPORT_MS).unref()')
})
