import type { WorkflowEvent } from '../runner/environment.ts'
import type { BaseStrategy } from './base.ts'
import type { Git } from './git.ts'
import type { TreeChange } from './git-output.ts'
import type { GitHub } from './github.ts'
import { withLinks } from './links.ts'
import { type BaseQuery, resolveBase } from './resolve-base.ts'
import { findStandIns } from './stand-ins.ts'

export type ChangedFile = {
  /** POSIX, relative to the repository */
  readonly path: string
  /** `present`: the file was not compared with a base */
  readonly change: 'added' | 'modified' | 'deleted' | 'present'
}

export type Changes = {
  /** full SHA of the base; '' where it is unknown, or no commit is compared */
  readonly base: string
  readonly head: string
  readonly baseStrategy: BaseStrategy
  /** the folder that maps to the Source's root, relative to the repository; '' or ends with a slash */
  readonly rootPath: string
  readonly files: readonly ChangedFile[]
  /** with shards: how many files of all shards match the patterns */
  readonly matching?: number
  /** how many files below the root changed, or in `mode: all` exist, before the patterns apply */
  readonly considered: number
  /** how the base was found: each candidate, with the reason why it was taken or not */
  readonly steps: readonly string[]
  readonly notices: readonly string[]
  readonly warnings: readonly string[]
  /** links to folders that are never followed although files behind them can match: the reason, by path */
  readonly leftOut?: ReadonlyMap<string, string>
}

/** The files that changed since the base. Every file where no base was found.
 *  @throws GitError, BaseError */
export async function findChanges(
  git: Git,
  github: GitHub | undefined,
  event: WorkflowEvent,
  query: BaseQuery,
): Promise<Changes> {
  const head = await git.head()
  const { rootPath, topLevel } = git
  const changes = await resolveBase(event, query, {
    head,
    github,
    rootPath,
    async diff({ ref, mergeBase }) {
      // a submodule or another repository can have a branch of the same name, which is unrelated
      const isNamed = mergeBase && !/^[0-9a-f]{40,64}$/.test(ref)
      if (isNamed && event.sha !== head.sha && (await git.findCommit(event.sha)) === undefined)
        return "it is a branch of the event's repository, and this clone lacks the event's commit"
      const sha = mergeBase ? ((await git.mergeBase(ref, head.sha)) ?? (await github?.mergeBase(ref, head.sha))) : ref
      if (sha === undefined) return 'neither this clone nor the API has a common commit with it'
      const base = (await git.findCommit(sha)) ?? (await git.fetchCommit(sha))
      if (base === undefined) return 'this clone lacks the commit, and its remote did not send it'
      const [below, links] = await Promise.all([git.diff(base, head.sha), git.listLinks(head.sha)])
      const changed = below.flatMap(toChangedFile)
      const matching = [...links.keys()].filter((path) => query.files(path.slice(rootPath.length)))
      if (matching.length === 0) return { base, changed }
      const everywhere = rootPath === '' ? below : await git.diff(base, head.sha, true)
      const standIns = await findStandIns(git, head.sha, links.keys())
      return { base, changed: await withLinks(changed, everywhere, { matching, topLevel, standIns }) }
    },
    async prefetch(commits) {
      if (commits.length > 1) await git.fetchCommits(commits)
    },
    async listAll() {
      const entries = await git.list(head.sha)
      return entries.filter(({ kind }) => kind !== 'submodule').map(({ path }) => ({ path, change: 'present' }))
    },
  })
  const isUnknown = git.isSubmodule && changes.baseStrategy === 'all' && query.base === ''
  return isUnknown ? { ...changes, notices: [...changes.notices, IN_SUBMODULE] } : changes
}

const IN_SUBMODULE =
  'root: it is in a submodule, and the event names no commit of that, so every matching file is taken: set base to a commit of the submodule'

/** A submodule is not a file: a submodule in place of a file is a deleted file, and the reverse is an added file. */
function toChangedFile({ path, before, after }: TreeChange): ChangedFile[] {
  const was = before !== undefined && before !== 'submodule'
  const is = after !== undefined && after !== 'submodule'
  if (was && is) return [{ path, change: 'modified' }]
  if (is) return [{ path, change: 'added' }]
  return was ? [{ path, change: 'deleted' }] : []
}
