import type { Inputs } from '../inputs.ts'
import { type BaseStrategy, findBases, type Ladder } from './base.ts'
import type { Git } from './git.ts'
import type { TreeChange } from './git-output.ts'

type ChangedFile = {
  /** POSIX, relative to the repository */
  readonly path: string
  /** `present`: there is no base to compare with */
  readonly change: 'added' | 'modified' | 'deleted' | 'present'
}

export type Changes = {
  /** full SHA of the commit compared with, '' where every file is taken */
  readonly base: string
  readonly head: string
  readonly baseStrategy: BaseStrategy
  /** the folder that maps to the Source's root, relative to the repository: '' or ends with a slash */
  readonly rootPath: string
  readonly files: readonly ChangedFile[]
  /** how many files below the root differ, or are there, before the patterns */
  readonly considered: number
  /** the steps of the ladder, taken or passed over, each with its reason */
  readonly steps: readonly string[]
}

type Asked = Pick<Inputs, 'base' | 'files'>

/** The files that changed since the base; every file where no base can be had, never none for want of one.
 *  @throws GitError */
export async function findChanges(
  git: Git,
  { eventName, event }: { eventName: string; event: unknown },
  inputs: Asked,
): Promise<Changes> {
  const { rootPath } = git
  const ladder = findBases(eventName, event, inputs.base)
  const [head, found] = await Promise.all([git.head(), ladder.nothing === undefined ? climb(git, ladder) : undefined])
  if (found === undefined) {
    return {
      base: head,
      head,
      baseStrategy: 'event',
      rootPath,
      files: [],
      considered: 0,
      steps: [`nothing to do: ${ladder.nothing}`],
    }
  }
  const { base, baseStrategy, steps } = found
  const changed = base === '' ? await listAll(git, head) : (await git.diff(base, head)).flatMap(toChangedFile)
  const files = changed.filter(({ path }) => inputs.files(path.slice(rootPath.length)))
  return { base, head, baseStrategy, rootPath, files, considered: changed.length, steps }
}

async function climb(git: Git, ladder: Ladder): Promise<Pick<Changes, 'base' | 'baseStrategy' | 'steps'>> {
  const steps = ladder.passedOver.map((why) => `base: none from the event: ${why}`)
  for (const { strategy, ref, reason } of ladder.candidates) {
    const base = (await git.findCommit(ref)) ?? (await git.fetchCommit(ref))
    if (base !== undefined)
      return { base, baseStrategy: strategy, steps: [...steps, `base: ${base} (${strategy}): ${reason}`] }
    steps.push(`base: ${ref} (${strategy}) can't be had: neither this clone nor its remote has that commit`)
  }
  return { base: '', baseStrategy: 'all', steps: [...steps, 'base: none, so every matching file is taken'] }
}

async function listAll(git: Git, head: string): Promise<ChangedFile[]> {
  const entries = await git.list(head)
  return entries.filter(({ kind }) => kind !== 'submodule').map(({ path }) => ({ path, change: 'present' }))
}

/** A submodule is no file: one that takes a file's place deletes it, one that gives way to a file adds it. */
function toChangedFile({ path, before, after }: TreeChange): ChangedFile[] {
  const was = before !== undefined && before !== 'submodule'
  const is = after !== undefined && after !== 'submodule'
  if (was && is) return [{ path, change: 'modified' }]
  if (is) return [{ path, change: 'added' }]
  return was ? [{ path, change: 'deleted' }] : []
}
