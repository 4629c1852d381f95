import { decodeName } from './names.ts'

/** An entry of a commit. */
export type TreeEntry = { readonly path: string; readonly kind: 'file' | 'link' | 'submodule' }

/** An entry of one folder of a commit. */
export type FolderEntry = { readonly path: string; readonly kind: TreeEntry['kind'] | 'folder' }

export type TreeChange = {
  readonly path: string
  readonly before: TreeEntry['kind'] | undefined
  readonly after: TreeEntry['kind'] | undefined
}

export class GitError extends Error {
  override name = 'GitError'
}

const KINDS: Readonly<Record<string, TreeEntry['kind'] | undefined>> = {
  '100644': 'file',
  '100664': 'file',
  '100755': 'file',
  '120000': 'link',
  '160000': 'submodule',
}
const FOLDER_MODE = '040000'

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

/** `100644 blob <sha> TAB path NUL` */
export function parseTree(raw: Buffer): TreeEntry[] {
  return splitNul(raw).flatMap(parseEntry)
}

function parseEntry(field: Buffer): TreeEntry[] {
  const path = pathOf(field)
  const kind = kindOf(field.toString('latin1', 0, 6), path)
  return kind === undefined ? [] : [{ path, kind }]
}

function pathOf(field: Buffer): string {
  return decode(field.subarray(field.indexOf('\t') + 1))
}

/** As `parseTree`, for one folder, which contains folders as well. */
export function parseFolder(raw: Buffer): FolderEntry[] {
  return splitNul(raw).flatMap((field): FolderEntry[] =>
    field.toString('latin1', 0, 6) === FOLDER_MODE ? [{ path: pathOf(field), kind: 'folder' }] : parseEntry(field),
  )
}

/** Parses the entries of one mode, which saves decoding the others.
 *  @returns path -> id */
function parseIds(raw: Buffer, mode: string): Map<string, string> {
  const ids = new Map<string, string>()
  for (const field of splitNul(raw)) {
    if (field.toString('latin1', 0, mode.length) !== mode) continue
    const [, , id = ''] = field.toString('latin1', 0, field.indexOf('\t')).split(' ')
    ids.set(pathOf(field), id)
  }
  return ids
}

/** @returns path of each symbolic link -> id of the object with its target */
export function parseLinks(raw: Buffer): Map<string, string> {
  return parseIds(raw, '120000')
}

/** @returns path of each submodule -> its commit */
export function parseSubmodules(raw: Buffer): Map<string, string> {
  return parseIds(raw, '160000')
}

/** `path NUL` */
export function parsePaths(raw: Buffer): string[] {
  return splitNul(raw).map(decode)
}

function kindOf(mode: string | undefined, path: string): TreeEntry['kind'] | undefined {
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
