import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const ROOT = new URL('../../src/', import.meta.url).pathname

function filesWith(pattern: RegExp): string[] {
  return globSync('**/*.ts', { cwd: ROOT })
    .filter((path) => pattern.test(readFileSync(`${ROOT}${path}`, 'utf8')))
    .sort()
}

test('only a third signal ends the process at once', () => {
  expect(filesWith(/process\s*\.\s*(exit|abort|reallyExit)\s*\(/)).toEqual(['cancellation.ts'])
  const source = readFileSync(`${ROOT}cancellation.ts`, 'utf8')
  expect(source.match(/process\.exit\(.*\)/g)).toEqual(['process.exit(1)'])
  expect(source).toContain('if (grace.signal.aborted) process.exit(1)')
})
