// Commits the work tree by writing git's objects directly, because tests spent most of their time on starting git.
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deflateSync } from 'node:zlib'

export type Format = 'sha1' | 'sha256'
export type Commit = { id: string; tree: string; parents: string[]; message: string; seconds: number }

type Entry = { name: Buffer; mode: '100644' | '100755' | '120000' | '40000'; sha: string }

const PERSON = 'Mona Octocat <mona@example.com>'
/** Names that change how git commits. */
const FOR_GIT = ['.gitignore', '.gitattributes', '.gitmodules', '.git']

/** @returns undefined if the work tree has such a name */
export function writeCommit(
  dir: string,
  { format, parents, message, seconds }: Omit<Commit, 'id' | 'tree'> & { format: Format },
): Commit | undefined {
  const objects = join(dir, '.git/objects')
  const tree = writeFolder(Buffer.from(dir), true, (type, content) => writeObject(objects, format, { type, content }))
  if (tree === undefined) return undefined
  const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`)]
  const people = ['author', 'committer'].map((role) => `${role} ${PERSON} ${seconds} +0000`)
  const content = Buffer.from(`${[...lines, ...people].join('\n')}\n\n${message}\n`)
  const id = writeObject(objects, format, { type: 'commit', content })
  return { id, tree, parents, message, seconds }
}

type Write = (type: 'blob' | 'tree', content: Buffer) => string

function writeFolder(folder: Buffer, isTop: boolean, write: Write): string | undefined {
  const entries: Entry[] = []
  for (const name of readdirSync(folder, { encoding: 'buffer' })) {
    const text = name.toString('latin1')
    if (isTop && text === '.git') continue
    if (FOR_GIT.includes(text)) return undefined
    const path = Buffer.concat([folder, Buffer.from('/'), name])
    const stats = lstatSync(path)
    if (stats.isDirectory()) {
      const sha = writeFolder(path, false, write)
      if (sha === undefined) return undefined
      if (sha !== '') entries.push({ name, mode: '40000', sha })
    } else if (stats.isSymbolicLink()) {
      entries.push({ name, mode: '120000', sha: write('blob', readlinkSync(path, { encoding: 'buffer' })) })
    } else if (stats.isFile()) {
      const mode = (stats.mode & 0o100) === 0 ? '100644' : '100755'
      entries.push({ name, mode, sha: write('blob', readFileSync(path)) })
    }
  }
  if (entries.length === 0 && !isTop) return ''
  entries.sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)))
  const parts = entries.flatMap(({ mode, name, sha }) => [Buffer.from(`${mode} `), name, NUL, Buffer.from(sha, 'hex')])
  return write('tree', Buffer.concat(parts))
}

const NUL = Buffer.from([0])

/** git sorts a folder as if its name ended with a slash. */
function sortKey({ name, mode }: Entry): Buffer {
  return mode === '40000' ? Buffer.concat([name, Buffer.from('/')]) : name
}

function writeObject(objects: string, format: Format, { type, content }: { type: string; content: Buffer }): string {
  const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content])
  const sha = createHash(format).update(whole).digest('hex')
  const path = join(objects, sha.slice(0, 2), sha.slice(2))
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, deflateSync(whole, { level: 0 }), { mode: 0o444 })
  }
  return sha
}
