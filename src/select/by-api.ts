import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkflowEvent } from '../runner/environment.ts'
import type { ChangedFile, Changes } from './by-git.ts'
import { explainCut, type GitHub } from './github.ts'
import { withLinks } from './links.ts'
import { type BaseQuery, resolveBase } from './resolve-base.ts'
import { NO_STAND_INS } from './stand-ins.ts'
import { listFolder } from './work-tree.ts'

/** The files that changed since the base, from GitHub's API, for a workspace without git. A list that may be cut is not used.
 *  @param folder the workspace and the root in it
 *  @throws BaseError */
export async function findChangesByApi(
  folder: { workspace: string; root: string },
  github: GitHub,
  event: WorkflowEvent,
  query: BaseQuery,
): Promise<Changes> {
  const rootPath = folder.root === '.' ? '' : `${folder.root}/`
  const { number } = (event.payload ?? {}) as { number?: unknown }
  return resolveBase(event, query, {
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
      const links = existsSync(join(folder.workspace, folder.root)) ? await listFolder(folder, true) : []
      const matching = links.filter((path) => query.files(path.slice(rootPath.length)))
      const topLevel = await realpath(folder.workspace)
      const followed = { matching, topLevel, standIns: NO_STAND_INS }
      return { base: listed.base, changed: await withLinks(changed, listed.files, followed) }
    },
    prefetch: async () => {},
    async listAll() {
      const paths = await listFolder(folder)
      return paths.map((path): ChangedFile => ({ path, change: 'present' }))
    },
  })
}
