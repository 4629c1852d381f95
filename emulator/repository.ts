import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
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

/** A git repository on branch `main` in a new temporary folder. It ignores the user's configuration. */
export function createRepository(options: { objectFormat?: 'sha1' | 'sha256' } = {}): Repository {
  const repository = openRepository(newFolder())
  const format = `--object-format=${options.objectFormat ?? 'sha1'}`
  repository.git('init', '--quiet', '--template=', '--initial-branch=main', format)
  const settings = Object.entries(SETTINGS).map(([name, value]) => `\t${name} = ${value}\n`)
  appendFileSync(join(repository.dir, '.git/config'), `[core]\n${settings.join('')}`)
  return repository
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

function openRepository(dir: string): Repository {
  const git = (...args: string[]) => runGit(dir, args)
  let commits = 0
  const place = (path: string) => {
    const full = join(dir, path)
    mkdirSync(dirname(full), { recursive: true })
    rmSync(full, { recursive: true, force: true })
    return full
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
      git('add', '-A')
      runGit(dir, ['commit', '--quiet', '--allow-empty', '-m', message], dateOf(commits))
      return headOf(dir)
    },
    head: () => headOf(dir),
    clone: (options = {}) => cloneOf(dir, options.depth),
    pushEvent: (before, after) => ({ name: 'push', payload: pushPayload(git, before, after) }),
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
function dateOf(commit: number): Record<string, string> {
  const date = `${1_760_000_000 + commit * 60} +0000`
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

function pushPayload(git: Repository['git'], before: string, after: string): Record<string, unknown> {
  const created = noCommit.test(before)
  const deleted = noCommit.test(after)
  const commits = deleted ? [] : listCommits(git, created ? after : `${before}..${after}`)
  const described = commits.map(({ parents, ...commit }) => commit)
  const follows = commits[0]?.parents.includes(before)
  return {
    ref: 'refs/heads/main',
    before,
    after,
    base_ref: null,
    created,
    deleted,
    forced: !created && !deleted && !follows && git('merge-base', before, after) !== before,
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
    const [id = '', tree, timestamp, parents = '', message] = line.split('\0')
    const author = { name: 'Mona Octocat' }
    return { id, tree_id: tree, distinct: true, message, timestamp, author, parents: parents.split(' ') }
  })
}
