import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findRepositories } from '../../src/select/find-repository.ts'
import { GitError } from '../../src/select/git-output.ts'
import { openGit } from '../../src/select/open-git.ts'
import { GIT_ENV, NO_CREDENTIALS } from '../helpers/git.ts'
import { createRepository, type Repository } from '../helpers/repository.ts'
import { bareRepository, createTrap, hostileSettings } from '../helpers/trap.ts'
import { createTree } from '../helpers/tree.ts'

async function open(workspace: string, root = '.', env: Record<string, string | undefined> = {}) {
  const heard: string[] = []
  const { signal } = new AbortController()
  const onComplaint = (text: string): unknown => heard.push(text)
  const settings = { workspace, root, env: { ...GIT_ENV, ...env }, credentials: NO_CREDENTIALS, signal, onComplaint }
  return { git: await openGit(settings), heard }
}

async function refusal(workspace: string, root = '.', env: Record<string, string | undefined> = {}): Promise<string> {
  const error = await open(workspace, root, env).catch((cause) => cause)
  expect(error).toBeInstanceOf(GitError)
  return error.message
}

/** @returns what the repository of a root is, and the files that it has below it */
async function place(workspace: string, root: string) {
  const { git, heard } = await open(workspace, root)
  const { topLevel, rootPath } = git
  const files = [...(await git.listTree((await git.head()).sha)).files]
  return { topLevel, rootPath, files, heard }
}

function site(files: Record<string, string>): Repository {
  const repository = createRepository()
  repository.write(files)
  repository.commit()
  repository.git('status') // writes the index, as a checkout does
  return repository
}

/** A repository of one picture, in a folder of another place. */
function nest(folder: string, settings = ''): void {
  const { dir } = site({ 'in/inner.png': '1' })
  appendFileSync(join(dir, '.git/config'), settings)
  mkdirSync(dirname(folder), { recursive: true })
  renameSync(dir, folder)
}

describe('the repository of a root', () => {
  test.each([
    ['in the workspace', '.', 'outer', ['a.png', 'public/b.png']],
    ['and a folder in it', 'public', 'outer', ['public/b.png']],
    ['checked out to a folder of a workspace that is one itself', 'site', 'inner', ['in/inner.png']],
    ['and a folder in that', 'site/in', 'inner', ['in/inner.png']],
    ['and a folder that is not there', 'site/none/deep', 'inner', []],
  ])('%s', async (_, root, which, files) => {
    const { dir } = site({ 'a.png': '1', 'public/b.png': '1' })
    nest(join(dir, 'site'))
    const topLevel = which === 'outer' ? dir : join(dir, 'site')
    const below = which === 'outer' ? root : root.replace(/^site\/?/, '')
    const rootPath = below === '' || below === '.' ? '' : `${below}/`
    expect(await place(dir, root)).toEqual({ topLevel, rootPath, files, heard: [] })
  })

  test.each(['site', 'site/in', 'to-site', 'to-site/in'])('checked out to a folder alone: root %s', async (root) => {
    const workspace = createTree()
    nest(join(workspace, 'site'))
    symlinkSync('site', join(workspace, 'to-site'))
    const rootPath = root.endsWith('/in') ? 'in/' : ''
    const topLevel = join(workspace, 'site')
    expect(await place(workspace, root)).toEqual({ topLevel, rootPath, files: ['in/inner.png'], heard: [] })
  })

  test('checked out to where the outer one has a file that the checkout took away', async () => {
    const { dir } = site({ 'site/.gitkeep': '' })
    rmSync(join(dir, 'site'), { recursive: true })
    nest(join(dir, 'site'))
    expect((await place(dir, 'site')).files).toEqual(['in/inner.png'])
  })

  test('a worktree and a submodule, in a workspace that is a worktree itself', async () => {
    const main = site({ 'a.png': '1' })
    const inner = site({ 'in/inner.png': '1' })
    const workspace = join(createTree(), 'workspace')
    main.git('worktree', 'add', '--quiet', '--detach', workspace)
    const git = (...args: string[]) => main.git('-C', workspace, '-c', 'protocol.file.allow=always', ...args)
    git('submodule', '--quiet', 'add', `file://${inner.dir}`, 'vendor/site')
    git('worktree', 'add', '--quiet', '--detach', 'tree')
    const found = [await place(workspace, '.'), await place(workspace, 'vendor/site'), await place(workspace, 'tree')]
    expect(found.map(({ topLevel, files }) => [topLevel, files])).toEqual([
      [workspace, ['a.png']],
      [join(workspace, 'vendor/site'), ['in/inner.png']],
      [join(workspace, 'tree'), ['a.png']],
    ])
  })

  test('a workspace that is reached through a link', async () => {
    const { dir } = site({ 'public/a.png': '1' })
    const link = join(createTree(), 'link')
    symlinkSync(dir, link)
    expect(await place(link, 'public')).toMatchObject({ topLevel: dir, files: ['public/a.png'] })
  })
})

