import { realpath } from 'node:fs/promises'
import type { Git } from './git.ts'
import { findStandIns, NO_STAND_INS, type StandIns } from './stand-ins.ts'
import { listFiles } from './submodules.ts'
import { listFolder } from './work-tree.ts'

/** The files of the head, as git or the disk lists them. Links are files, too. */
export type HeadTree = {
  /** real path of the folder that the paths are relative to */
  readonly topLevel: string
  /** '' or ends with a slash */
  readonly rootPath: string
  /** Lists what is below the root, also in submodules. */
  list(): Promise<{
    readonly files: Iterable<string>
    readonly links: readonly string[]
    /** the submodules whose files are not known */
    readonly missing: readonly string[]
  }>
  /** @returns the files of the whole repository */
  listEverywhere(): Promise<Iterable<string>>
  standIns(): Promise<StandIns>
}

/** @param head full SHA of the commit that is checked out */
export function openCommit(git: Git, head: string): HeadTree {
  let listed: ReturnType<HeadTree['list']> | undefined
  const read: HeadTree['list'] = async () => {
    const { files, links, missing } = await listFiles(git, head)
    return { files, links: [...links.keys()], missing }
  }
  const list: HeadTree['list'] = () => {
    listed ??= read()
    return listed
  }
  return {
    topLevel: git.topLevel,
    rootPath: git.rootPath,
    list,
    listEverywhere: async () => (await git.listTree(head, [])).files,
    standIns: async () => findStandIns(git, head, (await list()).links),
  }
}

/** The head of a workspace without git. */
export async function openWorkspace(workspace: string, root: string): Promise<HeadTree> {
  return {
    topLevel: await realpath(workspace),
    rootPath: root === '.' ? '' : `${root}/`,
    list: async () => ({ ...(await listFolder({ workspace, root })), missing: [] }),
    listEverywhere: async () => (await listFolder({ workspace, root: '.' })).files,
    standIns: async () => NO_STAND_INS,
  }
}
