import { dirname, resolve } from 'node:path'

/** Settings that can't make a fetch run a program, write a file or ask another host. All others might, in some version of
 *  git: http.cookieFile writes any file. Those of `core` that run a program are switched off for every command. */
const HARMLESS = [
  /^fetch\.(?!bundle)[^.]*$/,
  /^(advice|alias|author|branch|color|column|commit|committer|diff|extensions|format|gc|grep|index|init|lfs|log|maintenance|merge|pack|protocol|pull|push|rebase|remote|rerere|safe|status|submodule|tag|transfer|user)\.[^.]*$/,
  /^(branch|diff|filter|lfs|merge|protocol|submodule)\..+\./s,
  /^core\.(?!(askpass|attributesfile|excludesfile|gitproxy|sshcommand)$)[^.]*$/,
  /^credential\.(.+\.)?(usehttppath|username)$/s,
  /^http\.(.+\.)?(extraheader|lowspeedlimit|lowspeedtime|maxrequests|postbuffer|version)$/s,
  /^remote\..+\.(fetch|mirror|partialclonefilter|promisor|prune|prunetags|push|tagopt)$/s,
]
/** Of a remote whose transport is git's own: any other is a program. */
const HARMLESS_URL = /^(?:(?:file|git|https?|ssh):\/\/|(?![\w+.-]*:(?::|\/\/)))/i
const INCLUDE = /^include(if\..+)?\.path$/s

type Setting = { readonly name: string; readonly value: string; readonly file: string }

/** @param listing `git config --list --show-origin -z`: `file:<path> NUL <name> LF <value> NUL`
 *  @param isForeign whether somebody other than the user can write a file. What such a file includes is foreign, too.
 *  @returns the first setting in such a file that git must not follow */
export function findForeignSetting(
  listing: Buffer,
  isForeign: (file: string) => boolean,
): { name: string; file: string } | undefined {
  const included = new Set<string>()
  for (const { name, value, file } of settingsOf(listing)) {
    if (!isForeign(file) && !included.has(resolve(file))) continue
    // git expands the home of a user in such a path, and its own folder
    if (INCLUDE.test(name) && !/^(~|%\()/.test(value)) included.add(resolve(dirname(file), value))
    else if (!isHarmless(name, value)) return { name, file }
  }
  return undefined
}

/** @returns whether git writes symbolic links as text files */
export function writesLinksAsText(listing: Buffer): boolean {
  const values = [...settingsOf(listing)].flatMap(({ name, value }) => (name === 'core.symlinks' ? [value] : []))
  return /^(false|no|off|0)$/i.test(values.at(-1) ?? '')
}

function isHarmless(name: string, value: string): boolean {
  if (/^remote\..+\.(push)?url$/s.test(name)) return HARMLESS_URL.test(value)
  return HARMLESS.some((pattern) => pattern.test(name))
}

/** The settings of files, in the order in which git reads them. */
function* settingsOf(listing: Buffer): Generator<Setting> {
  const fields = listing.toString('utf8').split('\0')
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [origin = '', setting = ''] = fields.slice(index, index + 2)
    if (!origin.startsWith('file:')) continue
    const end = setting.includes('\n') ? setting.indexOf('\n') : setting.length
    yield { name: setting.slice(0, end), value: setting.slice(end + 1), file: origin.slice('file:'.length) }
  }
}
