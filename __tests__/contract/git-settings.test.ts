import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Git } from '../../src/select/git.ts'
import { openGit } from '../../src/select/open-git.ts'
import { runGit } from '../../src/select/run-git.ts'
import { GIT_ENV, NO_CREDENTIALS } from '../helpers/git.ts'
import { serveGit } from '../helpers/git-server.ts'
import { createRepository, type Repository } from '../helpers/repository.ts'
import { createTrap, type Trap } from '../helpers/trap.ts'
import { createTree } from '../helpers/tree.ts'

type Opened = { git: Git; heard: string[] }

async function open(
  workspace: string,
  { root = '.', env = {}, credentials = NO_CREDENTIALS }: Partial<Parameters<typeof openGit>[0]> = {},
): Promise<Opened> {
  const heard: string[] = []
  const { signal } = new AbortController()
  const onComplaint = (text: string): unknown => heard.push(text)
  const git = await openGit({ workspace, root, env: { ...GIT_ENV, ...env }, credentials, signal, onComplaint })
  return { git, heard }
}

/** A clone of depth 1 that lacks its origin's first commit and its last. */
function behind(): { origin: Repository; clone: Repository; first: string; last: string } {
  const origin = createRepository()
  origin.write({ 'a.png': '1' })
  const first = origin.commit()
  origin.write({ 'a.png': '2' })
  origin.commit()
  const clone = origin.clone({ depth: 1 })
  origin.write({ 'a.png': '3' })
  return { origin, clone, first, last: origin.commit() }
}

/** What plain git does there. */
function springs(trap: Trap, fetch: () => unknown): boolean {
  try {
    fetch()
  } catch {
    // a command that is no answer to git's question fails
  }
  return trap.isSprung()
}

describe('what a configuration can make git run, and our commands need not', () => {
  test.each<[string, (clone: Repository, trap: Trap, origin: Repository) => void]>([
    ['a hook', (clone, trap) => trap.program(join(clone.dir, '.git/hooks/reference-transaction'))],
    [
      'a folder of hooks',
      (clone, trap) => {
        trap.program(join(clone.dir, 'hooks/reference-transaction'))
        clone.git('config', 'core.hooksPath', 'hooks')
      },
    ],
    [
      'core.alternateRefsCommand',
      (clone, trap, origin) => {
        writeFileSync(join(clone.dir, '.git/objects/info/alternates'), `${origin.dir}/.git/objects\n`)
        clone.git('config', 'core.alternateRefsCommand', trap.command)
      },
    ],
    ['remote.origin.uploadpack', (clone, trap) => clone.git('config', 'remote.origin.uploadpack', trap.command)],
  ])('%s: the fetch does without', async (_, set) => {
    const trap = createTrap()
    const { origin, clone, last } = behind()
    set(clone, trap, origin)
    const { git } = await open(clone.dir)
    expect([await git.fetchCommit('main'), trap.isSprung()]).toEqual([last, false])
    origin.write({ 'a.png': '4' })
    origin.commit()
    expect(springs(trap, () => clone.git('fetch', 'origin'))).toBe(true)
  })

  test.each([
    ['by the configuration', {}],
    ['by the environment, too', { GIT_ALLOW_PROTOCOL: 'file:ext:https' }],
  ])('an ext:: remote, allowed %s', async (_, env) => {
    const trap = createTrap()
    const { clone, first } = behind()
    clone.git('config', 'protocol.ext.allow', 'always')
    clone.git('remote', 'set-url', 'origin', `ext::sh -c ${trap.command.replaceAll(' ', '% ')}`)
    const { git, heard } = await open(clone.dir, { env })
    expect([await git.fetchCommit(first), trap.isSprung()]).toEqual([undefined, false])
    expect(heard).toEqual(["git fetch from origin: fatal: transport 'ext' not allowed"])
    expect(springs(trap, () => clone.git('fetch', 'origin'))).toBe(true)
  })
})

