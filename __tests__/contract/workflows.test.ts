import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

// What zizmor finds in CI, as far as it takes no network, and what it does not look for

type Step = { uses?: string; run?: string; with?: Record<string, unknown> }
type Job = { permissions?: Record<string, string>; 'timeout-minutes'?: number; steps: Step[] }
type Workflow = { on: Record<string, unknown>; permissions?: object; concurrency?: object; jobs: Record<string, Job> }

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8')
const folder = '.github/workflows/'
const workflows = readdirSync(`${root}${folder}`).map((file) => ({ file, text: read(`${folder}${file}`) }))
const textOf = (file: string): string => workflows.find((workflow) => workflow.file === file)?.text ?? expect.fail(file)

/** @returns what is wrong with a workflow */
function faultsOf(text: string): string[] {
  const { on, permissions, concurrency, jobs } = parse(text) as Workflow
  const uses = text.split('\n').filter((line) => /^\s*(?:- )?uses:/.test(line))
  const steps = Object.values(jobs).flatMap((job) => job.steps)
  return [
    ...uses.filter((line) => !/uses: (?:\.\/\S*|[\w-]+(?:\/[\w-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/.test(line)),
    ...steps
      .filter((step) => step.uses?.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false)
      .map(() => 'a checkout that leaves its token behind'),
    ...steps.flatMap(({ run }) => run?.match(/\$\{\{.*?\}\}/g) ?? []),
    ...Object.keys(on).filter((event) => ['pull_request_target', 'workflow_run', 'issue_comment'].includes(event)),
    ...(permissions === undefined || Object.keys(permissions).length > 0 ? ['permissions for all jobs'] : []),
    ...(concurrency === undefined ? ['no concurrency'] : []),
    ...Object.entries(jobs).flatMap(([name, job]) => [
      ...(job.permissions === undefined ? [`${name}: no permissions`] : []),
      ...(job['timeout-minutes'] === undefined ? [`${name}: no time limit`] : []),
    ]),
    ...(text.match(/^ +[\w-]+: write$/gm) ?? []), // without the reason
    ...(text.match(/secrets\.\w+/g) ?? []),
  ]
}

test.each(workflows)(
  '$path is pinned, has no more rights than it needs, and puts no text of others into a script',
  ({ text }) => {
    expect(faultsOf(text)).toEqual([])
  },
)

test('each of these faults is found', () => {
  const text = `on: { pull_request_target: }
permissions: { contents: write }
jobs:
  one:
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@395ad3262231945c25e8478fd5baf05154b1d79f
      - run: echo "\${{ github.event.issue.title }}" "\${{ secrets.KEY }}"
    permissions:
      contents: write
`
  expect(faultsOf(text)).toEqual([
    '      - uses: actions/checkout@v6',
    '      - uses: actions/setup-node@395ad3262231945c25e8478fd5baf05154b1d79f',
    'a checkout that leaves its token behind',
    `\${{ github.event.issue.title }}`,
    `\${{ secrets.KEY }}`,
    'pull_request_target',
    'permissions for all jobs',
    'no concurrency',
    'one: no time limit',
    '      contents: write',
    'secrets.KEY',
  ])
})

test('one version of an action everywhere', () => {
  const pins = workflows.flatMap(({ text }) => [...text.matchAll(/uses: ([\w/-]+)@(.+)/g)])
  const versions = Map.groupBy(pins, ([, name = '']) => name.split('/').slice(0, 2).join('/'))
  const several = [...versions].filter(([, uses]) => new Set(uses.map(([, , pin]) => pin)).size > 1)
  expect(several.map(([name]) => name)).toEqual([])
})

test.each([
  ['dependabot.yml', 1],
  ['release.yml', 3],
])('what can write in %s runs no code of a package, and takes nothing from where that ran but data', (file, count) => {
  const { jobs } = parse(textOf(file)) as Workflow
  const writers = Object.values(jobs).filter(({ permissions = {} }) => Object.values(permissions).includes('write'))
  expect(writers).toHaveLength(count)
  const scripts = writers.flatMap(({ steps }) => steps.map(({ run = '' }) => run)).join('\n')
  expect(scripts).not.toMatch(/\bnpm (?!pack --ignore-scripts|publish .* --ignore-scripts)|\bnpx\b|\bnode\b|\.ci\/run/)
  const others = Object.values(jobs).filter((job) => !writers.includes(job))
  const handedOver = others.flatMap(({ steps }) =>
    steps.map(({ uses = '', with: its }) => [uses.split('@')[0], its?.name]),
  )
  const artifacts = handedOver.filter(([action]) => action === 'actions/upload-artifact').map(([, name]) => name)
  expect(artifacts).toEqual(file === 'release.yml' ? [] : ['dist'])
})

test('the self-test uses the three actions on three systems', () => {
  const text = textOf('self-test.yml')
  for (const part of [
    'uses: ./\n',
    'uses: ./source\n',
    'uses: ./reports\n',
    'os: [ubuntu-latest, macos-latest, windows-latest]',
  ])
    expect(text).toContain(part)
})

test('Dependabot waits before it takes a version, and updates packages and actions', () => {
  const { updates } = parse(read('.github/dependabot.yml')) as {
    updates: { 'package-ecosystem': string; cooldown: { 'default-days': number } }[]
  }
  expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions'])
  expect(updates.filter(({ cooldown }) => cooldown['default-days'] < 7)).toEqual([])
})

describe('.ci/release-notes', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string }
  const notesOf = (tag: string) => spawnSync(`${root}.ci/release-notes`, [tag], { encoding: 'utf8' })

  test('prints the changes of the version that package.json has', () => {
    const { status, stdout, stderr } = notesOf(`v${version}`)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^\n### \w+\n/)
    expect(stdout).not.toMatch(/^## |^\[\S+\]: /m)
  })

  test.each(['', 'v0.0.1', `${version}`, `v${version}-rc.1`])('refuses the tag %j', (tag) => {
    const { status, stderr } = notesOf(tag)
    expect([status, stderr]).toEqual([1, `the tag is '${tag}', but package.json has version ${version}\n`])
  })
})
