/** @returns whether a file system can take a name for `.git`. Some ignore case or certain characters, some have short names.
 *  Git refuses all of them in a commit.
 *  @see https://github.com/git/git/blob/master/path.c is_ntfs_dotgit, and utf8.c is_hfs_dotgit */
export function isGitName(name: string): boolean {
  if (!/^[.g\u200c-\ufeff]/i.test(name)) return false
  const plain = name.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '')
  return /^(?:\.git|git~1)[. ]*(?::|$)/i.test(plain)
}
