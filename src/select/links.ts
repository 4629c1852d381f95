import { relative, sep } from 'node:path'
import type { ChangedFile } from './by-git.ts'
import { follow, type StandIns } from './stand-ins.ts'

type Links = {
  /** the links that match, relative to the repository */
  readonly matching: readonly string[]
  /** real path */
  readonly topLevel: string
  readonly standIns: StandIns
}

/** A link itself does not change with its target, but the bytes that are published for it do.
 *  @param everywhere what changed in the whole repository
 *  @returns the changed files below the root, and the unchanged links that lead to or through a changed file */
export async function withLinks(
  changed: readonly ChangedFile[],
  everywhere: readonly { path: string }[],
  { matching, topLevel, standIns }: Links,
): Promise<ChangedFile[]> {
  const known = new Set(changed.map(({ path }) => path))
  const targets = new Set(everywhere.map(({ path }) => path))
  const found: ChangedFile[] = []
  for (const link of matching.filter((path) => !known.has(path))) {
    const { passed } = await follow(topLevel, link, standIns)
    const isLed = passed.some((path) => targets.has(relative(topLevel, path).split(sep).join('/')))
    if (isLed) found.push({ path: link, change: 'modified' })
  }
  return [...changed, ...found]
}
