import { chownSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findWorkspace } from '../../src/command/workspace.ts'
import { createRepository } from '../helpers/repository.ts'
import { createTree } from '../helpers/tree.ts'

const ENV = { PATH: process.env.PATH }

test('the repository around a folder, however deep', async () => {
  const { dir } = createRepository()
  mkdirSync(join(dir, 'a/b'), { recursive: true })
  expect([await findWorkspace(dir, ENV), await findWorkspace(join(dir, 'a/b'), ENV)]).toEqual([dir, dir])
})

test('the innermost one', async () => {
  const { dir, git } = createRepository()
  git('init', '--quiet', 'inner')
  mkdirSync(join(dir, 'inner/c'))
  expect(await findWorkspace(join(dir, 'inner/c'), ENV)).toBe(join(dir, 'inner'))
})

test('the worktree, whose .git is a file', async () => {
  const site = createRepository()
  site.write({ 'a.png': 'x' })
  site.commit()
  const folder = createTree()
  site.git('worktree', 'add', '--quiet', join(folder, 'tree'))
  expect(await findWorkspace(join(folder, 'tree'), ENV)).toBe(join(folder, 'tree'))
})

test('a folder that is called .git and holds no repository is passed by', async () => {
  const { dir } = createRepository()
  mkdirSync(join(dir, 'a/.git'), { recursive: true })
  expect(await findWorkspace(join(dir, 'a'), ENV)).toBe(dir)
})

test('no repository: the folder itself, by its real path', async () => {
  const folder = createTree({ 'a/b.png': 'x' })
  expect(await findWorkspace(join(folder, 'a'), ENV)).toBe(join(realpathSync(folder), 'a'))
})

test('not above a ceiling, as git', async () => {
  const { dir } = createRepository()
  mkdirSync(join(dir, 'a/b'), { recursive: true })
  const env = { ...ENV, GIT_CEILING_DIRECTORIES: dir }
  expect(await findWorkspace(join(dir, 'a/b'), env)).toBe(join(dir, 'a/b'))
  expect(await findWorkspace(dir, env)).toBe(dir)
})

test("git is asked about the repository of another user, by a program that is not the repository's", async () => {
  const { dir } = createRepository()
  writeFileSync(join(dir, 'git'), '#!/bin/sh\ntouch "$(dirname "$0")/was-run"\n', { mode: 0o755 })
  if (process.geteuid?.() === 0) chownSync(dir, 12_345, 12_345)
  const found = findWorkspace(dir, { PATH: `${dir}:${process.env.PATH}`, HOME: createTree() })
  if (process.geteuid?.() === 0) await expect(found).rejects.toThrow(`safe.directory ${dir}`)
  else expect(await found).toBe(dir)
  expect(existsSync(join(dir, 'was-run'))).toBe(false)
})

test('git is also asked about a .git file of the own user, which can lead to the repository of another', async () => {
  const [theirs, mine] = [createRepository().dir, createTree({ 'a.png': 'x' })]
  writeFileSync(join(mine, '.git'), `gitdir: ${join(theirs, '.git')}\n`)
  const isRoot = process.geteuid?.() === 0
  if (isRoot) chownSync(join(theirs, '.git'), 12_345, 12_345)
  const found = findWorkspace(mine, { ...ENV, HOME: createTree() })
  if (isRoot) await expect(found).rejects.toThrow(`git does not use the repository in ${realpathSync(mine)}`)
  else expect(await found).toBe(realpathSync(mine))
})

test.runIf(process.geteuid?.() === 0)(
  'git is not asked about a repository above that of another user, and the remedy is safe to paste',
  async () => {
    const { dir } = createRepository()
    const folder = join(dir, "a'$(touch x)")
    mkdirSync(join(folder, '.git'), { recursive: true })
    writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/main\n')
    chownSync(folder, 12_345, 12_345)
    const quoted = `'${realpathSync(dir)}/a'\\''$(touch x)'`
    await expect(findWorkspace(folder, { ...ENV, HOME: createTree() })).rejects.toThrow(`safe.directory ${quoted}`)
  },
)
