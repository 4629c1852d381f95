import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { GitError } from '../../src/select/git-output.ts'
import { openGit } from '../../src/select/open-git.ts'
import { GIT_ENV, NO_CREDENTIALS, openTestGit } from '../helpers/git.ts'
import { createRepository, type Repository } from '../helpers/repository.ts'
import { createTree } from '../helpers/tree.ts'

function history(repository: Repository, length = 3): string[] {
  return Array.from({ length }, (_, index) => {
    repository.write({ a: String(index) })
    return repository.commit()
  })
}

test.each([
  ['a full SHA', (shas: string[]) => String(shas[0]), 0],
  ['a short SHA', (shas: string[]) => String(shas[0]).slice(0, 10), 0],
  ['a branch', () => 'other', 1],
  ['a tag', () => 'v1', 1],
  ['an annotated tag', () => 'v2', 1],
  ['a full name', () => 'refs/heads/other', 1],
  ['HEAD', () => 'HEAD', 2],
  ['an ancestor', () => 'HEAD~2', 0],
  ['a branch with a slash', () => 'feature/x', 0],
])('a commit by %s', async (_, refOf, at) => {
  const repository = createRepository()
  const shas = history(repository)
  repository.git('branch', 'other', String(shas[1]))
  repository.git('branch', 'feature/x', String(shas[0]))
  repository.git('tag', 'v1', String(shas[1]))
  repository.git('tag', '-a', '-m', 'x', 'v2', String(shas[1]))
  const git = await openTestGit(repository.dir)
  expect(await git.findCommit(refOf(shas))).toBe(shas[at])
})

test.each([
  ['a commit that is not there', '1'.repeat(40)],
  ['a blob', 'HEAD:a'],
  ['a tree', 'HEAD^{tree}'],
  ['two commits', 'HEAD~1..HEAD'],
  ['an excluded commit', '^HEAD'],
  ['an option', '--all'],
  ['another option', '--output=/tmp/x'],
  ['a branch that is not there', 'none'],
  ['spaces', 'a b'],
  ['a newline', 'HEAD\nHEAD'],
])('%s is no commit', async (_, ref) => {
  const repository = createRepository()
  history(repository)
  const git = await openTestGit(repository.dir)
  expect(await git.findCommit(ref)).toBeUndefined()
})

test("a remote's branch that no local one stands for", async () => {
  const origin = createRepository()
  const [first = ''] = history(origin)
  origin.git('branch', 'other', first)
  const clone = origin.clone()
  expect(await (await openTestGit(clone.dir)).findCommit('other')).toBe(first)
})

test.each([
  ['the base by the head', 'first', 'last'],
  ['the head by the base', 'last', 'first'],
  ["the base's tree by the head's", 'first^{tree}', 'last^{tree}'],
])('a replacement of %s does not hide a change', async (_, object, by) => {
  const repository = createRepository()
  const shas = history(repository)
  const [first, last] = [String(shas[0]), String(shas[2])]
  const shaOf = (name: string): string =>
    repository.git(
      'rev-parse',
      name.replace(/first|last/, (is) => (is === 'first' ? first : last)),
    )
  repository.git('replace', shaOf(object), shaOf(by))
  const git = await openTestGit(repository.dir)
  expect(await git.diff(first, last)).toEqual([{ path: 'a', before: 'file', after: 'file' }])
  expect((await git.head()).parents).toEqual([shas[1]])
})

test('a shallow clone fetches a base by its SHA, and only that', async () => {
  const origin = createRepository()
  const [first = '', second = '', third = ''] = history(origin)
  const clone = origin.clone({ depth: 1 })
  const git = await openTestGit(clone.dir)
  expect(await git.findCommit(first)).toBeUndefined()
  expect(await git.fetchCommit(first)).toBe(first)
  expect(await git.diff(first, third)).toEqual([{ path: 'a', before: 'file', after: 'file' }])
  expect([await git.findCommit(second), clone.git('rev-parse', '--is-shallow-repository')]).toEqual([undefined, 'true'])
})

test('a commit that no branch reaches any more', async () => {
  const origin = createRepository()
  const [first = '', second = ''] = history(origin)
  origin.git('reset', '--quiet', '--hard', first)
  const clone = origin.clone({ depth: 1 })
  expect(await (await openTestGit(clone.dir)).fetchCommit(second)).toBe(second)
})

test.each([
  ['branch', 'other'],
  ['branch by its full name', 'refs/heads/other'],
  ['branch by the name it has here', 'origin/other'],
  ['tag', 'v1'],
  ['tag by its full name', 'refs/tags/v1'],
])('a shallow clone fetches a %s', async (_, ref) => {
  const origin = createRepository()
  const [first = ''] = history(origin)
  origin.git('branch', 'other', first)
  origin.git('tag', 'v1', first)
  const clone = origin.clone({ depth: 1 })
  const before = clone.git('for-each-ref')
  expect(await (await openTestGit(clone.dir)).fetchCommit(ref)).toBe(first)
  expect(clone.git('for-each-ref')).toBe(before)
})