describe('a .git that no checkout wrote', () => {
  const fetched = '1'.repeat(40)

  test('in a folder of which the repository has files: those are what counts', async () => {
    const trap = createTrap()
    const { dir } = site({ 'public/a.png': '1' })
    nest(join(dir, 'unpacked'), hostileSettings(trap))
    renameSync(join(dir, 'unpacked/.git'), join(dir, 'public/.git'))
    const { git, heard } = await open(dir, 'public')
    expect([git.topLevel, git.rootPath, await git.fetchCommit(fetched)]).toEqual([dir, 'public/', undefined])
    expect(heard).toEqual([`${dir}/public/.git is not used: the repository in ${dir} has files there`])
    expect(trap.isSprung()).toBe(false)
  })

  const remotes = ['ssh', 'uploadpack', 'ext', 'proxy', 'promisor'] as const
  test.each(remotes.flatMap((remote) => ['site', 'site/in'].map((root) => [root, remote] as const)))(
    'unpacked in site, alone, root %s, with a remote by %s: nothing is fetched, and the rest works',
    async (root, remote) => {
      const trap = createTrap()
      const workspace = createTree()
      nest(join(workspace, 'site'), hostileSettings(trap, remote))
      const { git, heard } = await open(workspace, root)
      const { sha } = await git.head()
      expect([await git.findCommit(fetched), await git.fetchCommit(fetched)]).toEqual([undefined, undefined])
      expect([...(await git.listTree(sha)).files]).toEqual(['in/inner.png'])
      expect(heard).toEqual([expect.stringMatching(/^git fetches nothing: .*\/site\/\.git\/config sets /)])
      expect(trap.isSprung()).toBe(false)
    },
  )

  test.each([
    ['a file of cookies', (dir: string) => `[http]\n\tcookieFile = ${dir}/own\n\tsaveCookies = true\n`],
    ['a bundle', (dir: string) => `[fetch]\n\tbundleURI = file://${dir}/own\n`],
    ['a file of no workspace', (dir: string) => `[include]\n\tpath = ${dir}/settings\n`],
  ])('unpacked above the root, in a workspace with a repository, and with %s: nothing is fetched', async (_, set) => {
    const own = createTree({ own: 'mine', settings: '[core]\n\tsshCommand = false\n' })
    const { dir } = site({ 'a.png': '1' })
    nest(join(dir, 'artifact/site'), `[remote "origin"]\n\turl = http://127.0.0.1:1/x.git\n${set(own)}`)
    const { git, heard } = await open(dir, 'artifact/site/in')
    expect([git.topLevel, await git.fetchCommit(fetched)]).toEqual([join(dir, 'artifact/site'), undefined])
    expect(heard).toEqual([expect.stringMatching(/^git fetches nothing: /)])
  })

  test('unpacked, with a remote whose transport is a program, as git once wrote it down', async () => {
    const trap = createTrap()
    const { dir } = site({ 'a.png': '1' })
    nest(join(dir, 'site'), '[remote "origin"]\n\tprune = false\n')
    mkdirSync(join(dir, 'site/.git/remotes'))
    writeFileSync(join(dir, 'site/.git/remotes/origin'), 'URL: trap::x\n')
    const program = trap.program(join(createTree(), 'git-remote-trap'))
    const { git, heard } = await open(dir, 'site', { PATH: [dirname(program), process.env.PATH].join(delimiter) })
    expect(await git.fetchCommit(fetched)).toBeUndefined()
    expect(heard).toEqual(["git fetch from origin: fatal: transport 'trap' not allowed"])
    expect(trap.isSprung()).toBe(false)
  })

  test('unpacked, with pipes in place of files: they are not waited for', async () => {
    const { dir } = site({ 'a.png': '1' })
    nest(join(dir, 'site'))
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(dir, 'site/.git/commondir')])
    mkdirSync(join(dir, 'site/in/deep'))
    writeFileSync(join(dir, 'site/in/deep/.git'), 'gitdir: ../../.git\n')
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(dir, 'site/in/.git')])
    const { repositories } = findRepositories(dir, 'site/in/deep')
    expect(repositories.map(({ topLevel }) => topLevel)).toEqual([dir, join(dir, 'site'), join(dir, 'site/in/deep')])
  })

  test('unpacked in the root, with a HEAD that a remote has to give: it is not asked', async () => {
    const trap = createTrap()
    const workspace = createTree()
    nest(join(workspace, 'site'), hostileSettings(trap, 'promisor'))
    writeFileSync(join(workspace, 'site/.git/HEAD'), `${fetched}\n`)
    const { git } = await open(workspace, 'site')
    const text = `HEAD is ${fetched}, which is not a commit of this clone (`
    await expect(git.head()).rejects.toThrow(text)
    expect(trap.isSprung()).toBe(false)
  })

  test.each([
    ['an empty folder', (entry: string) => void mkdirSync(entry)],
    ['a file of nothing', (entry: string) => writeFileSync(entry, '')],
    ['a file that says something else', (entry: string) => writeFileSync(entry, `path: ${'x'.repeat(100_000)}`)],
    ['a link to itself', (entry: string) => symlinkSync('.git', entry)],
    ['a file that leads nowhere', (entry: string) => writeFileSync(entry, 'gitdir: ../none\n')],
    ['a file that leads to itself', (entry: string) => writeFileSync(entry, 'gitdir: .git\n')],
  ])('%s, in a folder of which the repository has files', async (_, write) => {
    const { dir } = site({ 'public/a.png': '1' })
    write(join(dir, 'public/.git'))
    expect((await place(dir, 'public')).files).toEqual(['public/a.png'])
  })

  const noUse = ': put actions/checkout before this step, or start in a clone'
  test.each<[string, (dir: string) => string, (dir: string) => string]>([
    [
      'a file that leads to committed files',
      () => 'gitdir: ../planted',
      (dir) => `leads to ${dir}/planted, where a commit can write${noUse}`,
    ],
    [
      'a file that leads nowhere',
      () => 'gitdir: ../none',
      (dir) => `leads to ${dir}/none, which is not a repository${noUse}`,
    ],
    [
      'a file that leads out of the workspace',
      () => `gitdir: ${site({ 'x.png': '1' }).dir}/.git`,
      () => `, outside the workspace${noUse}`,
    ],
  ])('%s, in a folder of which it has none', async (_, text, says) => {
    const trap = createTrap()
    const { files } = bareRepository('planted/', hostileSettings(trap))
    const { dir } = site({ 'a.png': '1', ...files })
    mkdirSync(join(dir, 'planted/refs'))
    mkdirSync(join(dir, 'site'))
    writeFileSync(join(dir, 'site/.git'), text(dir))
    expect(await refusal(dir, 'site')).toContain(says(dir))
    expect(trap.isSprung()).toBe(false)
  })
})

