import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { OFFLINE } from './git-environment.ts'
import { createFetch } from './git-fetch.ts'
import {
  type FolderEntry,
  GitError,
  parseDiff,
  parseFiles,
  parseFolder,
  parseLinks,
  parsePaths,
  parseSubmodules,
  type TreeChange,
  withoutNewline,
} from './git-output.ts'
import type { Run } from './run-git.ts'
import type { Submodule } from './submodules.ts'

export type Git = {
  /** absolute path of the folder that git's paths are relative to */
  readonly topLevel: string
  /** whether it is a submodule of the repository around it */
  readonly isSubmodule: boolean
  /** the root, relative to `topLevel`; '' or ends with a slash */
  readonly rootPath: string
  /** @returns full SHA of the commit that is checked out, and of its parents, which the clone can lack */
  head(): Promise<{ sha: string; parents: string[] }>
  /** @returns full SHA of the last common ancestor of two commits in this clone; undefined if there is none */
  mergeBase(commit: string, head: string): Promise<string | undefined>
  /** @returns the commits whose parents a shallow clone lacks, in the history of `tips` without the history of `below` */
  findCuts(tips: readonly string[], below?: string): Promise<string[]>
  /** Fetches `generations` more generations below the commits at which a shallow clone ends.
   *  @returns whether the remote sent them */
  deepen(cuts: readonly string[], generations: number): Promise<boolean>
  /** @returns full SHA of a commit; undefined if the clone lacks it */
  findCommit(ref: string): Promise<string | undefined>
  /** Fetches a commit by SHA, branch or tag, without its history.
   *  @returns its full SHA; undefined if the remote does not send it */
  fetchCommit(ref: string): Promise<string | undefined>
  /** Fetches the commits that the clone lacks, by SHA, several at once, as far as the remote sends them. */
  fetchCommits(commits: readonly string[]): Promise<void>
  /** @param everywhere compare the whole repository, and not only the root
   *  @param beside further paths to compare with the root
   *  @returns the changes, with a rename as a deleted and an added file, and with submodules */
  diff(base: string, head: string, everywhere?: boolean, beside?: readonly string[]): Promise<TreeChange[]>
  /** @param paths of folders and files in the repository
   *  @returns the paths of the files and links of a commit below these paths, or below the root */
  listFiles(commit: string, paths?: readonly string[]): Promise<Iterable<string>>
  /** @param path of a folder: '' or ends with a slash
   *  @returns its entries; empty if the commit has no such folder */
  listFolder(commit: string, path: string): Promise<FolderEntry[]>
  /** @returns the paths of all files and links in the index of the repository, also of its submodules */
  listIndex(): Promise<string[]>
  /** whether the configuration makes git write links as text files */
  readonly writesLinksAsText: boolean
  /** @param paths as for `listFiles`; none for the whole repository
   *  @returns path of each symbolic link -> id of the object with its target */
  listLinks(commit: string, paths?: readonly string[]): Promise<Map<string, string>>
  /** @param paths as for `listLinks`
   *  @returns path of each submodule -> its commit */
  listSubmodules(commit: string, paths?: readonly string[]): Promise<Map<string, string>>
  /** @param path of a submodule
   *  @returns its repository; undefined if it is not checked out */
  openSubmodule(path: string): Promise<Submodule | undefined>
  /** @param path relative to the repository
   *  @returns the text of a file in a commit; undefined if there is none, or only a larger one */
  show(commit: string, path: string, maxBytes: number): Promise<string | undefined>
}

const SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/
const FETCH_AT_ONCE = 50

type GitSettings = Parameters<typeof createFetch>[1] & {
  topLevel: string
  isSubmodule: boolean
  rootPath: string
  writesLinksAsText: boolean
  openSubmodule: Git['openSubmodule']
  /** `<sha> commit <size>`, then the commit */
  head: Buffer
}

