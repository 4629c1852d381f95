import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Commit, type Format, writeCommit } from './git-objects.ts'

type PushEvent = { name: 'push'; payload: Record<string, unknown> }
export type Repository = {
  dir: string
  /** @returns standard output without the last newline */
  git: (...args: string[]) => string
  /** Contents by path. null deletes the file. */
  write: (files: Record<string, string | Buffer | null>) => void
  /** For a name that is not UTF-8. */
  writeBytes: (path: Buffer, content: string) => void
  link: (path: string, target: string) => void
  /** Commits the whole work tree. @returns the SHA */
  commit: (message?: string) => string
  head: () => string
  /** A clone as of actions/checkout: over file://, with the remote `origin` and no tags. */
  clone: (options?: { depth?: number }) => Repository
  pushEvent: (before: string, after: string) => PushEvent
  remove: () => void
}

/** Settings of `core` in each repository. */
const SETTINGS = { autocrlf: 'false', symlinks: 'true' }
/** Options that save time: no housekeeping after a commit, and no compression. */
const THRIFT = ['-c', 'maintenance.auto=false', '-c', 'gc.auto=0', '-c', 'core.compression=0']

/** The null SHA of a push that creates or deletes a branch. */
const noCommit = /^0+$/

/** A git repository on branch `main` in a new temporary folder, which ignores the user's configuration. */
export function createRepository({ objectFormat = 'sha1' }: { objectFormat?: Format } = {}): Repository {
  const dir = newFolder()
  for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags']) {
    mkdirSync(join(dir, '.git', folder), { recursive: true })
  }
  writeFileSync(join(dir, '.git/HEAD'), 'ref: refs/heads/main\n')
  writeFileSync(join(dir, '.git/config'), configOf(objectFormat))
  return openRepository(dir, objectFormat)
}

/** The file that `git init` writes, with our settings. */
function configOf(format: Format): string {
  const core = { repositoryformatversion: format === 'sha1' ? '0' : '1', filemode: 'true', bare: 'false', ...SETTINGS }
  const lines = Object.entries(core).map(([name, value]) => `\t${name} = ${value}\n`)
  return `[core]\n${lines.join('')}${format === 'sha1' ? '' : '[extensions]\n\tobjectformat = sha256\n'}`
}

/** @returns the SHA that is checked out. It reads the file of the branch where it can, which is faster than git.
 *  @throws if there is no commit */
export function headOf(dir: string): string {
  return readHead(join(dir, '.git')) ?? runGit(dir, ['rev-parse', '--verify', 'HEAD'])
}

function readHead(folder: string): string | undefined {
  try {
    const head = readFileSync(join(folder, 'HEAD'), 'utf8')
    const [, branch] = /^ref: (refs\/heads\/main)\n$/.exec(head) ?? []
    const sha = branch === undefined ? head : readFileSync(join(folder, branch), 'utf8')
    return /^[0-9a-f]{40,64}\n$/.test(sha) ? sha.trimEnd() : undefined
  } catch {
    return undefined
  }
}

/** Commands that do not read the index. */
const WITHOUT_INDEX = /^(cat-file|clone|config|log|ls-tree|merge-base|remote|rev-list|rev-parse|show|update-ref)$/

