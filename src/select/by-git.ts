import type { WorkflowEvent } from '../runner/environment.ts'
import type { BaseStrategy } from './base.ts'
import type { Git } from './git.ts'
import type { TreeChange } from './git-output.ts'
import type { GitHub } from './github.ts'
import { withLinks } from './links.ts'
import { type Asked, climb } from './resolve-base.ts'

export type ChangedFile = {
  /** POSIX, relative to the repository */
  readonly path: string
  /** `present`: there is no base to compare with */
  readonly change: 'added' | 'modified' | 'deleted' | 'present'
}

export type Changes = {
  /** full SHA of the commit compared with, '' where there is none or it is not known */
  readonly base: string
  readonly head: string
  readonly baseStrategy: BaseStrategy
  /** the folder that maps to the Source's root, relative to the repository: '' or ends with a slash */
  readonly rootPath: string
  readonly files: readonly ChangedFile[]
  /** how many match the patterns, where `files` are only those of one shard */
  readonly matching?: number
  /** how many files below the root differ, or are there, before the patterns */
  readonly considered: number
  /** the steps of the ladder, taken or passed over, each with its reason */
  readonly steps: readonly string[]
  readonly notices: readonly string[]
  readonly warnings: readonly string[]
  /** links to folders that are never followed, with the reason, by path; the patterns take what may lie behind them */
  readonly leftOut?: ReadonlyMap<string, string>
}

/** The files that changed since the base; every file where no base can be had, never none for want of one.
 *  @throws GitError, BaseError */
export async function findChanges(
  git: Git,
  github: GitHub | undefined,
  event: WorkflowEvent,
  asked: Asked,
): Promise<Changes> {
  const head = await git.head()
  const { rootPath, topLevel } = git
  let links: Promise<string[]> | undefined
  const listLinks = async (): Promise<string[]> =>
    (await git.listLinks(head.sha)).filter((path) => asked.files(path.slice(rootPath.length)))
  return climb(event, asked, {
    head,
    github,
    rootPath,
    async take({ ref, mergeBase }) {
      // a branch of that name is in a submodule and in another checked out repository too, and says nothing there
      const isNamed = mergeBase && !/^[0-9a-f]{40,64}$/.test(ref)
      if (isNamed && event.sha !== head.sha && (await git.findCommit(event.sha)) === undefined)
        return "it is a branch of the event's repository, and this clone does not have the event's commit"
      const sha = mergeBase ? ((await git.mergeBase(ref, head.sha)) ?? (await github?.mergeBase(ref, head.sha))) : ref
      if (sha === undefined) return 'no common commit with it is in this clone, nor does the API name one'
      const base = (await git.findCommit(sha)) ?? (await git.fetchCommit(sha))
      if (base === undefined) return 'this clone lacks that commit, and its remote did not give it'
      links ??= listLinks()
      const [below, matching] = await Promise.all([git.diff(base, head.sha), links])
      const changed = below.flatMap(toChangedFile)
      if (matching.length === 0) return { base, changed }
      const everywhere = rootPath === '' ? below : await git.diff(base, head.sha, true)
      return { base, changed: await withLinks(changed, everywhere, { matching, topLevel }) }
    },
    async prepare(commits) {
      if (commits.length > 1) await git.fetchCommits(commits)
    },
    async listAll() {
      const entries = await git.list(head.sha)
      return entries.filter(({ kind }) => kind !== 'submodule').map(({ path }) => ({ path, change: 'present' }))
    },
  })
}

/** A submodule is no file: one that takes a file's place deletes it, one that gives way to a file adds it. */
function toChangedFile({ path, before, after }: TreeChange): ChangedFile[] {
  const was = before !== undefined && before !== 'submodule'
  const is = after !== undefined && after !== 'submodule'
  if (was && is) return [{ path, change: 'modified' }]
  if (is) return [{ path, change: 'added' }]
  return was ? [{ path, change: 'deleted' }] : []
}
