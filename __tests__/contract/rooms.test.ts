import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { expect, test } from 'vitest'
import { createTree } from '../helpers/tree.ts'

const ROOT = new URL('../../', import.meta.url).pathname
const SRC = join(ROOT, 'src')

/** What each room may import: rooms and files, by `import type` alone after `types:`. */
const MAY_IMPORT: Readonly<Record<string, string>> = {
  'events.ts': '',
  imgix: '',
  runner: 'imgix/http/json.ts',
  inputs: 'runner imgix types: events.ts',
  select: 'inputs imgix/http/json.ts imgix/http/transport.ts imgix/http/unpack.ts types: runner events.ts',
  plan: 'inputs imgix types: select events.ts',
  sync: 'plan imgix types: events.ts',
  verify: 'plan imgix types: events.ts',
  report: 'runner imgix types: events.ts',
  'configure-source': 'runner inputs imgix report/explain.ts',
  'download-reports': 'runner inputs imgix report/explain.ts',
  // the other front of the three actions: it starts them, and its own subcommands ask git, GitHub and imgix as they do
  command:
    'main.ts configure-source/main.ts download-reports/main.ts runner inputs imgix select plan/source.ts plan/route.ts verify/rendering.ts report ../emulator/server.ts types: events.ts',
}
/** What starts the stages: may import every room of the engine. */
const CONDUCTORS = ['main.ts', 'publish.ts']
/** The only files that may import a module from outside. */
const OWNERS: Readonly<Record<string, string>> = {
  '@actions/core': 'runner/host.ts',
  'node:http': 'imgix/http/',
  'node:https': 'imgix/http/',
  'node:child_process': 'select/run-git.ts',
}

