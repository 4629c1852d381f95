import { isUtf8 } from 'node:buffer'
import { relative, sep } from 'node:path'
import { foldName } from '../inputs/fold-name.ts'
import type { WorkTreeFile } from './work-tree.ts'

/** @returns POSIX */
export function relativePath(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/')
}

/** @returns the entry of this name, else the first whose name differs from it only by case or Unicode form */
export function findAlike<E>(entries: readonly E[], name: string, nameOf: (entry: E) => string): E | undefined {
  const folded = foldName(name)
  return entries.find((entry) => nameOf(entry) === name) ?? entries.find((entry) => foldName(nameOf(entry)) === folded)
}

/** @returns the first few of a list */
export function some(items: readonly string[], max = 1): string {
  const shown = items.slice(0, max).join(', ')
  return items.length > max ? `${shown} and ${items.length - max} more` : shown
}

/** Decodes a file name. A name that is not UTF-8 becomes a unique string that is not well-formed, so no URL can contain it. */
export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)))
}

/** @returns a path with names that `decodeName` gave, as the disk has them */
export function encodePath(path: string): string | Buffer {
  if (path.isWellFormed()) return path
  const names = path.split(sep).map((name) => Buffer.from(name, name.isWellFormed() ? 'utf8' : 'latin1'))
  return Buffer.concat(names.flatMap((name, index) => (index === 0 ? [name] : [Buffer.from(sep), name])))
}

/** @param path git's, POSIX
 *  @returns whether the disk can have a file by this name: on Windows `a\b` would be `b` in the folder `a` */
export function isDiskName(path: string, windows = process.platform === 'win32'): boolean {
  return !windows || explainWindowsName(path) === undefined
}

/** @param path git's, POSIX
 *  @returns why Windows cannot have a file by this name, or takes it for another name; undefined if it can
 *  @see https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
export function explainWindowsName(path: string): string | undefined {
  for (const name of path.split('/')) {
    if (name.includes('\\')) return 'its name contains a backslash, which separates folders on Windows'
    if (/[\p{Cc}:*?"<>|]/u.test(name)) return 'its name contains a character that Windows allows in no name'
    if (/[. ]$/.test(name)) return 'its name ends with a dot or a space, which Windows drops'
    if (/^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]) *(\.|$)/i.test(name))
      return 'its name is that of a device on Windows'
  }
  return undefined
}

/** A disk that ignores case or Unicode form has one file for two names in git that differ by it alone. It can also list a file
 *  by another name than git: a file whose own name is not among the names has no twin.
 *  @param names of published files, relative to the same folder as the paths of `files`
 *  @returns the names that match and differ so from others, if one of them is the name of a file of the run */
export function findTwins(
  files: ReadonlyMap<string, WorkTreeFile>,
  names: ReadonlySet<string>,
  matches: (name: string) => boolean,
): string[] {
  const taken = [...files].flatMap(([path, file]) => ('bytes' in file && names.has(path) ? [path] : []))
  const folded = new Set(taken.map(foldName))
  const alike = [...(folded.size === 0 ? [] : names)].filter((name) => folded.has(foldName(name)) && matches(name))
  return [...Map.groupBy(alike, foldName).values()]
    .filter((group) => group.length > 1)
    .flat()
    .sort()
}
