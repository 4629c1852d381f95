import { TEXT_MAX_BYTES } from '../inputs/text-file.ts'
import type { Git } from './git.ts'

/** The inputs that decide which files a run publishes, and where. */
const DECIDING = ['files', 'prefix', 'root', 'source-id']

/** A push takes the files that it changed. With new inputs, other files match too, or have other URLs.
 *  @param path of the workflow
 *  @returns a notice if the workflow's file has other inputs at the head than at the base; empty if not */
export async function tellNewInputs(git: Git, base: string, head: string, path: string): Promise<string[]> {
  const show = (commit: string) => git.show(commit, path, TEXT_MAX_BYTES)
  const [before, after] = await Promise.all([show(base), show(head)])
  if (before === undefined || after === undefined || before === after) return []
  const names = DECIDING.filter((name) => valuesOf(name, before) !== valuesOf(name, after))
  if (names.length === 0) return []
  return [
    `${path} has another ${names.join(', ')} since the base, and this run takes only the files that changed: run once with mode: all to publish the others`,
  ]
}

/** @returns the lines of every key of that name, with those that are indented deeper */
function valuesOf(name: string, yaml: string): string {
  const values: string[] = []
  let indent: number | undefined
  for (const line of yaml.split(/\r?\n/)) {
    const text = line.trim()
    if (text === '') continue
    const depth = line.length - line.trimStart().length
    if (indent !== undefined && depth <= indent) indent = undefined
    if (indent === undefined && text.startsWith(`${name}:`)) indent = depth
    if (indent !== undefined) values.push(text)
  }
  return values.join('\n')
}
