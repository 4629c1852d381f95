import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import checklist from './seeds/checklist.json' with { type: 'json' }

// seeds/checklist.json: all that the two reference documents have, and what of the client has it

const CLIENT = new URL('../../src/imgix/', import.meta.url)
const TESTS = ['./', '../unit/'].map((folder) => new URL(folder, import.meta.url))

/** The modules with a function for each endpoint. */
const ENDPOINTS = ['assets', 'purges', 'reports', 'sources', 'upload-sessions']
/** What they export beside those. */
const PARTS = ['encodeOriginPath', 'originPathOf', 'sourcePath']

const source = (module: string): string => readFileSync(new URL(`${module}.ts`, CLIENT), 'utf8')
const endpoints = ENDPOINTS.flatMap((module) =>
  [...source(module).matchAll(/^export (?:async )?function\*? (\w+)/gm)].map(([, name = '']) => ({ module, name })),
).filter(({ name }) => !PARTS.includes(name))

test('the checklist is whole', () => {
  expect(checklist.map(({ number }) => number)).toEqual(Array.from({ length: 54 }, (_, at) => at + 1))
})

test.each(checklist)('$number $group: $item', async ({ by, tests }) => {
  for (const path of by) {
    const [module, name = ''] = path.split('.')
    const found: Record<string, unknown> = await import(/* @vite-ignore */ new URL(`${module}.ts`, CLIENT).href)
    expect.soft(found, path).toHaveProperty(name)
  }
  for (const file of tests) {
    const places = TESTS.map((folder) => new URL(`${file}.test.ts`, folder))
    expect.soft(places.some(existsSync), `${file}.test.ts`).toBe(true)
  }
  expect([by.length, tests.length]).not.toContain(0)
})

test.each(endpoints)('$name is on the checklist, and on the map', ({ module, name }) => {
  expect(checklist.flatMap(({ by }) => by)).toContain(`${module}.${name}`)
  expect(readFileSync(new URL('README.md', CLIENT), 'utf8')).toContain(`\`${name}\``)
})

test.each(endpoints)('$name says permission, limit class and source', ({ module, name }) => {
  const [before = ''] = source(module).split(new RegExp(`^export (?:async )?function\\*? ${name}\\b`, 'm'))
  const docstring = before.slice(before.lastIndexOf('/**')).replace(/\s*\n \*\s*/g, ' ')
  expect(docstring).toMatch(/Permission (Sources|Analytics|Purge|Asset Manager (Browse|Edit))\b.*, limit `\w+`/)
  expect(docstring).toMatch(/@see https:\/\/docs\.imgix\.com\/apis\/management\/\w+ \*\/$/m)
})

test('the map names no module that is not there', () => {
  const named = [...readFileSync(new URL('README.md', CLIENT), 'utf8').matchAll(/`([\w/-]+\.ts)`/g)].map(
    ([, file]) => file,
  )
  expect(readdirSync(CLIENT, { recursive: true })).toEqual(expect.arrayContaining(named))
})