describe('no repository', () => {
  test('a workspace below one of somebody else', async () => {
    const trap = createTrap()
    const above = createTree({ 'work/site/a.png': '1' })
    nest(join(above, 'planted'), hostileSettings(trap))
    renameSync(join(above, 'planted/.git'), join(above, '.git'))
    const workspace = join(above, 'work/site')
    expect(await refusal(workspace)).toBe(
      `${workspace} contains no git repository (the repository in ${above} is outside it and is not used): put actions/checkout before this step, or start in a clone`,
    )
    expect(await refusal(workspace, 'none/deep')).toContain('contains no git repository')
    expect(trap.isSprung()).toBe(false)
  })

  test('a workspace of committed files alone, which are a repository to git', async () => {
    const trap = createTrap()
    const { files } = bareRepository('', hostileSettings(trap))
    const workspace = createTree({ ...files, 'refs/heads/main': `${'1'.repeat(40)}\n` })
    expect(await refusal(workspace)).toBe(
      `${workspace} contains no git repository: put actions/checkout before this step, or start in a clone`,
    )
    expect(trap.isSprung()).toBe(false)
  })

  test.each([
    ['out of the workspace', 'out/none', 'leads out of the workspace'],
    ['into .git', 'to-git', 'leads into .git'],
    ['into .git, deep', 'to-git/refs', 'leads into .git'],
  ])('a root that leads %s', async (_, root, says) => {
    const { dir } = site({ 'a.png': '1' })
    symlinkSync(site({ 'b.png': '1' }).dir, join(dir, 'out'))
    symlinkSync('.git', join(dir, 'to-git'))
    expect(await refusal(dir, root)).toBe(`root: '${root}' ${says}: set root to a folder of the repository`)
  })

  test('a configuration that git can not read', async () => {
    const { dir } = site({ 'a.png': '1' })
    writeFileSync(join(dir, '.git/config'), '[core\n')
    expect(await refusal(dir)).toMatch(/: fatal: bad config .*: check the repository that is checked out there$/)
  })

  test.each([
    ['an extension', '[core]\n\trepositoryformatversion = 1\n[extensions]\n\tfuture = true\n'],
    ['a version', '[core]\n\trepositoryformatversion = 9\n'],
  ])('a repository with %s that this git does not know', async (_, configuration) => {
    const { dir } = site({ 'a.png': '1' })
    writeFileSync(join(dir, '.git/config'), configuration)
    expect(await refusal(dir)).toMatch(/: fatal: .*: install a newer git$/)
  })
})

