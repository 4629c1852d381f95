import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openGit } from '../../src/select/open-git.ts'
import { GIT_ENV, NO_CREDENTIALS } from '../helpers/git.ts'
import { createRepository } from '../helpers/repository.ts'
import { listen } from '../helpers/server.ts'

/** A clone of depth 1, of two commits, and git for it whose clock is the test's. */
async function clone(onPause: (pauses: number) => void = () => {}) {
  const origin = createRepository()
  origin.write({ 'a.png': '1' })
  const first = origin.commit()
  origin.write({ 'a.png': '2' })
  origin.commit()
  const { dir, git: run } = origin.clone({ depth: 1 })
  const pauses: number[] = []
  const heard: string[] = []
  const git = await openGit({
    ...{ workspace: dir, root: '.', env: GIT_ENV, credentials: NO_CREDENTIALS, signal: new AbortController().signal },
    onComplaint: (text) => heard.push(text),
    async pause(ms) {
      pauses.push(ms)
      onPause(pauses.length)
    },
  })
  return { dir, run, first, git, pauses, heard, url: `file://${origin.dir}` }
}

test('a lock that another git holds for a moment is waited for', async () => {
  const made = await clone((pauses) => pauses === 2 && rmSync(path))
  const path = join(made.dir, '.git/shallow.lock')
  writeFileSync(path, '')
  expect(await made.git.fetchCommit(made.first)).toBe(made.first)
  expect([made.pauses, made.heard]).toEqual([[500, 1000], []])
})

test.each([
  'index.lock',
  'HEAD.lock',
  'refs/heads/main.lock',
  'config.lock',
  'packed-refs.lock',
  'objects/maintenance.lock',
])('%s does not matter: a fetch writes no such file', async (lock) => {
  const { git, dir, first, pauses, heard } = await clone()
  writeFileSync(join(dir, '.git', lock), '')
  expect([await git.fetchCommit(first), pauses, heard]).toEqual([first, [], []])
})

test('a lock that stays: the fetch fails, and the log says which lock', async () => {
  const { git, dir, first, pauses, heard } = await clone()
  writeFileSync(join(dir, '.git/shallow.lock'), '')
  expect(await git.fetchCommit(first)).toBeUndefined()
  expect(pauses).toEqual([500, 1000, 2000, 4000])
  expect(heard).toEqual([
    expect.stringMatching(/^git fetch from origin: fatal: Unable to create '.*\/shallow\.lock': File exists\.$/),
  ])
})

test('a network that is back after a moment', async () => {
  const server = await listen((_, response) => void response.socket?.destroy())
  const made = await clone((pauses) => pauses === 2 && made.run('remote', 'set-url', 'origin', made.url))
  made.run('remote', 'set-url', 'origin', `${server.url}/site.git`)
  expect(await made.git.fetchCommit(made.first)).toBe(made.first)
  expect([made.pauses, made.heard, server.seen.length]).toEqual([[1000, 4000], [], 2])
})

test('a server that answers 503 is asked again, and after that not for other commits', async () => {
  const server = await listen((_, response) => void response.writeHead(503).end())
  const { run, git, first, pauses, heard } = await clone()
  run('remote', 'set-url', 'origin', `${server.url}/site.git`)
  expect([await git.fetchCommit(first), await git.fetchCommit('1'.repeat(40))]).toEqual([undefined, undefined])
  expect([pauses, server.seen.length, heard.length]).toEqual([[1000, 4000], 3, 1])
  expect(heard[0]).toMatch(
    /^git fetch from origin: fatal: unable to access '.*': The requested URL returned error: 503$/,
  )
})

test.each([
  ['a commit that the remote lacks', undefined, '1'.repeat(40)],
  ['a remote that is not there', 'file:///nonexistent', undefined],
])('%s is not asked for again', async (_, url, commit) => {
  const { run, git, first, pauses, heard } = await clone()
  if (url !== undefined) run('remote', 'set-url', 'origin', url)
  expect(await git.fetchCommit(commit ?? first)).toBeUndefined()
  expect([pauses, heard.length]).toEqual([[], 1])
})
