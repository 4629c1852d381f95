import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { act, scenario, temporaryFolder } from '../helpers/scenario.ts'
import { bareRepository, createTrap, hostileSettings } from '../helpers/trap.ts'

/** A pull request that makes a folder of its site a repository to git: the merge commit, in a clone of depth 1. */
async function pullRequest(folder: string) {
  const trap = createTrap()
  const { site, imgix } = await scenario({ files: { 'public/a.png': '1', 'public/same.png': '1' } })
  const { files, link } = bareRepository(folder, hostileSettings(trap))
  site.git('checkout', '--quiet', '-b', 'topic')
  site.write({ 'public/a.png': '2', ...files })
  site.link(...link)
  const head = site.commit()
  site.git('checkout', '--quiet', 'main')
  const base = site.head()
  site.git('merge', '--quiet', '--no-ff', '-m', 'Merge', 'topic')
  const clone = site.clone({ depth: 1 })
  const payload = { number: 7, pull_request: { number: 7, base: { sha: base }, head: { sha: head } } }
  const run = (inputs: Record<string, string>) =>
    act(
      {
        ...{ workspace: clone.dir, inputs: { root: 'public', 'dry-run': 'true', ...inputs } },
        ...{ event: { name: 'pull_request', payload }, env: { GITHUB_REF: 'refs/pull/7/merge' } },
      },
      imgix,
    )
  return { run, trap, base, head: clone.head() }
}

test.each([
  ['the root', 'public/'],
  ['the top level', ''],
])(
  'a pull request that plants a repository in %s: a dry run without key and token plans its picture',
  async (_, folder) => {
    const { run, trap, base, head } = await pullRequest(folder)
    const done = await run({})
    expect([done.code, done.errors, done.results]).toEqual([0, [], ['planned public/a.png']])
    expect(done.outputs).toMatchObject({ base, head, 'base-strategy': 'merge-base' })
    expect(trap.isSprung()).toBe(false)
  },
)

test('mode all: the planted files are files as others are', async () => {
  const { run, trap, head } = await pullRequest('public/')
  const done = await run({ mode: 'all', files: '**' })
  const planted = ['HEAD', 'config', 'objects/info/alternates', 'refs/heads/main']
  expect(done.results.map((line) => line.split(' ').at(-1)).sort()).toEqual(
    ['a.png', 'same.png', ...planted].map((path) => `public/${path}`).sort(),
  )
  expect([done.outputs.head, trap.isSprung()]).toEqual([head, false])
})

test('a workspace without a repository, below that of somebody else: an error, and no command', async () => {
  const trap = createTrap()
  const { site, imgix } = await scenario({ files: { 'a.png': '1' } })
  const above = temporaryFolder()
  const workspace = join(above, 'work')
  mkdirSync(workspace)
  site.write({ '.git/config': `[core]\n\tbare = false\n${hostileSettings(trap)}` })
  renameSync(join(site.dir, '.git'), join(above, '.git'))
  const done = await act({ workspace, inputs: { 'dry-run': 'true' } }, imgix)
  expect([done.code, done.errors]).toEqual([
    1,
    [
      `${workspace} contains no git repository (the repository in ${above} is outside it and is not used): put actions/checkout before this step, or start in a clone`,
    ],
  ])
  expect(trap.isSprung()).toBe(false)
})
