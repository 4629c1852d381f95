import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

type PushEvent = { name: 'push'; payload: Record<string, unknown> }
export type Repository = {
  dir: string
  /** @returns standard output without the last newline */
  git: (...args: string[]) => string
  /** Contents by path; null deletes. */
  write: (files: Record<string, string | Buffer | null>) => void
  /** For a name that is no UTF-8. */
  writeBytes: (path: Buffer, content: string) => void
  link: (path: string, target: string) => void
  /** @returns the SHA of a commit of everything that is in the work tree */
  commit: (message?: string) => string
  head: () => string
  /** A clone of what is committed, as actions/checkout leaves it: over file://, `origin` as its remote, no tags. */
  clone: (options?: { depth?: number }) => Repository
  pushEvent: (before: string, after: string) => PushEvent
  remove: () => void
}

/** What git reports for a push that creates a branch, or deletes one. */
const noCommit = /^0+$/

/** A git repository on branch `main` in a new temporary folder, deaf to the user's own configuration. */
export function createRepository(options: { objectFormat?: 'sha1' | 'sha256' } = {}): Repository {
  const repository = openRepository(newFolder())
  repository.git('init', '--quiet', '--initial-branch=main', `--object-format=${options.objectFormat ?? 'sha1'}`)
  configure(repository)
  return repository
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
      return git('rev-parse', 'HEAD')
    },
    head: () => git('rev-parse', 'HEAD'),
    clone: (options = {}) => cloneOf(dir, options.depth),
    pushEvent: (before, after) => ({ name: 'push', payload: pushPayload(git, before, after) }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}

function cloneOf(origin: string, depth: number | undefined): Repository {
  const dir = newFolder()
  const shallow = depth === undefined ? [] : [`--depth=${depth}`]
  const branch = runGit(origin, ['rev-parse', '--abbrev-ref', 'HEAD'])
  const named = branch === 'HEAD' ? [] : [`--branch=${branch}`]
  runGit(dir, ['clone', '--quiet', '--no-tags', ...shallow, ...named, pathToFileURL(origin).href, '.'])
  const repository = openRepository(dir)
  configure(repository)
  return repository
}

function configure({ git }: Repository): void {
  git('config', 'core.autocrlf', 'false')
  git('config', 'core.symlinks', 'true')
}

function newFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'imgix-sync-repository-')))
}

/** One minute apart, so that the order of commits never depends on how fast a test runs. */
function dateOf(commit: number): Record<string, string> {
  const date = `${1_760_000_000 + commit * 60} +0000`
  return { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
}

function runGit(dir: string, args: string[], env: Record<string, string> = {}): string {
  const person = { NAME: 'Mona Octocat', EMAIL: 'mona@example.com' }
  const output = execFileSync('git', args, {
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
  const listed = deleted ? [] : git('rev-list', '--reverse', '--max-count=20', created ? after : `${before}..${after}`)
  const commits = String(listed).split('\n').filter(Boolean)
  const described = commits.map((id) => describeCommit(git, id))
  return {
    ref: 'refs/heads/main',
    before,
    after,
    base_ref: null,
    created,
    deleted,
    forced: !created && !deleted && git('merge-base', before, after) !== before,
    compare: `https://github.com/imgix-sync/site/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: described,
    head_commit: described.at(-1) ?? null,
    pusher: { name: 'mona', email: 'mona@example.com' },
    repository: { id: 1, name: 'site', full_name: 'imgix-sync/site', private: false, default_branch: 'main' },
    sender: { login: 'mona', type: 'User' },
  }
}

function describeCommit(git: Repository['git'], id: string): Record<string, unknown> {
  const [tree, timestamp, message] = git('show', '-s', '--format=%T%n%aI%n%s', id).split('\n')
  return { id, tree_id: tree, distinct: true, message, timestamp, author: { name: 'Mona Octocat' } }
}