describe('settings of a file that a pull request can write', () => {
  const setsSsh = (trap: Trap): string => `[core]\n\tsshCommand = "${trap.command}"\n`

  test.each<[string, (clone: Repository, trap: Trap) => Record<string, string | undefined>]>([
    [
      'a file of the work tree that the configuration includes',
      (clone, trap) => {
        clone.write({ '.gitconfig': setsSsh(trap) })
        clone.git('config', 'include.path', '../.gitconfig')
        return {}
      },
    ],
    [
      'a link of the work tree to one elsewhere',
      (clone, trap) => {
        symlinkSync(join(createTree({ other: setsSsh(trap) }), 'other'), join(clone.dir, 'settings'))
        clone.git('config', 'include.path', '../settings')
        return {}
      },
    ],
    [
      "the user's own, where the workspace is his home",
      (clone, trap) => {
        clone.write({ '.gitconfig': setsSsh(trap) })
        return { HOME: clone.dir, GIT_CONFIG_GLOBAL: undefined }
      },
    ],
  ])('%s: nothing is fetched, and the rest works', async (_, set) => {
    const trap = createTrap()
    const { clone, first } = behind()
    clone.git('remote', 'set-url', 'origin', 'ssh://git@127.0.0.1/site.git')
    const env = set(clone, trap)
    const { git, heard } = await open(clone.dir, { env })
    expect([await git.fetchCommit(first), trap.isSprung()]).toEqual([undefined, false])
    expect(heard).toEqual([
      expect.stringMatching(/^git fetches nothing: .* sets core\.sshcommand, and that file can come/),
    ])
    expect([...(await git.listTree(clone.head())).files]).toEqual(['a.png'])
    const own = env.HOME === undefined ? [] : ['-c', `include.path=${env.HOME}/.gitconfig`]
    expect(springs(trap, () => clone.git(...own, 'fetch', 'origin'))).toBe(true)
  })

  test('that reach nobody are none: such a file may say how a difference looks', async () => {
    const { clone, first } = behind()
    clone.write({ '.gitconfig': '[alias]\n\tst = status\n[diff]\n\trenames = copies\n' })
    clone.git('config', 'include.path', '../.gitconfig')
    expect(await (await open(clone.dir)).git.fetchCommit(first)).toBe(first)
  })
})

