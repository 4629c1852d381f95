import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { GitError, parseDiff, parseLinks, parseTree, type TreeChange, type TreeEntry } from './git-output.ts'
import { type Result, type RunOptions, runGit } from './run-git.ts'

export type Git = {
  /** absolute path of the folder that git's paths are relative to */
  readonly topLevel: string
  /** the folder to look at, relative to it: '' or ends with a slash */
  readonly rootPath: string
  /** @returns full SHA of the commit that is checked out, and its parents, also where the clone lacks those */
  head(): Promise<{ sha: string; parents: string[] }>
  /** @returns full SHA of a common ancestor, undefined where the clone knows none */
  mergeBase(ref: string, head: string): Promise<string | undefined>
  /** @returns full SHA of a commit that the clone has, undefined where it lacks it */
  findCommit(ref: string): Promise<string | undefined>
  /** Brings a commit from the remote, by SHA, branch or tag, without its history.
   *  @returns its full SHA, undefined where the remote does not give it */
  fetchCommit(ref: string): Promise<string | undefined>
  /** Brings those of the commits that the clone lacks, by SHA, several at once, as far as the remote gives them. */
  fetchCommits(commits: readonly string[]): Promise<void>
  /** @returns what differs below the root, a rename as a delete and an add, the base's submodules left in
   *  @param everywhere in the whole repository */
  diff(base: string, head: string, everywhere?: boolean): Promise<TreeChange[]>
  /** @returns all that a commit holds below the root */
  list(commit: string): Promise<TreeEntry[]>
  /** @returns the paths of the symbolic links among it */
  listLinks(commit: string): Promise<string[]>
  /** @param path relative to the repository
   *  @returns what a commit has in a file, undefined where it has none */
  show(commit: string, path: string): Promise<string | undefined>
}

const SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/
const FETCH_TIMEOUT_MS = 300_000
const FETCH_AT_ONCE = 50

/** A token for the remotes of one server, used where the clone has no credentials of its own; '' for none. */
type Credentials = { token: string; serverUrl: string }

type GitSettings = {
  workspace: string
  root: string
  env: Readonly<Record<string, string | undefined>>
  credentials: Credentials
  signal: AbortSignal
  /** hears what git says of a fetch that fails; the run goes on */
  onComplaint?: (text: string) => void
}

/** Opens the repository that the root lies in, which may be the workspace or a folder in it.
 *  @throws GitError where there is no git or no repository */