test('what a refspec can say beside a name is no base, and writes no reference', async () => {
  const origin = createRepository()
  const [first = ''] = history(origin)
  origin.git('branch', 'other', first)
  origin.git('tag', 'v1', first)
  const clone = origin.clone({ depth: 1 })
  const before = clone.git('for-each-ref')
  const git = await openTestGit(clone.dir)
  const refs = [
    '+refs/heads/other:refs/heads/main',
    'refs/heads/other:refs/heads/evil',
    'other:evil',
    '+other',
    'refs/heads/*',
    'refs/heads/*:refs/heads/evil/*',
    '^other',
    '--upload-pack=touch evil',
    '-u',
    'refs/heads/other refs/heads/other:refs/heads/evil',
    ':',
    'tag v1',
  ]
  const fetched = await Promise.all(refs.map(async (ref) => [ref, await git.fetchCommit(ref)]))
  expect(fetched).toEqual(refs.map((ref) => [ref, undefined]))
  for (const ref of refs) await git.fetchCommits([ref])
  expect(clone.git('for-each-ref')).toBe(before)
  expect(existsSync(join(clone.dir, 'evil'))).toBe(false)
})

test.each([
  ['fetch.prune', 'true'],
  ['fetch.pruneTags', 'true'],
  ['fetch.all', 'true'],
  ['fetch.writeCommitGraph', 'true'],
  ['fetch.recurseSubmodules', 'true'],
  ['fetch.fsckObjects', 'true'],
  ['remote.origin.tagOpt', '--tags'],
  ['remote.origin.prune', 'true'],
  ['gc.auto', '1'],
])('a fetch with %s=%s leaves the references alone', async (key, value) => {
  const origin = createRepository()
  const [first = ''] = history(origin)
  const clone = origin.clone({ depth: 1 })
  origin.git('tag', 'v1', first)
  clone.git('tag', 'local-only')
  clone.git('config', key, value)
  const before = clone.git('for-each-ref')
  expect(await (await openTestGit(clone.dir)).fetchCommit(first)).toBe(first)
  expect(clone.git('for-each-ref')).toBe(before)
})

test('a fetch leaves the configuration alone, and a full clone full', async () => {
  const origin = createRepository()
  history(origin)
  const clone = origin.clone()
  const [later = ''] = history(origin, 1)
  const before = clone.git('config', '--local', '--list')
  expect(await (await openTestGit(clone.dir)).fetchCommit(later)).toBe(later)
  expect(clone.git('config', '--local', '--list')).toBe(before)
  expect(clone.git('rev-parse', '--is-shallow-repository')).toBe('false')
})

test('a commit that the remote does not have', async () => {
  const origin = createRepository()
  history(origin)
  const clone = origin.clone({ depth: 1 })
  expect(await (await openTestGit(clone.dir)).fetchCommit('1'.repeat(40))).toBeUndefined()
})

test('no remote', async () => {
  const repository = createRepository()
  history(repository)
  expect(await (await openTestGit(repository.dir)).fetchCommit('1'.repeat(40))).toBeUndefined()
})

test('a remote of another name', async () => {
  const origin = createRepository()
  const [first = ''] = history(origin)
  const clone = origin.clone({ depth: 1 })
  clone.git('remote', 'rename', 'origin', 'upstream')
  expect(await (await openTestGit(clone.dir)).fetchCommit(first)).toBe(first)
})

test('SHA-256 repositories', async () => {
  const origin = createRepository({ objectFormat: 'sha256' })
  const [first = '', , third = ''] = history(origin)
  const git = await openTestGit(origin.clone({ depth: 1 }).dir)
  expect(await git.fetchCommit(first)).toBe(first)
  expect(await git.diff(first, third)).toEqual([{ path: 'a', before: 'file', after: 'file' }])
})

test('a repository without a commit', async () => {
  const git = await openTestGit(createRepository().dir)
  const error = await git.head().catch((cause) => cause)
  expect(error).toBeInstanceOf(GitError)
  expect(error.message).toBe('HEAD is not a commit: check out a commit first')
})

test('a diff with a commit that is not there', async () => {
  const repository = createRepository()
  const [first = ''] = history(repository)
  const git = await openTestGit(repository.dir)
  const error = await git.diff('1'.repeat(40), first).catch((cause) => cause)
  expect(error).toBeInstanceOf(GitError)
  expect(error.message).toBe(`git diff-tree: fatal: bad object ${'1'.repeat(40)}: check that the clone is complete`)
})

test('an abort ends git, with its reason', async () => {
  const repository = createRepository()
  const signal = AbortSignal.abort(new Error('stop here'))
  const opening = openGit({ workspace: repository.dir, root: '.', env: GIT_ENV, credentials: NO_CREDENTIALS, signal })
  await expect(opening).rejects.toThrow(new Error('stop here'))
})

test('a bare folder .git of nothing is no repository', async () => {
  const workspace = createTree()
  mkdirSync(join(workspace, '.git'))
  await expect(openTestGit(workspace)).rejects.toBeInstanceOf(GitError)
})
