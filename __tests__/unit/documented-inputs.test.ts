import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { DEFAULTS } from '../../src/input-defaults.ts'

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')

type Described = { description: string; default?: string }
const action = parse(read('action.yml')) as { inputs: Record<string, Described>; outputs: Record<string, Described> }

/** Rows of Markdown tables that begin with a name in code, by the heading that they stand under. */
function tableRows(markdown: string, heading: RegExp): string[][] {
  const [, ...sections] = markdown.split(/^#+ /m)
  const section = sections.find((text) => heading.test(text.split('\n')[0] ?? '')) ?? ''
  return [...section.matchAll(/^\| *`([^`]+)` *\|(.*)\| *$/gm)].map(([, name = '', rest = '']) => [
    name,
    ...rest.split(/(?<!\\)\|/).map((cell) => cell.trim()),
  ])
}

test('the defaults of action.yml are those of the code', () => {
  const defaults = Object.entries(action.inputs).flatMap(([name, input]) =>
    input.default === undefined || input.default.startsWith('${{') ? [] : [[name, input.default]],
  )
  expect(Object.fromEntries(defaults)).toEqual(DEFAULTS)
})

test('the README has every input of action.yml, in its order, with its default', () => {
  const rows = tableRows(read('README.md'), /^Inputs/i).map(([name, value = '']) => [name, value.replaceAll('`', '')])
  const inputs = Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? ''])
  expect(rows.map(([name]) => name)).toEqual(inputs.map(([name]) => name))
  // the default of `files` is a list that no table holds, that of `domains` depends on the Source
  const short = (pairs: (string | undefined)[][]) => pairs.filter(([name]) => name !== 'files' && name !== 'domains')
  expect(short(rows)).toEqual(short(inputs))
})

test('the README has every output of action.yml, in its order', () => {
  const rows = tableRows(read('README.md'), /^Outputs/i)
  expect(rows.map(([name]) => name)).toEqual(Object.keys(action.outputs))
})
