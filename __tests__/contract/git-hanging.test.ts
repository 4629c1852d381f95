import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { GitError } from '../../src/select/git-output.ts'
import { openGit } from '../../src/select/open-git.ts'
import { runGit } from '../../src/select/run-git.ts'
import { GIT_ENV } from '../helpers/git.ts'
import { createRepository } from '../helpers/repository.ts'
import { listen } from '../helpers/server.ts'

const GIT = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim()

/** Command lines of the running processes that name a text. */
function processesNaming(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
      } catch {
        return [] // it has ended
      }
    })
    .filter((line) => line.includes(text))
}

test.runIf(process.platform === 'linux')(
  'a remote that never answers: a cancelled fetch ends, its helpers too',
  async () => {
    const cancel = new AbortController()
    const server = await listen(() => cancel.abort(new Error('cancelled')))
    const site = createRepository()
    site.write({ 'a.png': 'a' })
    site.commit()
    site.git('remote', 'add', 'origin', `${server.url}/site.git`)
    const credentials = { token: '', serverUrl: 'https://github.com' }
    const git = await openGit({ workspace: site.dir, root: '.', env: GIT_ENV, credentials, signal: cancel.signal })
    await expect(git.fetchCommit('b'.repeat(40))).rejects.toThrow('cancelled')
    expect(server.seen.length).toBe(1)
    await expect.poll(() => processesNaming(server.url)).toEqual([])
  },
)

test.runIf(process.platform === 'linux')(
  'a program that outlives git and keeps its pipes open is not waited for',
  async () => {
    const settings = { cwd: '/', env: GIT_ENV, signal: new AbortController().signal, pipesMs: 50 }
    const running = runGit('/bin/sh', ['-c', 'sleep 987654 & echo done'], settings)
    await expect(running).rejects.toThrow(
      new GitError(
        'git has ended, and a program that it started goes on: check hooks and helpers of git on the runner',
      ),
    )
    await expect.poll(() => processesNaming('sleep 987654')).toEqual([])
  },
)

test.runIf(process.platform === 'linux')('a command that waits for a pipe of the repository ends', async () => {
  const site = createRepository()
  execFileSync('sh', ['-c', 'mkfifo "$0"', `${site.dir}/.git/packed-refs`])
  const settings = { cwd: site.dir, env: GIT_ENV, signal: new AbortController().signal, timeoutMs: 500 }
  const { code, complaint } = await runGit(GIT, ['rev-parse', 'no-such-branch'], settings)
  expect([code, complaint]).toEqual([null, 'it did not end within 0.5 s'])
})

test('the text of a file in a commit has a bound: git is ended at it', async () => {
  const site = createRepository()
  site.write({ 'small.yml': 'a: {}', 'large.yml': 'x'.repeat(3_000_000) })
  site.commit()
  const credentials = { token: '', serverUrl: 'https://github.com' }
  const signal = new AbortController().signal
  const git = await openGit({ workspace: site.dir, root: '.', env: GIT_ENV, credentials, signal })
  const { sha } = await git.head()
  const texts = await Promise.all(['small.yml', 'large.yml', 'none.yml'].map((path) => git.show(sha, path, 1_000_000)))
  expect(texts).toEqual(['a: {}', undefined, undefined])
})
