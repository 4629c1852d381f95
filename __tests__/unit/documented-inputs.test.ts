import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { INPUTS } from '../../src/command/flags.ts'
import { DEFAULTS as SOURCE_DEFAULTS } from '../../src/configure-source/inputs.ts'
import { DEFAULTS as REPORTS_DEFAULTS } from '../../src/download-reports/inputs.ts'
import { DEFAULTS } from '../../src/inputs/defaults.ts'

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')

type Described = { description: string; default?: string }
type Metadata = { inputs: Record<string, Described>; outputs: Record<string, Described> }

/** `of`: how the headings over its tables go on. */
const actions: { path: string; page: string; of: string; defaults: object }[] = [
  { path: 'action.yml', page: 'docs/inputs.md', of: '', defaults: DEFAULTS },
  { path: 'reports/action.yml', page: 'docs/reports-action.md', of: ' of imgix reports', defaults: REPORTS_DEFAULTS },
  { path: 'source/action.yml', page: 'docs/source-action.md', of: ' of imgix Source', defaults: SOURCE_DEFAULTS },
]
const metadataOf = ({ path }: { path: string }) => parse(read(path)) as Metadata

/** Rows of Markdown tables that begin with a name in code, by the heading that they stand under. */
function tableRows(markdown: string, heading: string): string[][] {
  const [, ...sections] = markdown.split(/^#+ /m)
  const section = sections.find((text) => text.split('\n')[0] === heading) ?? ''
  return [...section.matchAll(/^\| *`([^`]+)` *\|(.*)\| *$/gm)].map(([, name = '', rest = '']) => [
    name,
    ...rest.split(/(?<!\\)\|/).map((cell) => cell.trim()),
  ])
}

test.each(actions)('the defaults of $path are those of the code', (action) => {
  const defaults = Object.entries(metadataOf(action).inputs).flatMap(([name, input]) =>
    input.default === undefined || input.default.startsWith('${{') ? [] : [[name, input.default]],
  )
  expect(Object.fromEntries(defaults)).toEqual(action.defaults)
})

test.each(actions)('$page has every input of $path, in its order, with its default', (action) => {
  const rows = tableRows(read(action.page), `Inputs${action.of}`).map(([name, value = '']) => [
    name,
    value.replaceAll('`', ''),
  ])
  const inputs = Object.entries(metadataOf(action).inputs).map(([name, input]) => [name, input.default ?? ''])
  expect(rows.map(([name]) => name)).toEqual(inputs.map(([name]) => name))
  // the default of `files` is a list that no table holds, that of `domains` depends on the Source
  const short = (pairs: (string | undefined)[][]) => pairs.filter(([name]) => name !== 'files' && name !== 'domains')
  expect(short(rows)).toEqual(short(inputs))
})

test('the flags of the command are the inputs: npm run build writes them', () => {
  const tables = Object.fromEntries(['sync', 'source', 'reports'].map((name, at) => [name, metadataOf(actionOf(at))]))
  const texts = Object.entries(tables).map(([name, { inputs }]) => [
    name,
    Object.entries(inputs).map(([input, { description, default: value = '' }]) => [
      input,
      description,
      value.startsWith('${{') ? '' : value,
    ]),
  ])
  const flags = Object.entries(INPUTS).map(([name, table]) => [
    name,
    Object.entries(table).map(([input, { description, default: value = '' }]) => [input, description, value]),
  ])
  expect(flags).toEqual(texts)
})

/** The actions in the order of the subcommands: none, source, reports. */
function actionOf(at: number): { path: string } {
  return (
    actions.find(({ path }) => path === ['action.yml', 'source/action.yml', 'reports/action.yml'][at]) ?? { path: '' }
  )
}

test.each(actions)('$page has every output of $path, in its order', (action) => {
  const rows = tableRows(read(action.page), `Outputs${action.of}`)
  expect(rows.map(([name]) => name)).toEqual(Object.keys(metadataOf(action).outputs))
})

test('.env.example has inputs of action.yml', () => {
  const names = [...read('.env.example').matchAll(/^INPUT_([A-Z-]+)=/gm)].map(([, name = '']) => name.toLowerCase())
  const { inputs } = parse(read('action.yml')) as Metadata
  expect(names.length).toBeGreaterThan(4)
  expect(names.filter((name) => !(name in inputs))).toEqual([])
})
