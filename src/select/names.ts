import { isUtf8 } from 'node:buffer'

/** A name that is not UTF-8 becomes a string that is not well-formed: no URL can hold it, and no other name has it. */
export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)))
}

/** git's own name. A file system that ignores case opens it by each spelling, and git refuses each of them in a commit. */
export function isGitName(name: string): boolean {
  return name.toLowerCase() === '.git'
}