/** @param format of objects; undefined: every commit is made by git */
function openRepository(dir: string, format?: Format): Repository {
  const written = new Map<string, Commit>()
  let indexIsOld = false
  let commits = 0
  const place = (path: string) => {
    const full = join(dir, path)
    mkdirSync(dirname(full), { recursive: true })
    rmSync(full, { recursive: true, force: true })
    return full
  }
  const git = (...args: string[]) => {
    if (indexIsOld && !WITHOUT_INDEX.test(args.find((arg, at) => !/^-/.test(arg) && args[at - 1] !== '-c') ?? '')) {
      runGit(dir, ['read-tree', 'HEAD'])
      runGit(dir, ['update-index', '-q', '--refresh'])
      indexIsOld = false
    }
    return runGit(dir, args)
  }
  /** @returns false if only git can do it: other settings, a merge, packed branches */
  const commitWithoutGit = (message: string): boolean => {
    if (format === undefined || readFileSync(join(dir, '.git/config'), 'utf8') !== configOf(format)) return false
    if (existsSync(join(dir, '.git/MERGE_HEAD')) || existsSync(join(dir, '.git/packed-refs'))) return false
    const branch = /^ref: (refs\/heads\/\S+)\n$/.exec(readFileSync(join(dir, '.git/HEAD'), 'utf8'))?.[1]
    if (branch === undefined) return false
    const file = join(dir, '.git', branch)
    const parents = existsSync(file) ? [readFileSync(file, 'utf8').trimEnd()] : []
    const commit = writeCommit(dir, { format, parents, message, seconds: secondsOf(commits) })
    if (commit === undefined) return false
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${commit.id}\n`)
    written.set(commit.id, commit)
    indexIsOld = true
    return true
  }
  return {
    dir,
    git,
    write(files) {
      for (const [path, content] of Object.entries(files)) {
        const full = place(path)
        if (content !== null) writeFileSync(full, content)
      }
    },
    writeBytes: (path, content) => writeFileSync(Buffer.concat([Buffer.from(`${dir}/`), path]), content),
    link: (path, target) => symlinkSync(target, place(path)),
    commit(message = `Commit ${commits + 1}`) {
      commits += 1
      if (!commitWithoutGit(message)) {
        git('add', '-A')
        runGit(dir, ['commit', '--quiet', '--allow-empty', '-m', message], dateOf(commits))
      }
      return headOf(dir)
    },
    head: () => headOf(dir),
    clone: (options = {}) => cloneOf(dir, options.depth),
    pushEvent: (before, after) => ({ name: 'push', payload: pushPayload({ git, written }, before, after) }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}

function cloneOf(origin: string, depth: number | undefined): Repository {
  const dir = newFolder()
  const shallow = depth === undefined ? [] : [`--depth=${depth}`]
  const settings = Object.entries(SETTINGS).map(([name, value]) => `--config=core.${name}=${value}`)
  const options = ['--quiet', '--no-tags', '--template=', ...settings, ...shallow]
  runGit(dir, ['clone', ...options, pathToFileURL(origin).href, '.'])
  return openRepository(dir)
}

function newFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'imgix-sync-repository-')))
}

/** Commits are one minute apart, so that their order does not depend on the speed of a test. */
function secondsOf(commit: number): number {
  return 1_760_000_000 + commit * 60
}

function dateOf(commit: number): Record<string, string> {
  const date = `${secondsOf(commit)} +0000`
  return { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
}

function runGit(dir: string, args: string[], env: Record<string, string> = {}): string {
  const person = { NAME: 'Mona Octocat', EMAIL: 'mona@example.com' }
  const output = execFileSync('git', [...THRIFT, ...args], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: dir,
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: person.NAME,
      GIT_AUTHOR_EMAIL: person.EMAIL,
      GIT_COMMITTER_NAME: person.NAME,
      GIT_COMMITTER_EMAIL: person.EMAIL,
      ...env,
    },
  })
  return output.replace(/\n$/, '')
}

type History = { git: Repository['git']; written: ReadonlyMap<string, Commit> }

function pushPayload(history: History, before: string, after: string): Record<string, unknown> {
  const created = noCommit.test(before)
  const deleted = noCommit.test(after)
  const known = deleted ? [] : knownCommits(history.written, created ? undefined : before, after)
  const commits = known ?? listCommits(history.git, created ? after : `${before}..${after}`)
  const described = commits.map(({ parents, ...commit }) => commit)
  const follows = known !== undefined || commits[0]?.parents.includes(before)
  return {
    ref: 'refs/heads/main',
    before,
    after,
    base_ref: null,
    created,
    deleted,
    forced: !created && !deleted && !follows && history.git('merge-base', before, after) !== before,
    compare: `https://github.com/imgix-sync/site/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: described,
    head_commit: described.at(-1) ?? null,
    pusher: { name: 'mona', email: 'mona@example.com' },
    repository: { id: 1, name: 'site', full_name: 'imgix-sync/site', private: false, default_branch: 'main' },
    sender: { login: 'mona', type: 'User' },
  }
}

/** The last 20 commits, the newest last. */
function listCommits(git: Repository['git'], range: string) {
  const lines = git('log', '--reverse', '--max-count=20', '--format=%H%x00%T%x00%aI%x00%P%x00%s', range).split('\n')
  return lines.filter(Boolean).map((line) => {
    const [id = '', tree = '', timestamp = '', parents = '', message = ''] = line.split('\0')
    return describe({ id, tree, timestamp, message, parents: parents.split(' ') })
  })
}

/** The same without git. Undefined if git made one of the commits.
 *  @param before undefined for all */
function knownCommits(written: ReadonlyMap<string, Commit>, before: string | undefined, after: string) {
  const commits: ReturnType<typeof describe>[] = []
  for (let id: string | undefined = after; id !== before; ) {
    const commit = written.get(id ?? '')
    if (commit === undefined) return undefined
    const timestamp = new Date(commit.seconds * 1000).toISOString().replace('.000Z', '+00:00')
    commits.unshift(describe({ ...commit, timestamp }))
    id = commit.parents[0]
  }
  return commits.slice(-20)
}

function describe(commit: { id: string; tree: string; timestamp: string; message: string; parents: string[] }) {
  const { id, tree, timestamp, message, parents } = commit
  return { id, tree_id: tree, distinct: true, message, timestamp, author: { name: 'Mona Octocat' }, parents }
}
