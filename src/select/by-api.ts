import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChangedFile } from '../events.ts'
import type { WorkflowEvent } from '../runner/environment.ts'
import type { Changes } from './by-git.ts'
import { explainCut, type GitHub } from './github.ts'
import { tellFolderLinks, withLinks } from './links.ts'
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
  const links = openLinks(folder, (path) => query.files(path.slice(rootPath.length)))
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
      return { base: listed.base, changed: await links.add(changed, listed.files) }
    },
    prefetch: async () => {},
    async listAll() {
      const paths = await listFolder(folder)
      await links.tellAll()
      return paths.map((path): ChangedFile => ({ path, change: 'present' }))
    },
  })
  return { ...changes, notices: [...changes.notices, ...links.notices] }
}

/** The links on disk below the root. */
function openLinks(folder: { workspace: string; root: string }, matches: (path: string) => boolean) {
  const notices: string[] = []
  const listAll = () => listFolder({ ...folder, root: '.' })
  const list = async () => (existsSync(join(folder.workspace, folder.root)) ? await listFolder(folder, true) : [])
  const tell = async (links: readonly string[], changes: Parameters<typeof tellFolderLinks>[0]) => {
    const followed = { topLevel: await realpath(folder.workspace), standIns: NO_STAND_INS }
    notices.push(...(await tellFolderLinks(changes, { ...followed, links, matches, listAll })))
    return followed
  }
  return {
    notices,
    async add(changed: readonly ChangedFile[], everywhere: readonly ChangedFile[]): Promise<ChangedFile[]> {
      const links = await list()
      const followed = await tell(links, { changed, everywhere })
      return withLinks(changed, everywhere, { ...followed, matching: links.filter(matches) })
    },
    async tellAll(): Promise<void> {
      const links = await list()
      await tell(links, { changed: links.map((path) => ({ path })), everywhere: [] })
    },
  }
}
