import { isUtf8 } from 'node:buffer'

/** Decodes a file name. A name that is not UTF-8 becomes a unique string that is not well-formed, so no URL can contain it. */
export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)))
}

/** @returns whether a name is `.git`, in any case: a file system can ignore case, and git refuses every spelling in a commit */
export function isGitName(name: string): boolean {
  return name.toLowerCase() === '.git'
}
