import { decodeName } from './names.ts'

/** A full SHA, of SHA-1 or of SHA-256. */
export const SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/

type Kind = 'file' | 'link' | 'submodule'

export type TreeChange = {
  readonly path: string
  readonly before: Kind | undefined
  readonly after: Kind | undefined
}

/** The entries of a commit, in all its folders. */
export type Tree = {
  /** the files and links, one after the other: a list of them takes more memory than git's output */
  readonly files: Iterable<string>
  /** path of each symbolic link -> id of the object with its target */
  readonly links: ReadonlyMap<string, string>
  /** path of each submodule -> its commit */
  readonly submodules: ReadonlyMap<string, string>
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
const TAB = 9

/** `:100644 100755 <sha> <sha> M NUL path NUL`. The mode 000000 means no entry. */
export function parseDiff(raw: Buffer): TreeChange[] {
  const fields = parsePaths(raw)
  const changes: TreeChange[] = []
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [entry = '', path = ''] = fields.slice(index, index + 2)
    const [before, after, , , status = ''] = entry.slice(1).split(' ')
    if (!/^[AMDT]$/.test(status)) throw new GitError(`git diff-tree gave status '${status}' for ${path}: report this`)
    changes.push({ path, before: kindOf(before, path), after: kindOf(after, path) })
  }
  return changes
}

/** `100644 blob <sha> TAB path NUL` */
export function parseTree(raw: Buffer): Tree {
  const links = new Map<string, string>()
  const submodules = new Map<string, string>()
  for (const { mode, id, name } of entriesOf(raw)) {
    if (KINDS[mode] === 'link') links.set(decodeName(name), id)
    if (KINDS[mode] === 'submodule') submodules.set(decodeName(name), id)
  }
  return { files: { [Symbol.iterator]: () => filesOf(raw) }, links, submodules }
}

function* filesOf(raw: Buffer): Generator<string> {
  for (const { mode, name } of entriesOf(raw)) {
    const path = decodeName(name)
    if (kindOf(mode, path) !== 'submodule') yield path
  }
}

/** `path NUL` */
export function parsePaths(raw: Buffer): string[] {
  const paths: string[] = []
  for (let start = 0; start < raw.length; ) {
    const end = raw.indexOf(0, start)
    paths.push(decodeName(raw.subarray(start, end)))
    start = end + 1
  }
  return paths
}

function* entriesOf(raw: Buffer): Generator<{ mode: string; id: string; name: Buffer }> {
  for (let start = 0; start < raw.length; ) {
    const tab = raw.indexOf(TAB, start)
    const end = raw.indexOf(0, start)
    const [mode = '', , id = ''] = raw.toString('latin1', start, tab).split(' ')
    yield { mode, id, name: raw.subarray(tab + 1, end) }
    start = end + 1
  }
}

function kindOf(mode = '', path: string): Kind | undefined {
  const kind = KINDS[mode]
  if (kind === undefined && mode !== '000000') throw new GitError(`git gave mode '${mode}' for ${path}: report this`)
  return kind
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

/** @param stderr what git writes to standard error
 *  @returns one line from the first reason on, with all later lines, so that a secret in several lines is found */
export function findComplaint(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '' && !line.startsWith('hint: ') && !ADVICE.has(line))
  const reason = lines.findIndex((line) => /^(fatal|error): /.test(line))
  const before = lines[reason - 1] ?? 'remote: '
  const isTold = lines[reason] === NOT_READ && !/^(remote|warning): /i.test(before)
  return lines.slice(Math.max(0, isTold ? reason - 1 : reason)).join(' ')
}