const STATIC = /^\s*(?:import|export)\s+(?:([^'"]*?)\s+from\s+)?'([^']+)'/gm
const DYNAMIC = /(typeof\s+)?import\(\s*(?:\/\*.*?\*\/\s*)?'([^']+)'/g

type Import = { readonly module: string; readonly isType: boolean }

function importsOf(source: string): Import[] {
  const isType = (clause = ''): boolean => /^type\s/.test(clause) || /^\{(\s*type\s[^,}]*,?)+\s*\}$/.test(clause)
  return [
    ...[...source.matchAll(STATIC)].map(([, clause, module = '']) => ({ module, isType: isType(clause) })),
    ...[...source.matchAll(DYNAMIC)].map(([, type, module = '']) => ({ module, isType: type !== undefined })),
  ]
}

function roomOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file
}

/** @param file relative to src/
 *  @returns its forbidden imports, as `from -> to` */
function forbiddenIn(file: string, source: string): string[] {
  return importsOf(source)
    .filter((each) => !mayImport(file, each))
    .map(({ module, isType }) => `${file} -> ${targetOf(file, module)}${isType ? ' (type)' : ''}`)
}

function targetOf(file: string, module: string): string {
  return module.startsWith('.') ? posix.join(posix.dirname(file), module) : module
}

function mayImport(file: string, { module, isType }: Import): boolean {
  if (!module.startsWith('.')) return OWNERS[module] === undefined || file.startsWith(OWNERS[module])
  const target = targetOf(file, module)
  const [from, to] = [roomOf(file), roomOf(target)]
  if (from === to || CONDUCTORS.includes(from)) return !['..', 'command'].includes(to) || from === to
  if (from === 'index.ts') return to === 'main.ts'
  const [values = '', types = ''] = (MAY_IMPORT[from] ?? '').split('types: ')
  const isIn = (allowed: string): boolean => [to, target].some((name) => allowed.split(' ').includes(name))
  return isIn(values) || (isType && isIn(types))
}

test('every import is in the table', () => {
  const files = globSync('**/*.ts', { cwd: SRC })
  const forbidden = files.flatMap((file) => forbiddenIn(file, readFileSync(join(SRC, file), 'utf8')))
  expect(forbidden).toEqual([])
  const rooms = new Set(files.map(roomOf))
  expect(Object.keys(MAY_IMPORT).filter((room) => !rooms.has(room))).toEqual([])
})

test("CONTRIBUTING's map is the tree, and the tree is the map", () => {
  const [, map = ''] = /## The house\n\n```\n(.*?)```/s.exec(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')) ?? []
  const namesAfter = (indent: string): string[] =>
    [...map.matchAll(RegExp(`^${indent}(\\S+)`, 'gm'))].map(([, name = '']) => name)
  const entries = readdirSync(SRC, { withFileTypes: true })
  const tree = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
  expect(namesAfter('  ').sort()).toEqual(tree.sort())
  expect(namesAfter('').filter((name) => !existsSync(join(ROOT, name)))).toEqual([])
})

test.each([
  ['events.ts', "export type { Source } from './plan/source.ts'"],
  ['imgix/client.ts', "import { count } from '../runner/text.ts'"],
  ['imgix/http/body.ts', "import type { Inputs } from '../../inputs/inputs.ts'"],
  ['runner/run.ts', "import type { Inputs } from '../inputs/inputs.ts'"],
  ['inputs/values.ts', "import type { Plan } from '../plan/plan.ts'"],
  ['select/base.ts', "import * as core from '../runner/core.ts'"],
  ['select/base.ts', "import { type Client, createClient } from '../imgix/client.ts'"],
  ['plan/plan.ts', "import {\n  type Selection,\n  selectFiles,\n} from '../select/select.ts'"],
  ['plan/guards/guards.ts', "const { sync } = await import('../../sync/sync.ts')"],
  ['sync/sync.ts', "import { explain } from '../report/explain.ts'"],
  ['verify/verify.ts', "import type { Pool } from '../sync/pool.ts'"],
  ['report/log.ts', "import { planRun } from '../plan/plan.ts'"],
  ['configure-source/main.ts', "import { formatSummary } from '../report/summary.ts'"],
  ['download-reports/main.ts', "import '../configure-source/main.ts'"],
  ['main.ts', "import { startEmulator } from '../emulator/server.ts'"],
  ['report/log.ts', "import { run } from '../main.ts'"],
  ['main.ts', "import { runCommand } from './command/command.ts'"],
  ['runner/run.ts', "import { createTerminal } from '../command/terminal.ts'"],
  ['command/run-engine.ts', "import { sync } from '../sync/sync.ts'"],
  ['main.ts', "import * as core from '@actions/core'"],
  ['select/run-git.ts', "import { get } from 'node:https'"],
  ['runner/host.ts', "const { spawn } = await import('node:child_process')"],
])('%s may not: %s', (file, source) => {
  expect(forbiddenIn(file, source)).toHaveLength(1)
})

test.each([
  ['index.ts', "import { run } from './main.ts'"],
  ['main.ts', "import { sync } from './sync/sync.ts'"],
  ['plan/guards/guards.ts', "import { planRun } from '../plan.ts'"],
  ['plan/plan.ts', "import { type Selection, type Found } from '../select/select.ts'"],
  ['plan/plan.ts', "type Git = typeof import('../select/git.ts')"],
  ['imgix/http/transport.ts', "import { request } from 'node:https'"],
  ['inputs/values.ts', "import { Minimatch } from 'minimatch'"],
  ['command/run-engine.ts', "import { run as sync } from '../main.ts'"],
])('%s may: %s', (file, source) => {
  expect(forbiddenIn(file, source)).toEqual([])
})

const BREAKS_ALL = `import '@actions/core'
import 'node:http'
import 'node:https'
import 'node:child_process'
export const home = process.env.HOME
`

test('biome finds each of its four rules broken in every room, and one in the files that own a module', () => {
  const rooms = ['main.ts', ...Object.keys(MAY_IMPORT)].map((room) => (room.endsWith('.ts') ? room : `${room}/x.ts`))
  const owners = ['imgix/http/x.ts', 'select/run-git.ts']
  const host = 'runner/host.ts' // prints commands of the runner, and reads its variables
  const { vcs, ...configuration } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'))
  const sources = [...rooms, ...owners, host].map((file) => [`src/${file}`, BREAKS_ALL] as const)
  const folder = createTree({ ...Object.fromEntries(sources), 'biome.json': JSON.stringify(configuration) })
  expect(lint(folder)).toEqual(
    [
      ...rooms.flatMap((file) => [1, 2, 3, 4, 5].map((line) => `src/${file}:${line}`)),
      ...owners.map((file) => `src/${file}:5`),
    ].sort(),
  )
})

/** @returns the lines that biome reports, as `file:line` */
function lint(folder: string): string[] {
  const biome = join(ROOT, 'node_modules/.bin/biome')
  const args = ['lint', '--reporter=json', '--max-diagnostics=none']
  const { stdout } = spawnSync(biome, args, { cwd: folder, encoding: 'utf8' })
  const { diagnostics } = JSON.parse(stdout) as Lint
  return diagnostics.map(({ location: { path, start } }) => `${path}:${start.line}`).sort()
}

type Lint = { diagnostics: { location: { path: string; start: { line: number } } }[] }
