import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { UploadStep } from '../../events.ts'
import { foldName } from '../../inputs/fold-name.ts'

type Named = Pick<UploadStep, 'path' | 'originPath'>

/**
 * Finds files that would replace each other: two files with one origin path, and twins, whose names differ only by case or
 * Unicode form, which many file systems, tools and readers treat as one name.
 * @param others files, relative to the repository, that this run does not upload and that are at the Source now or later
 * @returns the problem, by path
 */
export function findClashes(uploads: readonly Named[], others: readonly string[] = []): Map<string, string> {
  const clashes = new Map<string, string>()
  const notUploaded = Map.groupBy(others, foldName)
  for (const { path } of uploads) {
    const twin = notUploaded.get(foldName(path))?.[0]
    if (twin !== undefined) clashes.set(path, twinSentence(path, twin))
  }
  for (const steps of Map.groupBy(uploads, ({ originPath }) => foldName(originPath)).values()) {
    const ofOrigin = Map.groupBy(steps, ({ originPath }) => originPath)
    for (const step of steps.length > 1 ? steps : []) {
      const isOther = ({ path }: Named): boolean => path !== step.path
      const rival = ofOrigin.get(step.originPath)?.find(isOther)
      const twin = steps.find(isOther)
      if (rival !== undefined) clashes.set(step.path, `${rival.path} has the same origin path: ${REMEDY}`)
      else if (twin !== undefined) clashes.set(step.path, twinSentence(step.path, twin.path))
    }
  }
  return clashes
}

const REMEDY = 'rename one of the two, or leave one out by `files`'

function twinSentence(path: string, twin: string): string {
  const difference = path.normalize() === twin.normalize() ? 'Unicode form' : 'case'
  return `its path differs only by ${difference} from ${twin}: ${REMEDY}`
}

export type WorkTree = {
  readonly topLevel: string
  /** the folder that maps to the Source's root, relative to the repository; '' or ends with a slash */
  readonly rootPath: string
  /** whether `files` matches a path relative to that folder */
  readonly matches: (path: string) => boolean
}

/**
 * Finds twins of uploads among the other files of the work tree. It reads only the folders of the uploads, their parents,
 * and the twins of these folders.
 */
export async function findTwins(
  uploads: readonly Named[],
  { topLevel, rootPath, matches }: WorkTree,
  signal: AbortSignal,
): Promise<string[]> {
  const { files, folders } = foldedNames(uploads)
  const onDisk: string[] = []
  const queue = uploads.length > 0 ? [rootPath] : []
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    signal.throwIfAborted()
    // a folder that can't be read has no twins; the uploads report their own files
    const entries = await readdir(join(topLevel, folder), { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = folder + entry.name
      if (!(entry.isDirectory() ? folders : files).has(foldName(path))) continue
      if (entry.isDirectory()) queue.push(`${path}/`)
      else onDisk.push(path)
    }
  }
  const uploaded = new Set(uploads.map(({ path }) => path))
  // on a disk that ignores case, the only name is that of the upload itself, in any spelling
  const several = [...Map.groupBy(onDisk, foldName).values()].filter((paths) => paths.length > 1)
  return several.flat().filter((path) => !uploaded.has(path) && matches(path.slice(rootPath.length)))
}

function foldedNames(uploads: readonly Named[]): { files: Set<string>; folders: Set<string> } {
  const seen = new Set<string>()
  for (const { path } of uploads) {
    let end = path.lastIndexOf('/')
    while (end > 0 && !seen.has(path.slice(0, end))) {
      seen.add(path.slice(0, end))
      end = path.lastIndexOf('/', end - 1)
    }
  }
  return { files: new Set(uploads.map(({ path }) => foldName(path))), folders: new Set([...seen].map(foldName)) }
}
