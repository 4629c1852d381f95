import { realpath } from 'node:fs/promises'
import type { Inputs } from '../inputs/inputs.ts'
import type { Head } from './base.ts'
import type { Git } from './git.ts'
import { findStandIns, NO_STAND_INS, type StandIns } from './stand-ins.ts'
import { listFiles } from './submodules.ts'
import { listFolder } from './work-tree.ts'

/** The commit that is checked out, and its files, as git or the disk lists them. Links are files, too. */
export type HeadTree = {
  readonly head: Omit<Head, 'follows'>
  /** undefined for a workspace without git */
  readonly git: Git | undefined
  /** real path of the folder that the paths are relative to */
  readonly topLevel: string
  /** '' or ends with a slash */
  readonly rootPath: string
  /** @returns whether a path below the root matches `files` */
  matches(path: string): boolean
  /** Lists what is below the root, also in submodules. */
  list(): Promise<Listing>
  /** @returns the files of the whole repository */
  listEverywhere(): Promise<Iterable<string>>
  standIns(): Promise<StandIns>
}

type Listing = {
  readonly files: Iterable<string>
  readonly links: readonly string[]
  /** the submodules whose files are not known */
  readonly missing: readonly string[]
}

type Matcher = Inputs['files']

/** @throws GitError */
export async function openCommit(git: Git, files: Matcher): Promise<HeadTree> {
  const head = await git.head()
  let listed: Promise<Listing> | undefined
  const read = async (): Promise<Listing> => {
    const listing = await listFiles(git, head.sha)
    return { ...listing, links: [...listing.links.keys()] }
  }
  const list = (): Promise<Listing> => {
    listed ??= read()
    return listed
  }
  return {
    head,
    git,
    topLevel: git.topLevel,
    rootPath: git.rootPath,
    matches: (path) => files(path.slice(git.rootPath.length)),
    list,
    listEverywhere: async () => (await git.listTree(head.sha, [])).files,
    standIns: async () => findStandIns(git, head.sha, (await list()).links),
  }
}

/** @param sha of the commit that is probably checked out */
export async function openWorkspace(
  workspace: string,
  { root, files }: Pick<Inputs, 'root' | 'files'>,
  sha: string,
): Promise<HeadTree> {
  const rootPath = root === '.' ? '' : `${root}/`
  return {
    head: { sha, parents: [] },
    git: undefined,
    topLevel: await realpath(workspace),
    rootPath,
    matches: (path) => files(path.slice(rootPath.length)),
    list: async () => ({ ...(await listFolder({ workspace, root })), missing: [] }),
    listEverywhere: async () => (await listFolder({ workspace, root: '.' })).files,
    standIns: async () => NO_STAND_INS,
  }
}
