import type { ChangedFile } from '../events.ts'
import type { HeadTree } from './head-tree.ts'
import { relativePath, some } from './names.ts'
import { follow } from './stand-ins.ts'
import type { Told } from './submodules.ts'

/** A link itself does not change with its target, but the bytes that are published for it do.
 *  @param changed what changed below the root
 *  @param findEverywhere finds what changed in the whole repository
 *  @param told receives one notice for each link to a folder behind which a matching file changed, or that itself changed:
 *   `mode: changed` takes no files through it
 *  @returns the changed files, and the unchanged links that lead to or through a changed file */
export async function withLinks(
  changed: readonly ChangedFile[],
  findEverywhere: () => Promise<readonly { path: string }[]>,
  tree: HeadTree,
  told: Pick<Told, 'notices'>,
): Promise<readonly ChangedFile[]> {
  const { matches, topLevel } = tree
  const { links } = await tree.list()
  if (links.length === 0) return changed
  const moved = new Set(changed.map(({ path }) => path))
  const touched = foldersOf((await findEverywhere()).map(({ path }) => path))
  const isElsewhere = (link: string): boolean => moved.has(link) && !matches(link)
  const all = foldersOf(links.some(isElsewhere) ? [...(await tree.listEverywhere())] : [])
  const standIns = await tree.standIns()
  const led: ChangedFile[] = []
  for (const link of links) {
    if (moved.has(link) && matches(link)) continue // it is among the changed files, and fails as one if it leads to a folder
    const { passed, isLoop } = await follow(topLevel, link, standIns)
    const places = passed.map((path) => relativePath(topLevel, path))
    if (matches(link) && places.some((path) => touched.paths.has(path))) led.push({ path: link, change: 'modified' })
    const folder = `${places.at(-1)}/`
    const { paths, folders } = moved.has(link) ? all : touched
    if (isLoop || !folders.has(folder) || `${link}/`.startsWith(folder)) continue // a loop publishes nothing
    const below = [...paths].filter((path) => path.startsWith(folder))
    const behind = below.map((path) => link + path.slice(folder.length - 1)).filter(matches)
    if (behind.length > 0) told.notices.add(leftOut(link, behind))
  }
  return [...changed, ...led]
}

/** @returns also the folders above the paths, each with a slash */
function foldersOf(paths: readonly string[]): { paths: ReadonlySet<string>; folders: ReadonlySet<string> } {
  const folders = new Set<string>()
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end !== -1; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end + 1)
      if (folders.has(folder)) break
      folders.add(folder)
    }
  }
  return { paths: new Set(paths), folders }
}

function leftOut(link: string, files: readonly string[]): string {
  return `${link} is a link to a folder, and mode: changed takes no files through it, which leaves out ${some(files)}: put the files themselves there, or run once with mode: all`
}
