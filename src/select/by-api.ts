import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkflowEvent } from '../runner/environment.ts'
import type { ChangedFile, Changes } from './by-git.ts'
import type { GitHub } from './github.ts'
import { withLinks } from './links.ts'
import { type Asked, climb } from './resolve-base.ts'
import { listFolder } from './work-tree.ts'

/** The files that changed since the base, without git or a repository: from the lists of GitHub's API, of which none that may be cut is believed.
 *  @param folder the workspace and the root in it
 *  @throws BaseError */
export async function findChangesByApi(
  folder: { workspace: string; root: string },
  github: GitHub,
  event: WorkflowEvent,
  asked: Asked,
): Promise<Changes> {
  const rootPath = folder.root === '.' ? '' : `${folder.root}/`
  const { number } = (event.payload ?? {}) as { number?: unknown }
  return climb(event, asked, {
    head: { sha: event.sha, parents: [] },
    github,
    rootPath,
    async take({ ref, mergeBase }) {
      const isPullRequest = mergeBase && typeof number === 'number'
      const listed = isPullRequest
        ? await github.pullRequest(number)
        : await github.compare(ref, event.sha, { mergeBase })
      if (listed === undefined) return "GitHub's API does not give the difference to it"
      if (listed.cut) return `GitHub's API lists ${listed.files.length} files and may have left out others`
      const changed = listed.files.filter(({ path }) => path.startsWith(rootPath))
      const links = existsSync(join(folder.workspace, folder.root)) ? await listFolder(folder, true) : []
      const matching = links.filter((path) => asked.files(path.slice(rootPath.length)))
      const topLevel = await realpath(folder.workspace)
      return { base: listed.base, changed: await withLinks(changed, listed.files, { matching, topLevel }) }
    },
    prepare: async () => {},
    async listAll() {
      const paths = await listFolder(folder)
      return paths.map((path): ChangedFile => ({ path, change: 'present' }))
    },
  })
}
