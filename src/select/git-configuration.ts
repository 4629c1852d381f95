/** Settings that make a fetch run a program or use another host. */
const REACHES_OUT = [
  /^core\.(askpass|gitproxy|sshcommand)$/,
  /^credential\.(.+\.)?helper$/s,
  /^http\.(.+\.)?(proxy|ssl\w+)$/s,
  /^remote\..+\.(uploadpack|vcs)$/s,
  /^url\..+\.insteadof$/s,
]

/**
 * @param listing `git config --list --show-origin -z`: `file:<path> NUL <name> LF <value> NUL`
 * @param isForeign whether somebody else than the user can write a file
 * @returns the first setting in such a file that git must not follow
 */
export function findForeignSetting(
  listing: Buffer,
  isForeign: (file: string) => boolean,
): { name: string; file: string } | undefined {
  const fields = listing.toString('utf8').split('\0')
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [origin = '', setting = ''] = fields.slice(index, index + 2)
    const [name = ''] = setting.split('\n', 1)
    const file = origin.startsWith('file:') ? origin.slice('file:'.length) : undefined
    if (file !== undefined && REACHES_OUT.some((pattern) => pattern.test(name)) && isForeign(file))
      return { name, file }
  }
  return undefined
}
