import type { WorkflowEvent } from '../runner/environment.ts'
import type { Changes } from './by-git.ts'
import { explainCut, type GitHub } from './github.ts'
import type { HeadTree } from './head-tree.ts'
import { allWithLinks, withLinks } from './links.ts'
import { type BaseQuery, resolveBase } from './resolve-base.ts'

/** The files that changed since the base, from GitHub's API, for a workspace without git. A list that may be cut is not used.
 *  @throws BaseError */
export async function findChangesByApi(
  tree: HeadTree,
  github: GitHub,
  event: WorkflowEvent,
  query: BaseQuery,
): Promise<Changes> {
  const { rootPath } = tree
  const { number } = (event.payload ?? {}) as { number?: unknown }
  const notices = new Set<string>()
  const links = { tree, notices, matches: (path: string) => query.files(path.slice(rootPath.length)) }
  const changes = await resolveBase(event, query, {
    head: { sha: event.sha, parents: [] },
    github,
    rootPath,
    async diff({ ref, mergeBase }) {
      const isPullRequest = mergeBase && typeof number === 'number'
      const listed = isPullRequest
        ? await github.pullRequest(number)
        : await github.compare(ref, event.sha, { mergeBase })
      if (listed === undefined) return "GitHub's API does not compare the head with it"
      if (listed.cut) return explainCut(listed.files.length)
      const changed = listed.files.filter(({ path }) => path.startsWith(rootPath))
      return { base: listed.base, changed: await withLinks(links, changed, async () => listed.files) }
    },
    listAll: () => allWithLinks(links),
  })
  return { ...changes, notices: [...changes.notices, ...notices] }
}