/** The git commands for one repository. */
export function createGit(git: Run, settings: GitSettings): Git {
  const below = settings.rootPath === '' ? [] : [settings.rootPath]
  const fetchNames = createFetch(git, settings)

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

  /** @returns full names only: `base` must not use other parts of a refspec, such as a forced update */
  async function refNames(ref: string): Promise<string[]> {
    const names = ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref.replace(/^origin\//, '')}`, `refs/tags/${ref}`]
    const checks = await Promise.all(names.map((name) => git(['check-ref-format', name])))
    return names.filter((_, index) => checks[index]?.code === 0)
  }

  /** @returns why HEAD is not a commit */
  async function explainHead(): Promise<string> {
    const { stdout } = await git(['rev-parse', '--verify', '--quiet', 'HEAD'])
    const sha = withoutNewline(stdout)
    const again = 'the clone is damaged: delete it, and run actions/checkout again'
    if (SHA.test(sha)) {
      const { complaint } = await git(['cat-file', 'commit', sha], { env: OFFLINE })
      return `HEAD is ${sha}, which is not a commit of this clone (${complaint}): ${again}`
    }
    const { code } = await git(['symbolic-ref', '--quiet', 'HEAD']) // works without a commit, but not for a damaged branch
    if (code !== 0) return `the branch of HEAD names no commit: ${again}`
    return 'HEAD is not a commit: check out a commit before this step'
  }

  /** @returns the commits at which a shallow clone ends; none in a complete clone */
  async function readShallow(): Promise<Set<string>> {
    const { stdout } = await git(['rev-parse', '--git-path', 'shallow'])
    const file = resolve(settings.topLevel, withoutNewline(stdout))
    const text = existsSync(file) ? await readFile(file, 'latin1') : ''
    return new Set(text.split('\n').filter((line) => SHA.test(line)))
  }

  const trees = new Map<string, Promise<Buffer>>()
  function listTree(commit: string, paths: readonly string[] = below): Promise<Buffer> {
    // ls-tree has no `--`: the arguments after the commit are paths
    const args = ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit, ...paths]
    const key = args.join('\0')
    const tree = trees.get(key) ?? must(args, 'check that the clone is complete')
    trees.set(key, tree)
    return tree
  }

  return {
    topLevel: settings.topLevel,
    isSubmodule: settings.isSubmodule,
    rootPath: settings.rootPath,
    writesLinksAsText: settings.writesLinksAsText,
    async head() {
      const [first = '', ...lines] = settings.head.toString('latin1').split('\n')
      const [sha = '', type] = first.split(' ')
      if (type !== 'commit') throw new GitError(await explainHead())
      const headers = lines.slice(0, lines.indexOf(''))
      return { sha, parents: headers.filter((line) => line.startsWith('parent ')).map((line) => line.slice(7)) }
    },
    async mergeBase(commit, head) {
      const { code, stdout } = await git(['merge-base', commit, head])
      return code === 0 ? withoutNewline(stdout) : undefined
    },
    async findCuts(tips, below) {
      const shallow = await readShallow()
      if (shallow.size === 0) return []
      const args = ['rev-list', ...tips, ...(below === undefined ? [] : [`^${below}`]), '--']
      const history = (await must(args, 'check that the clone is complete')).toString('latin1').split('\n')
      return history.filter((sha) => shallow.has(sha))
    },
    async deepen(cuts, generations) {
      for (let start = 0; start < cuts.length; start += FETCH_AT_ONCE) {
        if (!(await fetchNames(cuts.slice(start, start + FETCH_AT_ONCE), generations))) return false
      }
      return cuts.length > 0
    },
    findCommit,
    fetchCommit,
    async fetchCommits(names) {
      const commits = names.filter((name) => SHA.test(name)) // any other could be a refspec
      const input = commits.map((sha) => `${sha}^{commit}\n`).join('')
      const { stdout } = await git(['cat-file', '--batch-check'], { input })
      const answers = stdout.toString('latin1').split('\n')
      const shas = commits.filter((_, index) => answers[index]?.endsWith(' missing'))
      // the remote sends all or none; fetchCommit then fetches each alone
      for (let start = 0; start < shas.length; start += FETCH_AT_ONCE)
        await fetchNames(shas.slice(start, start + FETCH_AT_ONCE))
    },
    async diff(base, head, everywhere = false, beside = []) {
      // a submodule counts although .gitmodules can say `ignore = all`
      const known = ['--ignore-submodules=none', '--no-renames', '--no-ext-diff', '--no-textconv']
      const options = ['-r', '-z', '--raw', ...known, '--end-of-options']
      // without `--`, a file that is named as a commit makes the commit ambiguous
      const args = [
        'diff-tree',
        ...options,
        base,
        head,
        '--',
        ...(everywhere || below.length === 0 ? [] : [...below, ...beside]),
      ]
      return parseDiff(await must(args, 'check that the clone is complete'))
    },
    async listFiles(commit, paths) {
      const raw = await listTree(commit, paths)
      return { [Symbol.iterator]: () => parseFiles(raw) }
    },
    async listFolder(commit, path) {
      const args = ['ls-tree', '-z', '--full-tree', '--end-of-options', commit, ...(path === '' ? [] : [path])]
      const entries = parseFolder(await must(args, 'check that the clone is complete'))
      return entries.filter((entry) => entry.path.startsWith(path)) // git gives the submodule itself for its path
    },
    async listIndex() {
      return parsePaths(await must(['ls-files', '-z', '--recurse-submodules'], 'check that the clone is complete'))
    },
    listLinks: async (commit, paths) => parseLinks(await listTree(commit, paths)),
    listSubmodules: async (commit, paths) => parseSubmodules(await listTree(commit, paths)),
    openSubmodule: settings.openSubmodule,
    async show(commit, path, maxBytes) {
      const { code, stdout, isCut } = await git(['cat-file', 'blob', `${commit}:${path}`], { maxBytes })
      return code === 0 && !isCut ? stdout.toString('utf8') : undefined
    },
  }
}
