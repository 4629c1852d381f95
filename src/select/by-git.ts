import type { Selected } from '../events.ts'
import type { WorkflowEvent } from '../runner/environment.ts'
import { type Head, hasMoved } from './base.ts'
import { findBaseCommit, findMergeBase } from './base-commit.ts'
import { createDiff } from './diff.ts'
import type { Git } from './git.ts'
import type { GitHub } from './github.ts'
import { type BaseQuery, resolveBase } from './resolve-base.ts'
import { createTold } from './submodules.ts'

/** What a comparison finds, with what later steps of the selection need. */
export type Changes = Selected & {
  /** no earlier run of the workflow has succeeded on the branch, and the base is the event's */
  readonly isFirstRun?: boolean
  /** the files outside the root that were also compared, and changed */
  readonly changedBeside?: ReadonlySet<string>
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
