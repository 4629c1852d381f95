import type { WorkflowEvent } from '../runner/environment.ts'
import { type BaseStrategy, type Head, hasMoved } from './base.ts'
import { findBaseCommit, findMergeBase } from './base-commit.ts'
import { createDiff } from './diff.ts'
import type { Git } from './git.ts'
import type { GitHub } from './github.ts'
import { type BaseQuery, resolveBase } from './resolve-base.ts'
import { createTold } from './submodules.ts'

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
  /** how a later run can do better; the last line of the summary shows it */
  readonly hints?: readonly string[]
  readonly warnings: readonly string[]
  /** no earlier run of the workflow has succeeded on the branch, and the base is the event's */
  readonly isFirstRun?: boolean
  /** in such a run: how many matching files have not changed since the base */
  readonly untouched?: number
  /** links to folders that are never followed although files behind them can match: the reason, by path */
  readonly leftOut?: ReadonlyMap<string, string>
  /** why the base is the base; undefined where there is none */
  readonly baseReason?: string
  /** the files outside the root that were also compared, and changed */
  readonly changedBeside?: ReadonlySet<string>
  /** the files that the head has, where a folder was read; undefined: it has all of them */
  readonly tracked?: ReadonlySet<string>
}

const SHA = /^[0-9a-f]{40,64}$/

/** The files that changed since the base. Every file where no base was found.
 *  @throws GitError, BaseError */
export async function findChanges(
  git: Git,
  github: GitHub | undefined,
  event: WorkflowEvent,
  query: BaseQuery & { readonly beside?: readonly string[] },
): Promise<Changes> {
  const { sha, parents } = await git.head()
  const head = { sha, parents, ...(await followsPush(git, github, event, { sha, base: query.base })) }
  const { rootPath } = git
  const told = createTold()
  const changedBeside = new Set<string>()
  const { files, beside = [] } = query
  const diff = createDiff({ git, github, head: head.sha, files, told, beside, changedBeside })
  const changes = await resolveBase(event, query, {
    head,
    github,
    rootPath,
    async diff({ ref, mergeBase }) {
      // a submodule or another repository can have a branch of the same name, which is unrelated
      const isNamed = mergeBase && !SHA.test(ref)
      if (isNamed && event.sha !== '' && event.sha !== head.sha && (await git.findCommit(event.sha)) === undefined)
        return "it is a branch of the event's repository, and this clone lacks the event's commit"
      const wanted = mergeBase ? await findMergeBase(git, github, { ref, head: head.sha }) : { sha: ref }
      if ('why' in wanted) return wanted.why
      const base = await findBaseCommit(git, wanted.sha)
      return base === undefined ? diff.byApi(wanted.sha) : diff.byGit(base)
    },
    async prefetch(commits) {
      if (commits.length > 1) await git.fetchCommits(commits)
    },
    listAll: diff.listAll,
  })
  const isUnknown = git.isSubmodule && changes.baseStrategy === 'all' && query.base === ''
  const notices = [...changes.notices, ...told.notices, ...(isUnknown ? [IN_SUBMODULE] : [])]
  const steps = [...changes.steps, ...told.steps]
  return { ...changes, notices, steps, ...(changedBeside.size > 0 && { changedBeside }) }
}

/** @returns whether the commit of a push is an ancestor of another commit that is checked out; empty if it is not asked */
async function followsPush(
  git: Git,
  github: GitHub | undefined,
  event: WorkflowEvent,
  { sha, base }: { sha: string; base: string },
): Promise<Pick<Head, 'follows'>> {
  if (base !== '' || event.told !== undefined || git.isSubmodule || !hasMoved(event, sha)) return {}
  const after = String((event.payload as { after?: unknown }).after)
  const common = await findMergeBase(git, github, { ref: after, head: sha })
  return { follows: 'sha' in common && common.sha === after }
}

const IN_SUBMODULE =
  'root: it is in a submodule, and the event names no commit of that, so every matching file is taken: set base to a commit of the submodule'
