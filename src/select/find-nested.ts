import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isGitName } from '../inputs/git-name.ts'

const DEPTH_MAX = 3
const FOLDERS_MAX = 1000

/** Finds repositories below the workspace, where `actions/checkout` puts one by its input `path`.
 *  @returns POSIX, relative to the workspace, the nearest first */
export async function findNested(workspace: string): Promise<string[]> {
  const found: string[] = []
  let folders = ['']
  for (let depth = 0, read = 0; depth < DEPTH_MAX; depth += 1) {
    const below: string[] = []
    for (const folder of folders) {
      read += 1
      if (read > FOLDERS_MAX) return found
      for (const entry of await readdir(join(workspace, folder), { withFileTypes: true }).catch(() => [])) {
        if (!entry.isDirectory() || isGitName(entry.name) || entry.name === 'node_modules') continue
        const path = `${folder}${entry.name}`
        if (existsSync(join(workspace, path, '.git'))) found.push(path)
        else below.push(`${path}/`)
      }
    }
    folders = below
  }
  return found
}
