import { relative, sep } from 'node:path'
import type { ChangedFile } from '../events.ts'
import { follow, type StandIns } from './stand-ins.ts'

type Links = {
  /** the links that match, relative to the repository */
  readonly matching: readonly string[]
  /** real path */
  readonly topLevel: string
  readonly standIns: StandIns
}

/** A link itself does not change with its target, but the bytes that are published for it do.
 *  @param everywhere what changed in the whole repository
 *  @returns the changed files below the root, and the unchanged links that lead to or through a changed file */
export async function withLinks(
  changed: readonly ChangedFile[],
  everywhere: readonly { path: string }[],
  { matching, topLevel, standIns }: Links,
): Promise<ChangedFile[]> {
  const known = new Set(changed.map(({ path }) => path))
  const targets = new Set(everywhere.map(({ path }) => path))
  const found: ChangedFile[] = []
  for (const link of matching.filter((path) => !known.has(path))) {
    const { passed } = await follow(topLevel, link, standIns)
    const isLed = passed.some((path) => targets.has(relative(topLevel, path).split(sep).join('/')))
    if (isLed) found.push({ path: link, change: 'modified' })
  }
  return [...changed, ...found]
}

type FolderLinks = Omit<Links, 'matching'> & {
  readonly links: readonly string[]
  /** whether a path relative to the repository matches */
  readonly matches: (path: string) => boolean
  /** @returns every file of the head */
  listAll(): Promise<Iterable<string>>
}

type Changes = {
  /** the changed files and links below the root */
  readonly changed: readonly { path: string }[]
  /** what changed in the whole repository */
  readonly everywhere: readonly { path: string }[]
}

/** `mode: changed` takes no files through a link to a folder. The notices name those that it leaves out.
 *  @returns one notice for each link to a folder behind which a matching file changed, or that itself changed */
export async function tellFolderLinks(
  { changed, everywhere }: Changes,
  { links, matches, listAll, topLevel, standIns }: FolderLinks,
): Promise<string[]> {
  const moved = new Set(changed.map(({ path }) => path))
  const touched = everywhere.map(({ path }) => path)
  const all = links.some((link) => moved.has(link) && !matches(link)) ? [...(await listAll())] : []
  const folders = { touched: foldersOf(touched), all: foldersOf(all) }
  const notices: string[] = []
  for (const link of links) {
    const which = moved.has(link) ? 'all' : 'touched'
    if (which === 'all' && matches(link)) continue // the link itself fails as a file
    const { passed, isLoop } = await follow(topLevel, link, standIns)
    const folder = `${relative(topLevel, passed.at(-1) ?? topLevel)
      .split(sep)
      .join('/')}/`
    if (isLoop || !folders[which].has(folder) || `${link}/`.startsWith(folder)) continue // a loop publishes nothing
    const below = { touched, all }[which].filter((path) => path.startsWith(folder))
    const behind = below.map((path) => link + path.slice(folder.length - 1)).filter(matches)
    if (behind.length > 0) notices.push(leftOut(link, behind))
  }
  return notices
}

/** @returns the folders above the paths, each with a slash */
function foldersOf(paths: readonly string[]): Set<string> {
  const folders = new Set<string>()
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end !== -1; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end + 1)
      if (folders.has(folder)) break
      folders.add(folder)
    }
  }
  return folders
}

function leftOut(link: string, [first = '', ...more]: readonly string[]): string {
  const files = more.length === 0 ? first : `${first} and ${more.length} more`
  return `${link} is a link to a folder, and mode: changed takes no files through it, which leaves out ${files}: put the files themselves there, or run once with mode: all`
}
