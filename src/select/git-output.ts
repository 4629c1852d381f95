import { decodeName } from './names.ts'

type Kind = 'file' | 'link' | 'submodule'

/** An entry of one folder of a commit. */
export type FolderEntry = { readonly path: string; readonly kind: Kind | 'folder' }

export type TreeChange = {
  readonly path: string
  readonly before: Kind | undefined
  readonly after: Kind | undefined
}

export class GitError extends Error {
  override name = 'GitError'
}

const KINDS: Readonly<Record<string, Kind | undefined>> = {
  '100644': 'file',
  '100664': 'file',
  '100755': 'file',
  '120000': 'link',
  '160000': 'submodule',
}
const FOLDER_MODE = '040000'
const LINK_MODE = '120000'
const TAB = 9

/** `:100644 100755 <sha> <sha> M NUL path NUL`. The mode 000000 means no entry. */
export function parseDiff(raw: Buffer): TreeChange[] {
  const fields = splitNul(raw)
  const changes: TreeChange[] = []
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [before, after, , , status = ''] = decode(fields[index]).slice(1).split(' ')
    const path = decode(fields[index + 1])
    if (!/^[AMDT]$/.test(status)) throw new GitError(`git diff-tree gave status '${status}' for ${path}: report this`)
    changes.push({ path, before: kindOf(before, path), after: kindOf(after, path) })
  }
  return changes
}

/** `100644 blob <sha> TAB path NUL`, of one folder, which contains folders as well. */
export function parseFolder(raw: Buffer): FolderEntry[] {
  return [...entriesOf(raw)].flatMap(({ mode, path }): FolderEntry[] => {
    const kind = mode === FOLDER_MODE ? 'folder' : kindOf(mode, path())
    return kind === undefined ? [] : [{ path: path(), kind }]
  })
}

/** `100644 blob <sha> TAB path NUL`, of every folder.
 *  @returns the paths without submodules, one after the other: a list of them takes more memory than the output */
export function* parseFiles(raw: Buffer): Generator<string> {
  for (const { mode, path } of entriesOf(raw)) {
    const name = path()
    if (kindOf(mode, name) !== 'submodule') yield name
  }
}

/** @returns path of each symbolic link -> id of the object with its target */
export function parseLinks(raw: Buffer): Map<string, string> {
  return parseIds(raw, LINK_MODE)
}

/** @returns path of each submodule -> its commit */
export function parseSubmodules(raw: Buffer): Map<string, string> {
  return parseIds(raw, '160000')
}

function parseIds(raw: Buffer, wanted: string): Map<string, string> {
  const ids = new Map<string, string>()
  for (const { mode, id, path } of entriesOf(raw)) if (mode === wanted) ids.set(path(), id())
  return ids
}

/** `path NUL` */
export function parsePaths(raw: Buffer): string[] {
  return splitNul(raw).map(decode)
}

type RawEntry = { readonly mode: string; id(): string; path(): string }

/** Reads entry by entry, and decodes only what is asked for. */
function* entriesOf(raw: Buffer): Generator<RawEntry> {
  for (let start = 0; start < raw.length; ) {
    const end = raw.indexOf(0, start)
    const [from, tab] = [start, raw.indexOf(TAB, start)]
    yield {
      mode: raw.toString('latin1', from, from + LINK_MODE.length),
      id: () => raw.toString('latin1', from, tab).split(' ')[2] ?? '',
      path: () => decodeName(raw.subarray(tab + 1, end)),
    }
    start = end + 1
  }
}

function kindOf(mode: string | undefined, path: string): Kind | undefined {
  if (mode === '000000') return undefined
  return KINDS[mode ?? ''] ?? fail(`git gave mode '${mode}' for ${path}: report this`)
}

function fail(message: string): never {
  throw new GitError(message)
}

function splitNul(raw: Buffer): Buffer[] {
  const fields: Buffer[] = []
  for (let start = 0; start < raw.length; ) {
    const end = raw.indexOf(0, start)
    fields.push(raw.subarray(start, end))
    start = end + 1
  }
  return fields
}

function decode(bytes: Buffer | undefined): string {
  return bytes === undefined ? '' : decodeName(bytes)
}

export function withoutNewline(output: Buffer): string {
  return output.toString('utf8').replace(/\n$/, '')
}

/** What git advises after its reason, line by line. */
const ADVICE = new Set([
  'Please make sure you have the correct access rights',
  'and the repository exists.',
  'Another git process seems to be running in this repository, e.g.',
  "an editor opened by 'git commit'. Please make sure all processes",
  'are terminated then try again. If it still fails, a git process',
  'may have crashed in this repository earlier:',
  'remove the file manually to continue.',
])
/** git's own line where another program, such as ssh, has given the reason in the line before. */
const NOT_READ = 'fatal: Could not read from remote repository.'

/**
 * Finds what is wrong in the text that git writes to standard error.
 * @returns one line from the first reason on, with all later lines, so that a secret in several lines is found. '' for
 * no text
 */
export function findComplaint(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '' && !line.startsWith('hint: ') && !ADVICE.has(line))
  const reason = lines.findIndex((line) => /^(fatal|error): /.test(line))
  const before = lines[reason - 1] ?? 'remote: '
  const isTold = lines[reason] === NOT_READ && !/^(remote|warning): /i.test(before)
  return lines.slice(Math.max(0, isTold ? reason - 1 : reason)).join(' ')
}
