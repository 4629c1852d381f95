import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { OFFLINE } from './git-environment.ts'
import { createFetch, type FetchSettings } from './git-fetch.ts'
import {
  GitError,
  parseDiff,
  parsePaths,
  parseTree,
  SHA,
  type Tree,
  type TreeChange,
  withoutNewline,
} from './git-output.ts'
import { isDiskName } from './names.ts'
import type { Run } from './run-git.ts'

/** A repository, with the git commands for it. */
export type Git = Place &
  ReturnType<typeof createCommands> & {
    /** the configuration makes git write links as text files */
    readonly writesLinksAsText: boolean
    /** @param path of a submodule
     *  @returns its repository, which never fetches; undefined if it is not checked out */
    openSubmodule(path: string): Promise<Git | undefined>
  }

type Place = {
  /** absolute path of the folder that git's paths are relative to */
  readonly topLevel: string
  /** it is a submodule of the repository around it */
  readonly isSubmodule: boolean
  /** the root, relative to `topLevel`; '' or ends with a slash */
  readonly rootPath: string
}

/** @param settings `head`: `<sha> commit <size>`, then the commit */
export function createCommands(git: Run, settings: FetchSettings & Place & { readonly head: Buffer }) {
  const { topLevel, rootPath } = settings
  const below = rootPath === '' ? [] : [rootPath]
  const fetchNames = createFetch(git, settings)

  async function must(args: string[]): Promise<Buffer> {
    const { code, stdout, complaint } = await git(args)
    if (code !== 0) throw new GitError(`git ${args[0]}: ${complaint}: check that the clone is complete`)
    return stdout
  }

  /** @returns full SHA of a commit; undefined if the clone lacks it */
  async function findCommit(ref: string): Promise<string | undefined> {
    for (const name of SHA.test(ref) || ref === 'HEAD' ? [ref] : [ref, `refs/remotes/origin/${ref}`]) {
      const { code, stdout } = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`])
      const sha = withoutNewline(stdout)
      if (code === 0 && SHA.test(sha)) return sha
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
    const sha = withoutNewline((await git(['rev-parse', '--verify', '--quiet', 'HEAD'])).stdout)
    const again = 'the clone is damaged: delete it, and clone the repository again'
    if (SHA.test(sha)) {
      const { complaint } = await git(['cat-file', 'commit', sha], { env: OFFLINE })
      return `HEAD is ${sha}, which is not a commit of this clone (${complaint}): ${again}`
    }
    const { code } = await git(['symbolic-ref', '--quiet', 'HEAD']) // works without a commit, but not for a damaged branch
    return code === 0
      ? 'HEAD is not a commit: check out a commit first'
      : `the branch of HEAD names no commit: ${again}`
  }

  /** @returns the commits at which a shallow clone ends */
  async function readShallow(): Promise<Set<string>> {
    const { stdout } = await git(['rev-parse', '--git-path', 'shallow'])
    const file = resolve(topLevel, withoutNewline(stdout))
    const text = existsSync(file) ? await readFile(file, 'latin1') : ''
    return new Set(text.split('\n').filter((line) => SHA.test(line)))
  }

  async function readIndex(): Promise<ReadonlySet<string>> {
    const paths = parsePaths(await must(['ls-files', '-z', '--recurse-submodules']))
    return new Set(paths.filter((path) => isDiskName(path)).map((path) => join(topLevel, path)))
  }

  const trees = new Map<string, Promise<Tree>>()
  let index: Promise<ReadonlySet<string>> | undefined

  return {
    findCommit,

    /** @returns full SHA of the commit that is checked out, and of its parents, which the clone can lack */
    async head(): Promise<{ sha: string; parents: string[] }> {
      const [first = '', ...lines] = settings.head.toString('latin1').split('\n')
      const [sha = '', type] = first.split(' ')
      if (type !== 'commit') throw new GitError(await explainHead())
      const headers = lines.slice(0, lines.indexOf(''))
      return { sha, parents: headers.filter((line) => line.startsWith('parent ')).map((line) => line.slice(7)) }
    },

    /** @returns full SHA of the last common ancestor of two commits in this clone; undefined if there is none */
    async mergeBase(commit: string, head: string): Promise<string | undefined> {
      const { code, stdout } = await git(['merge-base', commit, head])
      return code === 0 ? withoutNewline(stdout) : undefined
    },

    /** @returns the commits whose parents a shallow clone lacks, in the history of `tips` without the history of `below` */
    async findCuts(tips: readonly string[], below?: string): Promise<string[]> {
      const shallow = await readShallow()
      if (shallow.size === 0) return []
      const args = ['rev-list', ...tips, ...(below === undefined ? [] : [`^${below}`]), '--']
      const history = (await must(args)).toString('latin1').split('\n')
      return history.filter((sha) => shallow.has(sha))
    },

    /** Fetches `generations` more generations below the commits at which a shallow clone ends.
     *  @returns whether the remote sent them */
    async deepen(cuts: readonly string[], generations: number): Promise<boolean> {
      return cuts.length > 0 && fetchNames(cuts, generations)
    },

    /** Fetches a commit by SHA, branch or tag, without its history.
     *  @returns its full SHA; undefined if the remote does not send it */
    async fetchCommit(ref: string): Promise<string | undefined> {
      for (const name of SHA.test(ref) ? [ref] : await refNames(ref)) {
        if (await fetchNames([name])) return findCommit(SHA.test(ref) ? ref : 'FETCH_HEAD')
      }
      return undefined
    },

    /** Fetches the commits that the clone lacks, by SHA, several at once, as far as the remote sends them. */
    async fetchCommits(names: readonly string[]): Promise<void> {
      const commits = names.filter((name) => SHA.test(name)) // any other could be a refspec
      const input = commits.map((sha) => `${sha}^{commit}\n`).join('')
      const { stdout } = await git(['cat-file', '--batch-check'], { input })
      const answers = stdout.toString('latin1').split('\n')
      await fetchNames(commits.filter((_, index) => answers[index]?.endsWith(' missing')))
    },

    /** @param paths to compare; none for the whole repository
     *  @returns the changes, with a rename as a deleted and an added file, and with submodules */
    async diff(base: string, head: string, paths: readonly string[] = below): Promise<TreeChange[]> {
      // a submodule counts although .gitmodules can say `ignore = all`
      const known = ['--ignore-submodules=none', '--no-renames', '--no-ext-diff', '--no-textconv']
      const options = ['-r', '-z', '--raw', ...known, '--end-of-options']
      // without `--`, a file that is named as a commit makes the commit ambiguous
      return parseDiff(await must(['diff-tree', ...options, base, head, '--', ...paths]))
    },

    /** @param paths of folders and files; none for the whole repository */
    listTree(commit: string, paths: readonly string[] = below): Promise<Tree> {
      // ls-tree has no `--`: the arguments after the commit are paths
      const args = ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit, ...paths]
      const key = args.join('\0')
      const tree = trees.get(key) ?? must(args).then(parseTree)
      trees.set(key, tree)
      return tree
    },

    /** @returns the absolute paths of all files and links in the index, also of submodules */
    listIndex(): Promise<ReadonlySet<string>> {
      index ??= readIndex()
      return index
    },

    /** @returns the text of a file in a commit; undefined if there is none, or only a larger one */
    async show(commit: string, path: string, maxBytes: number): Promise<string | undefined> {
      const { code, stdout, isCut } = await git(['cat-file', 'blob', `${commit}:${path}`], { maxBytes })
      return code === 0 && !isCut ? stdout.toString('utf8') : undefined
    },
  }
}
