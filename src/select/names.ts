import { isUtf8 } from 'node:buffer'

/** Decodes a file name. A name that is not UTF-8 becomes a unique string that is not well-formed, so no URL can contain it. */
export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)))
}

/** @returns whether a file system can take a name for `.git`. Some ignore case or certain characters, some have short names.
 *  Git refuses all of them in a commit.
 *  @see https://github.com/git/git/blob/master/path.c is_ntfs_dotgit, and utf8.c is_hfs_dotgit */
export function isGitName(name: string): boolean {
  if (!/^[.g\u200c-\ufeff]/i.test(name)) return false
  const plain = name.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '').replace(/([. ]|:.*)+$/, '')
  return /^(\.git|git~1)$/i.test(plain)
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
