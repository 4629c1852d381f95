import { readlink } from 'node:fs/promises'
import { dirname, isAbsolute, join, parse, relative, sep } from 'node:path'
import type { ChangedFile } from './by-git.ts'

/** Linux follows as many links before it reports a loop. */
const HOPS_MAX = 40

/** A link itself does not change with its target, but the bytes that are published for it do.
 *  @param changed and `links`: paths relative to the repository
 *  @returns the links that lead to or through a changed path */
async function linksTo(changed: ReadonlySet<string>, links: readonly string[], topLevel: string): Promise<string[]> {
  const found: string[] = []
  for (const link of links) {
    const passed = await trace(link, topLevel)
    if (passed.some((path) => changed.has(path))) found.push(link)
  }
  return found
}

/** @returns every path from a link to its final target, relative to the repository. The target need not exist. */
async function trace(link: string, topLevel: string): Promise<string[]> {
  const passed: string[] = []
  const rest = link.split('/')
  let at = topLevel
  for (let hops = 0; rest.length > 0 && hops < HOPS_MAX; ) {
    const name = rest.shift()
    at = name === '..' ? dirname(at) : join(at, name ?? '')
    passed.push(relative(topLevel, at).split(sep).join('/'))
    const target = await readlink(at).catch(() => undefined) // not a link, or not there
    if (target === undefined) continue
    hops += 1
    at = isAbsolute(target) ? parse(target).root : dirname(at)
    rest.unshift(...target.split(sep))
  }
  return passed
}

/** @param everywhere what changed in the whole repository
 *  @returns the changed files below the root, and the unchanged links that lead to a changed file */
export async function withLinks(
  changed: readonly ChangedFile[],
  everywhere: readonly { path: string }[],
  { matching, topLevel }: { matching: readonly string[]; topLevel: string },
): Promise<ChangedFile[]> {
  const known = new Set(changed.map(({ path }) => path))
  const unchanged = matching.filter((path) => !known.has(path))
  const led = await linksTo(new Set(everywhere.map(({ path }) => path)), unchanged, topLevel)
  return [...changed, ...led.map((path): ChangedFile => ({ path, change: 'modified' }))]
}
