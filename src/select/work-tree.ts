import { existsSync } from 'node:fs'
import { lstat, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { UploadStep } from '../events.ts'
import { isGitName } from '../inputs/git-name.ts'
import { namesBelow } from '../inputs/paths.ts'
import { explainWindowsName } from './names.ts'
import { NO_STAND_INS, resolvePath, type StandIns } from './stand-ins.ts'
import { readFolder } from './walk.ts'

/** Identifies the file that was found, so that a later reader notices another file or a change. */
export type FileIdentity = UploadStep['identity']

/** A file on disk, by its real path, or the reason why it can't be published. */
export type WorkTreeFile = Pick<UploadStep, 'absolutePath' | 'bytes' | 'identity'> | { readonly problem: string }

const AT_A_TIME = 64
const BROKEN = 'put the target back, or the file itself in place of the link'
const MISSING = {
  git: 'a file in git, but not in the work tree: check it out, and let no earlier step delete it',
  api: "a file in the repository, by GitHub's API, but not in the workspace: put actions/checkout before this step, or start in a clone",
  folder: 'it has disappeared since the folder was listed: does another process change the folder during this run?',
}

type WorkTree = {
  readonly workspace: string
  /** the folder that the paths are relative to */
  readonly topLevel: string
  /** the source of the paths; default git */
  readonly listedBy?: keyof typeof MISSING
  readonly standIns?: StandIns
  readonly windows?: boolean
}

/** A symbolic link, or a text file that stands for one, is followed only to a file inside the workspace and outside `.git`.
 *  @returns the files by path */
export async function probeFiles(
  paths: readonly string[],
  { listedBy = 'git', standIns = NO_STAND_INS, windows = process.platform === 'win32', ...place }: WorkTree,
): Promise<Map<string, WorkTreeFile>> {
  const [workspace, topLevel] = await Promise.all([realpath(place.workspace), realpath(place.topLevel)])
  const files = new Map<string, WorkTreeFile>()
  const queue = [...paths].reverse()
  const worker = async (): Promise<void> => {
    for (let path = queue.pop(); path !== undefined; path = queue.pop())
      files.set(path, await probe(path, { workspace, topLevel, listedBy, standIns, windows }))
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, worker))
  return files
}

async function probe(
  path: string,
  { workspace, topLevel, listedBy, standIns, windows }: Required<WorkTree>,
): Promise<WorkTreeFile> {
  const why = windows ? explainWindowsName(path) : undefined
  if (why !== undefined) return { problem: `${why}: rename it, or run this job on another system` }
  if (!path.isWellFormed()) return { problem: 'its name is not UTF-8, so no URL can contain it: rename it' }
  const full = join(topLevel, path)
  const isLink = standIns.has(full) || (await lstat(full).catch(() => undefined))?.isSymbolicLink() === true
  try {
    const absolutePath = await resolvePath(topLevel, path, standIns)
    const inside = namesBelow(workspace, absolutePath)
    if (inside === undefined)
      return {
        problem: 'a symbolic link that leaves the workspace, which is never followed: put the file itself in its place',
      }
    if (inside.some(isGitName))
      return { problem: 'a symbolic link into .git, which is never followed: put the file itself in its place' }
    const stats = await lstat(absolutePath, { bigint: true })
    const { size, dev, ino, ctimeNs } = stats
    if (stats.isFile()) return { absolutePath, bytes: Number(size), identity: { dev, ino, ctimeNs } }
    if (!stats.isDirectory())
      return { problem: 'it is not a regular file: put a file in its place, or leave it out by `files`' }
    if (isLink) return { problem: 'a symbolic link to a folder: put the files themselves in its place' }
    return { problem: 'a file in git, but a folder in the work tree: check it out, and let no earlier step replace it' }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (isLink) return { problem: `a symbolic link whose target can't be reached (${code}): ${BROKEN}` }
    return { problem: code === 'ENOENT' ? MISSING[listedBy] : `it can't be read (${code})` }
  }
}

/** Lists what is below the root, without `.git`, and follows no link.
 *  @returns every file and link, and the links, POSIX, relative to the workspace */
export async function listFolder({ workspace, root }: { workspace: string; root: string }) {
  const files: string[] = []
  const links: string[] = []
  const folders = existsSync(join(workspace, root)) ? [root === '.' ? '' : `${root}/`] : []
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const { name, isFolder, isLink } of await readFolder(join(workspace, folder))) {
      if (isGitName(name)) continue
      const path = `${folder}${name}`
      if (isFolder) folders.push(`${path}/`)
      else files.push(path)
      if (isLink) links.push(path)
    }
  }
  return { files: files.sort(), links: links.sort() }
}
