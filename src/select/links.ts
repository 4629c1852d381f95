import { readlink } from 'node:fs/promises'
import { dirname, isAbsolute, join, parse, relative, sep } from 'node:path'
import type { ChangedFile } from './by-git.ts'

/** As many as Linux follows before it calls a path a loop. */
const HOPS_MAX = 40

/** A link stays as it is when the file that it leads to changes, but what is published for it does not.
 *  @param links paths of symbolic links, and `changed` any paths, relative to the repository
 *  @returns those that lead to, or over, one of the changed paths */
async function linksTo(changed: ReadonlySet<string>, links: readonly string[], topLevel: string): Promise<string[]> {
  const found: string[] = []
  for (const link of links) {
    const passed = await trace(link, topLevel)
    if (passed.some((path) => changed.has(path))) found.push(link)
  }
  return found
}

/** @returns every path from a link to the end of where it leads, relative to the repository, whether that is there or not */
async function trace(link: string, topLevel: string): Promise<string[]> {
  const passed: string[] = []
  const rest = link.split('/')
  let at = topLevel
  for (let hops = 0; rest.length > 0 && hops < HOPS_MAX; ) {
    const name = rest.shift()
    at = name === '..' ? dirname(at) : join(at, name ?? '')
    passed.push(relative(topLevel, at).split(sep).join('/'))
    const target = await readlink(at).catch(() => undefined) // no link, or nothing at all
    if (target === undefined) continue
    hops += 1
    at = isAbsolute(target) ? parse(target).root : dirname(at)
    rest.unshift(...target.split(sep))
  }
  return passed
}

/** The files that changed, and the links that lead to one that did, whether below the root or not. */
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
