import type { ChangedFile } from '../events.ts'
import { findBaseCommit } from './base-commit.ts'
import type { Git } from './git.ts'
import type { TreeChange } from './git-output.ts'
import { explainCut, type GitHub } from './github.ts'
import { tellFolderLinks, withLinks } from './links.ts'
import type { BaseQuery, Diff } from './resolve-base.ts'
import { findStandIns } from './stand-ins.ts'
import { createTold, expandChanges, listFiles, listLinks, notCompared, type Told } from './submodules.ts'

const SHA = /^[0-9a-f]{40,64}$/
const GONE = 'this clone lacks the commit, and its remote did not send it'
const CHECK = `${GONE}: check the name`
const TOO_SHORT = `${CHECK}, or set fetch-depth: 0 for actions/checkout`

type DiffSettings = {
  readonly git: Git
  readonly github: GitHub | undefined
  /** full SHA of the commit that is checked out */
  readonly head: string
  readonly files: BaseQuery['files']
  /** receives the lines and notices about submodules */
  readonly told: Told
  /** files outside the root */
  readonly beside: readonly string[]
  /** receives those of `beside` that changed */
  readonly changedBeside: Set<string>
}

/** What changed from a base to the head, with the links that lead to a changed file. */
export function createDiff({ git, github, head, files, told, beside, changedBeside }: DiffSettings): {
  /** @param base full SHA of a commit in this clone */
  byGit(base: string): Promise<Diff>
  /** For a base that the clone lacks and the remote does not send, or knows by its full SHA only.
   *  @returns a text that says why, where the API does not compare it either */
  byApi(ref: string): Promise<Diff | string>
  /** @returns every file of the head, without a base */
  listAll(): Promise<readonly ChangedFile[]>
} {
  const { rootPath, topLevel } = git
  const matches = (path: string): boolean => files(path.slice(rootPath.length))
  let links: ReturnType<typeof listLinks> | undefined
  const linksOfHead = () => {
    links ??= listLinks(git, head)
    return links
  }

  async function byGit(base: string): Promise<Diff> {
    const commits = { base, head }
    const [changes] = await Promise.all([git.diff(base, head, false, beside), linksOfHead()])
    for (const { path } of changes) if (beside.includes(path)) changedBeside.add(path)
    const inRoot = changes.filter(({ path }) => path.startsWith(rootPath))
    const below = await expandChanges(git, inRoot, commits, told)
    const everywhere = async () =>
      rootPath === '' ? below : expandChanges(git, await git.diff(base, head, true), commits, createTold())
    return { base, changed: await addLinks(below.flatMap(toChangedFile), everywhere) }
  }

  async function byApi(ref: string): Promise<Diff | string> {
    const isLocal = /[~^@:]|^HEAD$/.test(ref) // HEAD is another commit for the API
    const listed = isLocal ? undefined : await github?.compare(ref, head, { mergeBase: false })
    if (listed === undefined && SHA.test(ref)) return GONE
    if (listed === undefined) return (await git.findCuts([head])).length === 0 ? CHECK : TOO_SHORT
    const base = listed.base === ref ? undefined : await findBaseCommit(git, listed.base)
    if (base !== undefined) return byGit(base)
    if (listed.cut) return `${GONE}; ${explainCut(listed.files.length)}`
    const submodules = await git.listSubmodules(head)
    const changed = listed.files.filter(({ path }) => path.startsWith(rootPath))
    for (const { path } of changed.filter(({ path }) => submodules.has(path))) told.notices.add(notCompared(path))
    const changedFiles = changed.filter(({ path }) => !submodules.has(path))
    return { base: listed.base, changed: await addLinks(changedFiles, async () => listed.files) }
  }

  async function addLinks(
    changed: readonly ChangedFile[],
    everywhere: () => Promise<readonly { path: string }[]>,
  ): Promise<readonly ChangedFile[]> {
    const links = [...(await linksOfHead()).keys()]
    if (links.length === 0) return changed
    const all = await everywhere()
    const followed = await tellLinks(links, { changed, everywhere: all })
    return withLinks(changed, all, { ...followed, matching: links.filter(matches) })
  }

  async function tellLinks(links: readonly string[], changes: Parameters<typeof tellFolderLinks>[0]) {
    const followed = { topLevel, standIns: await findStandIns(git, head, links) }
    const folders = { ...followed, links, matches, listAll: () => git.listFiles(head, []) }
    for (const notice of await tellFolderLinks(changes, folders)) told.notices.add(notice)
    return followed
  }

  async function listAll(): Promise<readonly ChangedFile[]> {
    const links = [...(await linksOfHead()).keys()]
    await tellLinks(links, { changed: links.map((path) => ({ path })), everywhere: [] })
    return Array.from(await listFiles(git, head, told), (path) => ({ path, change: 'present' }))
  }

  return { byGit, byApi, listAll }
}

/** A submodule is not a file: a submodule in place of a file is a deleted file, and the reverse is an added file. */
function toChangedFile({ path, before, after }: TreeChange): ChangedFile[] {
  const was = before !== undefined && before !== 'submodule'
  const is = after !== undefined && after !== 'submodule'
  if (was && is) return [{ path, change: 'modified' }]
  if (is) return [{ path, change: 'added' }]
  return was ? [{ path, change: 'deleted' }] : []
}