describe('whose the repository is', () => {
  test.runIf(process.getuid?.() === 0)('a container has it from another user: no setting is needed', async () => {
    const { dir } = site({ 'public/a.png': '1' })
    execFileSync('chown', ['-R', '4321:4321', dir])
    const { path, read } = watched()
    const { git } = await open(dir, 'public', { PATH: path })
    expect([...(await git.listTree((await git.head()).sha)).files]).toEqual(['public/a.png'])
    expect(read()).not.toContain('safe.directory')
  })
})

/** A PATH whose git writes down what it is asked. */
function watched(): { path: string; read: () => string } {
  const folder = createTree({ asked: '' })
  const own = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim()
  writeFileSync(join(folder, 'git'), `#!/bin/sh\necho "$*" >> '${folder}/asked'\nexec '${own}' "$@"\n`)
  chmodSync(join(folder, 'git'), 0o755)
  const read = (): string => execFileSync('cat', [join(folder, 'asked')], { encoding: 'utf8' })
  return { path: `${folder}${delimiter}${process.env.PATH}`, read }
}

describe('which git', () => {
  test.each<[string, (dir: string) => string]>([
    ['a folder of the workspace', (dir) => join(dir, 'bin')],
    ['the workspace', (dir) => dir],
    ['a relative folder', () => 'bin'],
    ['the working folder', () => '.'],
    ['nothing, which stands for the working folder', () => ''],
    ['a folder of the workspace, the long way', (dir) => `${dir}/../${dir.split('/').at(-1)}/bin`],
    ['a link to a folder of the workspace', (dir) => linkTo(join(dir, 'bin'))],
    ['a folder with a link to a program of the workspace', (dir) => dirname(linkTo(join(dir, 'bin/git'), 'git'))],
  ])('PATH has %s first: that git is never run', async (_, first) => {
    const trap = createTrap()
    const repository = site({ 'a.png': '1' })
    const before = repository.head()
    for (const path of ['git', 'bin/git', 'bin/ssh']) trap.program(join(repository.dir, path))
    repository.git('remote', 'add', 'origin', 'ssh://git@127.0.0.1/site.git')
    const PATH = [first(repository.dir), createSshOnPath(), process.env.PATH].join(delimiter)
    const { git } = await open(repository.dir, '.', { PATH })
    expect([(await git.head()).sha, await git.fetchCommit('1'.repeat(40))]).toEqual([before, undefined])
    expect(trap.isSprung()).toBe(false)
  })

  test('there is none but in the workspace', async () => {
    const trap = createTrap()
    const { dir } = site({ 'a.png': '1' })
    trap.program(join(dir, 'git'))
    expect(await refusal(dir, '.', { PATH: [dir, '/nonexistent'].join(delimiter) })).toBe(
      "git can't be run: no folder on PATH outside the workspace has it: install git first",
    )
    expect(trap.isSprung()).toBe(false)
  })
})

function linkTo(target: string, name = 'link'): string {
  const link = join(createTree(), name)
  symlinkSync(target, link)
  return link
}

/** So that no test speaks to a network. */
function createSshOnPath(): string {
  const folder = createTree({ ssh: '#!/bin/sh\nexit 1\n' })
  chmodSync(join(folder, 'ssh'), 0o755)
  return realpathSync(folder)
}
