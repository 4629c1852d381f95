import { createHash } from 'node:crypto'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Inputs } from '../inputs.ts'
import type { ChangedFile, Changes } from './changes.ts'

/** A folder that `mode: all` takes nothing from: the first thing that a missing build step looks like. */
export class EmptyTreeError extends Error {
  override name = 'EmptyTreeError'
}

type Asked = Pick<Inputs, 'root' | 'files' | 'shard'>

/**
 * Every file below the root that `files` takes, tracked by git or not. Links are followed inside the workspace, never out
 * of it, never into a `.git`.
 * @param head full SHA of the commit that is checked out, '' where there is none
 * @returns paths relative to the workspace
 * @throws EmptyTreeError
 */
export async function findAll(workspace: string, head: string, { root, files, shard }: Asked): Promise<Changes> {
  const rootPath = root === '.' ? '' : `${root}/`
  const { paths, warnings } = await listTree(workspace, rootPath)
  const matching = paths.filter((path) => files(path.slice(rootPath.length)))
  if (matching.length === 0) throw new EmptyTreeError(whyEmpty(root, paths.length))
  const own = matching.filter((path) => isInShard(path, shard))
  const part = shard.count === 1 ? '' : `; ${own.length} of those are in shard ${shard.index}/${shard.count}`
  return {
    ...{ base: '', head, baseStrategy: 'all', rootPath },
    files: own.map((path): ChangedFile => ({ path, change: 'present' })),
    considered: paths.length,
    steps: [`mode: all, so every file that matches is compared with what the Source holds${part}`],
    ...{ notices: [], warnings },
  }
}

/** Every path is in exactly one shard, the same in every run. */
export function isInShard(path: string, { index, count }: Inputs['shard']): boolean {
  if (count === 1) return true
  return createHash('sha256').update(path).digest().readUInt32BE() % count === index - 1
}

function whyEmpty(root: string, files: number): string {
  const hint = 'does a build step before this one fail or write elsewhere, or did a download step leave it out?'
  if (files > 0) return `files: none of the ${files} files below '${root}' matches: check the patterns, or root`
  return `root: '${root}' holds no file: ${hint}`
}

/** In the order of their names, each folder once on the way down to it: a link to a folder above itself ends there. */
async function listTree(workspace: string, rootPath: string): Promise<{ paths: string[]; warnings: string[] }> {
  const realWorkspace = await realpath(workspace)
  const paths: string[] = []
  const warnings: string[] = []
  type Folder = { path: string; real: string; above: readonly string[] }

  async function look({ path, real, above }: Folder): Promise<Folder[]> {
    const folders: Folder[] = []
    for (const entry of await readdir(real, { withFileTypes: true })) {
      if (entry.name === '.git') continue
      const inside = `${path}${entry.name}`
      if (entry.isDirectory()) {
        folders.push({ path: `${inside}/`, real: join(real, entry.name), above: [...above, real] })
      } else if (entry.isSymbolicLink()) {
        const target = await linkedFolder(join(real, entry.name))
        if (target === undefined) paths.push(inside)
        else if (!isInside(realWorkspace, target))
          warnings.push(
            `${inside} is a symbolic link to a folder outside the workspace or in .git: it is never followed`,
          )
        else if (target !== real && !above.includes(target))
          folders.push({ path: `${inside}/`, real: target, above: [...above, real] })
      } else paths.push(inside)
    }
    return folders
  }

  const root = await realpath(join(workspace, rootPath)).catch(() => undefined)
  const queue: Folder[] = root === undefined ? [] : [{ path: rootPath, real: root, above: [] }]
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) queue.push(...(await look(folder)))
  return { paths: paths.sort(), warnings }
}

/** @returns the real path of the folder that a link leads to, undefined where it leads to none */
async function linkedFolder(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isDirectory() ? await realpath(path) : undefined
  } catch {
    return undefined
  }
}

function isInside(workspace: string, path: string): boolean {
  const segments = relative(workspace, path).split(sep)
  return segments[0] !== '..' && !segments.includes('.git')
}