export async function openGit({ workspace, root, env, credentials, signal, onComplaint }: GitSettings): Promise<Git> {
  const folder = resolve(workspace, root)
  let existing = folder
  while (!existsSync(existing)) existing = dirname(existing)
  const settings = [
    '-c',
    'gc.auto=0',
    '-c',
    'maintenance.auto=false',
    ...safeDirectories(existing),
    '--literal-pathspecs',
  ]
  const childEnv = { ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' }
  const at =
    (cwd: string) =>
    (args: string[], options: RunOptions = {}) =>
      runGit([...settings, ...args], { ...options, cwd, env: { ...childEnv, ...options.env }, signal })

  // the raw commit: what git calls the parents ends where a shallow clone ends
  const [found, head] = await Promise.all([
    at(existing)(['rev-parse', '--show-toplevel']),
    at(existing)(['cat-file', '--batch'], { input: 'HEAD\n' }),
  ])
  if (found.code !== 0) {
    throw new GitError(
      `${workspace} holds no git repository (${found.complaint}): put actions/checkout before this step`,
    )
  }
  const topLevel = resolve(withoutNewline(found.stdout))
  const rest = relative(existing, folder)
  const rootPath = relative(topLevel, join(realpathSync(existing), rest))
    .split(sep)
    .join('/')
  return commands(at(topLevel), {
    topLevel,
    credentials,
    onComplaint: onComplaint ?? (() => {}),
    head: head.stdout,
    rootPath: rootPath === '' ? '' : `${rootPath}/`,
  })
}

type Run = (args: string[], options?: RunOptions) => Promise<Result>

type Place = {
  topLevel: string
  rootPath: string
  credentials: Credentials
  onComplaint: (text: string) => void
  /** `<sha> commit <size>`, then the commit */
  head: Buffer
}

function commands(git: Run, place: Place): Git {
  const pathspec = place.rootPath === '' ? [] : ['--', place.rootPath]

  async function must(args: string[], remedy: string): Promise<Buffer> {
    const { code, stdout, complaint } = await git(args)
    if (code !== 0) throw new GitError(`git ${args[0]}: ${complaint}: ${remedy}`)
    return stdout
  }

  async function findCommit(ref: string): Promise<string | undefined> {
    for (const name of SHA.test(ref) || ref === 'HEAD' ? [ref] : [ref, `refs/remotes/origin/${ref}`]) {
      const { code, stdout } = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`])
      const sha = withoutNewline(stdout)
      if (code === 0 && SHA.test(sha)) return sha
    }
    return undefined
  }

  async function fetchCommit(ref: string): Promise<string | undefined> {
    for (const name of SHA.test(ref) ? [ref] : await refNames(ref)) {
      if (await fetchNames([name])) return findCommit(SHA.test(ref) ? ref : 'FETCH_HEAD')
    }
    return undefined
  }

  /** @returns whether the remote gave all of them */
  async function fetchNames(names: readonly string[]): Promise<boolean> {
    const remotes = withoutNewline((await git(['remote'])).stdout).split('\n')
    const remote = remotes.includes('origin') ? 'origin' : remotes[0]
    if (!remote) return false
    const shallow = withoutNewline((await git(['rev-parse', '--is-shallow-repository'])).stdout) === 'true'
    const options = ['--no-tags', '--no-recurse-submodules', '--quiet', ...(shallow ? ['--depth=1'] : [])]
    for (const env of [{}, ...(await tokenFor(remote))]) {
      const { code, complaint } = await git(['fetch', ...options, '--', remote, ...names], {
        timeoutMs: FETCH_TIMEOUT_MS,
        env,
      })
      if (code === 0) return true
      place.onComplaint(`git fetch from ${remote}: ${complaint.replace(/\/\/[^/@\s]+@/g, '//***@')}`)
    }
    return false
  }

  /** The token for where the checkout left none: by the environment of one command, for the one host that it is for. */
  async function tokenFor(remote: string): Promise<Record<string, string>[]> {
    const { token, serverUrl } = place.credentials
    const url = withoutNewline((await git(['remote', 'get-url', '--', remote])).stdout)
    if (token === '' || !url.startsWith(`${serverUrl}/`)) return []
    const name = `http.${serverUrl}/.extraheader`
    const header = `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`
    // the empty value drops a header that the checkout may have left, since two are refused
    return [
      {
        ...{ GIT_CONFIG_COUNT: '2', GIT_CONFIG_KEY_0: name, GIT_CONFIG_VALUE_0: '' },
        ...{ GIT_CONFIG_KEY_1: name, GIT_CONFIG_VALUE_1: header },
      },
    ]
  }

  function listTree(commit: string): Promise<Buffer> {
    // what follows the commit are paths: there is no `--` here
    const args = ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit, ...pathspec.slice(1)]
    return must(args, 'check that the clone is whole')
  }

  /** Full names only: what else a refspec can say, such as a forced update, is not for a base to say. */
  async function refNames(ref: string): Promise<string[]> {
    const names = ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref.replace(/^origin\//, '')}`, `refs/tags/${ref}`]
    const checks = await Promise.all(names.map((name) => git(['check-ref-format', name])))
    return names.filter((_, index) => checks[index]?.code === 0)
  }

  return {
    topLevel: place.topLevel,
    rootPath: place.rootPath,
    async head() {
      const [first = '', ...lines] = place.head.toString('latin1').split('\n')
      const [sha = '', type] = first.split(' ')
      if (type !== 'commit') throw new GitError('HEAD is no commit: check out a commit before this step')
      const headers = lines.slice(0, lines.indexOf(''))
      return { sha, parents: headers.filter((line) => line.startsWith('parent ')).map((line) => line.slice(7)) }
    },
    async mergeBase(ref, head) {
      const commit = await findCommit(ref)
      if (commit === undefined) return undefined
      const { code, stdout } = await git(['merge-base', commit, head])
      return code === 0 ? withoutNewline(stdout) : undefined
    },
    findCommit,
    fetchCommit,
    async fetchCommits(commits) {
      const input = commits.map((sha) => `${sha}^{commit}\n`).join('')
      const { stdout } = await git(['cat-file', '--batch-check'], { input })
      const answers = stdout.toString('latin1').split('\n')
      const shas = commits.filter((_, index) => answers[index]?.endsWith(' missing'))
      // the remote gives all or none: one that it lacks is asked for alone, later
      for (let start = 0; start < shas.length; start += FETCH_AT_ONCE)
        await fetchNames(shas.slice(start, start + FETCH_AT_ONCE))
    },
    async diff(base, head, everywhere = false) {
      const options = ['-r', '-z', '--raw', '--no-renames', '--end-of-options']
      const args = ['diff-tree', ...options, base, head, ...(everywhere ? [] : pathspec)]
      return parseDiff(await must(args, 'check that the clone is whole'))
    },
    list: async (commit) => parseTree(await listTree(commit)),
    listLinks: async (commit) => parseLinks(await listTree(commit)),
    async show(commit, path) {
      const { code, stdout } = await git(['cat-file', 'blob', `${commit}:${path}`])
      return code === 0 ? stdout.toString('utf8') : undefined
    },
  }
}

function withoutNewline(output: Buffer): string {
  return output.toString('utf8').replace(/\n$/, '')
}

/** A container's workspace often belongs to another user: git is told by argument, the user's configuration stays as it is. */
function safeDirectories(folder: string): string[] {
  const folders = new Set<string>()
  for (const start of [folder, realpathSync(folder)]) {
    for (let current = start; !folders.has(current); current = dirname(current)) folders.add(current)
  }
  return [...folders].flatMap((path) => ['-c', `safe.directory=${path.split(sep).join('/')}`])
}