describe("the user's own settings", () => {
  /** A program that is to git what ssh is, with the remote on this machine. */
  function fakeSsh(): string {
    const program = join(createTree({ ssh: '#!/bin/sh\nshift\neval "$*"\n' }), 'ssh')
    chmodSync(program, 0o755)
    return program
  }

  test.each<[string, (clone: Repository, ssh: string) => Record<string, string>]>([
    ['GIT_SSH_COMMAND', (_, ssh) => ({ GIT_SSH_COMMAND: ssh })],
    ['GIT_SSH', (_, ssh) => ({ GIT_SSH: ssh })],
    [
      'core.sshCommand, as a checkout with ssh-key leaves it',
      (clone, ssh) => {
        clone.git('config', 'core.sshCommand', ssh)
        return {}
      },
    ],
    [
      'a pair of GIT_CONFIG_COUNT',
      (_, ssh) => ({ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.sshCommand', GIT_CONFIG_VALUE_0: ssh }),
    ],
  ])('%s', async (_, set) => {
    const { origin, clone, first } = behind()
    clone.git('remote', 'set-url', 'origin', `ssh://git@127.0.0.1${origin.dir}`)
    origin.git('config', 'uploadpack.allowAnySHA1InWant', 'true') // without it, ssh has to say more than this one can
    const env = { ...set(clone, fakeSsh()), GIT_SSH_VARIANT: 'simple' }
    const { git, heard } = await open(clone.dir, { env })
    expect([await git.fetchCommit(first), heard]).toEqual([first, []])
  })

  test('pairs of GIT_CONFIG_COUNT, beside the token', async () => {
    const { origin, clone, first } = behind()
    const token = 'ghs_0123456789'
    const { remote, serverUrl } = await serveGit(origin.dir, { token })
    clone.git('remote', 'set-url', 'origin', 'http://127.0.0.1:1/site')
    const env = {
      GIT_CONFIG_COUNT: '2',
      ...{ GIT_CONFIG_KEY_0: `url.${remote}.insteadOf`, GIT_CONFIG_VALUE_0: 'http://127.0.0.1:1/site' },
      ...{ GIT_CONFIG_KEY_1: 'fetch.prune', GIT_CONFIG_VALUE_1: 'false' },
    }
    const { git } = await open(clone.dir, { env, credentials: { token, serverUrl } })
    expect(await git.fetchCommit(first)).toBe(first)
  })

  test('tracing: what is said of a failure is not a line of the trace', async () => {
    const { clone, first } = behind()
    clone.git('remote', 'set-url', 'origin', 'file:///nonexistent')
    const { git, heard } = await open(clone.dir, { env: { GIT_TRACE: '1', GIT_TRACE_SETUP: '1' } })
    expect(await git.fetchCommit(first)).toBeUndefined()
    expect(heard).toEqual([expect.stringMatching(/^git fetch from origin: fatal: /)])
  })
})

test.each([
  ['fatal: the token ghs_0123\n456789 is wrong', 'fatal: the token ghs_0123 456789 is wrong'],
  ['progress\r\nerror: a\nfatal: b\n\n  c\n', 'error: a fatal: b   c'],
  ['the token ghs_0123\n456789 is wrong', 'the token ghs_0123 456789 is wrong'],
  [' \n', 'exit code 3'],
])('standard error %j tells %j', async (stderr, complaint) => {
  const { signal } = new AbortController()
  const script = 'printf %s "$0" >&2; exit 3'
  const result = await runGit('/bin/sh', ['-c', script, stderr], { cwd: '/', env: GIT_ENV, signal })
  expect([result.code, result.complaint]).toEqual([3, complaint])
})

test('variables that lead git elsewhere, or change what a path stands for, change nothing', async () => {
  const trap = createTrap()
  const other = createRepository()
  other.write({ 'other.png': '1' })
  other.commit()
  const { clone, first } = behind()
  clone.git('fetch', '--quiet', '--depth=1', 'origin', first)
  const elsewhere = join(other.dir, '.git')
  const variables = {
    GIT_DIR: elsewhere,
    GIT_WORK_TREE: other.dir,
    GIT_COMMON_DIR: elsewhere,
    GIT_INDEX_FILE: join(elsewhere, 'index'),
    GIT_OBJECT_DIRECTORY: join(elsewhere, 'objects'),
    GIT_ALTERNATE_OBJECT_DIRECTORIES: join(elsewhere, 'objects'),
    GIT_CONFIG_PARAMETERS: `'core.sshCommand=${trap.command.replaceAll("'", "'\\''")}' 'core.bare=true'`,
    GIT_CEILING_DIRECTORIES: clone.dir,
    GIT_NAMESPACE: 'other',
    GIT_SHALLOW_FILE: '/nonexistent',
    GIT_GRAFT_FILE: '/nonexistent',
    GIT_QUARANTINE_PATH: elsewhere,
    GIT_PREFIX: 'sub/',
    GIT_EXTERNAL_DIFF: trap.command,
    GIT_DIFF_OPTS: '--unified=0',
    GIT_LITERAL_PATHSPECS: '0',
    GIT_GLOB_PATHSPECS: '1',
    GIT_NOGLOB_PATHSPECS: '1',
    GIT_ICASE_PATHSPECS: '1',
  }
  const take = async (env: Record<string, string>) => {
    const { git } = await open(clone.dir, { env })
    const { sha } = await git.head()
    return [[...(await git.listTree(sha)).files], await git.diff(first, sha), await git.findCommit('main')]
  }
  expect(await take(variables)).toEqual(await take({}))
  expect(trap.isSprung()).toBe(false)
})
