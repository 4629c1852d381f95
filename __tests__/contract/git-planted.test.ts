import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTestGit } from '../helpers/git.ts'
import { createRepository } from '../helpers/repository.ts'
import { bareRepository, createTrap, hostileSettings } from '../helpers/trap.ts'

/** A clone of depth 1, whose last commit changed a picture below the root, and made a folder a repository to git. */
function planted(folder: string, { root, settings }: { root: string; settings: string }) {
  const origin = createRepository()
  const picture = `${root}/a.png`
  origin.write({ [picture]: '1' })
  const first = origin.commit()
  const { files, link } = bareRepository(folder, settings)
  origin.write({ [picture]: '2', ...files })
  origin.link(...link)
  const second = origin.commit()
  const paths = [...Object.keys(files), link[0]].filter((path) => path.startsWith(`${root}/`))
  const expected = [picture, ...paths].sort()
  return { dir: origin.clone({ depth: 1 }).dir, first, second, expected }
}

async function takeAll(dir: string, root: string, { first, second }: { first: string; second: string }) {
  const git = await openTestGit(dir, root)
  const head = await git.head()
  const fetched = (await git.findCommit(first)) ?? (await git.fetchCommit(first))
  const listed = [...(await git.listTree(second)).files].sort()
  const changed = (await git.diff(first, second)).map(({ path }) => path).sort()
  return { head, fetched, listed, changed }
}

test.each([
  ['the root itself', 'public/', 'public'],
  ['the top level, beside .git', '', 'public'],
  ['a folder on the way to the root', 'site/', 'site/public'],
  ['a folder below the root', 'public/in/', 'public'],
  ['each of two folders', 'site/public/', 'site/public'],
])('a repository of committed files in %s is plain files', async (_, folder, root) => {
  const trap = createTrap()
  const { dir, first, second, expected } = planted(folder, { root, settings: hostileSettings(trap) })
  expect(await takeAll(dir, root, { first, second })).toEqual({
    ...{ head: { sha: second, parents: [first] }, fetched: first },
    ...{ listed: expected, changed: expected },
  })
  expect([trap.isSprung(), existsSync(join(dir, folder, 'FETCH_HEAD'))]).toEqual([false, false])
})

test.each(['uploadpack', 'ssh', 'ext', 'proxy', 'promisor'] as const)(
  'a repository of committed files runs a command by %s where git is asked in it, but not by us',
  async (remote) => {
    const trap = createTrap()
    const { dir, first, second } = planted('public/', { root: 'public', settings: hostileSettings(trap, remote) })
    expect((await takeAll(dir, 'public', { first, second })).fetched).toBe(first)
    expect(trap.isSprung()).toBe(false)
    const { git } = createRepository()
    expect(() => git('-C', join(dir, 'public'), 'fetch', 'origin', '1'.repeat(40))).toThrow()
    expect(trap.isSprung()).toBe(true)
  },
)

test('a root that is a link to such a repository', async () => {
  const trap = createTrap()
  const { dir, first, second, expected } = planted('real/', { root: 'real', settings: hostileSettings(trap) })
  symlinkSync('real', join(dir, 'public'))
  expect((await takeAll(dir, 'public', { first, second })).changed).toEqual(expected)
  expect(trap.isSprung()).toBe(false)
})

test('a file that is named as the base', async () => {
  const repository = createRepository()
  repository.write({ 'a.png': '1' })
  const first = repository.commit()
  repository.write({ [first]: 'x', 'public/a.png': '1', [`public/${first}`]: 'x' })
  const second = repository.commit()
  const { changed } = await takeAll(repository.dir, '.', { first, second })
  expect(changed).toEqual([first, `public/${first}`, 'public/a.png'].sort())
  expect((await takeAll(repository.dir, 'public', { first, second })).changed).toEqual(
    changed.filter((path) => path !== first),
  )
  expect(await (await openTestGit(repository.dir)).mergeBase(first, second)).toBe(first)
})
