import type { Inputs } from '../inputs/inputs.ts'
import type { WorkflowEvent } from '../runner/environment.ts'
import { asksForRuns, type BaseCandidate, branchOf, findBases, type Ladder } from './base.ts'
import type { ChangedFile, Changes } from './by-git.ts'
import type { GitHub } from './github.ts'

/** No base can be had, and the workflow asks to fail then. */
export class BaseError extends Error {
  override name = 'BaseError'
}

export type Asked = Pick<Inputs, 'base' | 'files' | 'onUnknownBase'>
/** A step of the ladder that can be taken, and what it leads to. */
type Taken = { base: string; changed: readonly ChangedFile[] }
export type Tools = {
  head: { sha: string; parents: readonly string[] }
  rootPath: string
  github: GitHub | undefined
  /** @returns undefined where the base can't be had; a text says why */
  take(candidate: BaseCandidate): Promise<Taken | string>
  /** Brings commits that will be asked for, as far as they can be had, all at once. */
  prepare(commits: readonly string[]): Promise<void>
  /** every file, where there is no base */
  listAll(): Promise<readonly ChangedFile[]>
}

/** Climbs the ladder of bases to the first that can be had, and takes what differs from it.
 *  @throws BaseError */
export async function climb(event: WorkflowEvent, asked: Asked, tools: Tools): Promise<Changes> {
  const { head, rootPath, github } = tools
  const runs = !asksForRuns(event, asked.base)
    ? undefined
    : github === undefined
      ? NO_TOKEN
      : await github.runs(branchOf(event))
  const ladder = findBases(event, { baseInput: asked.base, head, runs })
  const { notices, warnings } = ladder
  const found = { head: head.sha, rootPath, notices, warnings }
  if (ladder.nothing !== undefined) {
    const steps = [`nothing to do: ${ladder.nothing}`]
    return { ...found, base: head.sha, baseStrategy: 'event', files: [], considered: 0, steps }
  }
  const { base, changed, more, baseStrategy, steps, ...left } = await takeFirst(ladder, asked, tools)
  const files = [...changed, ...more].filter(({ path }) => asked.files(path.slice(rootPath.length)))
  const lost =
    asked.base !== '' && baseStrategy === 'all'
      ? [`base: '${asked.base}' can't be had, so every matching file is taken`]
      : []
  return {
    ...found,
    base: base === head.sha && more.length > 0 ? '' : base, // head differs from what was published, not from it
    baseStrategy,
    files,
    considered: changed.length + more.length,
    steps,
    warnings: [...warnings, ...left.warnings, ...lost],
  }
}

const NO_TOKEN = {
  known: false,
  cause: 'no-token',
  why: 'there is no github-token to read workflow runs with',
} as const

async function takeFirst(
  ladder: Ladder,
  { onUnknownBase }: Asked,
  tools: Tools,
): Promise<Taken & Pick<Changes, 'baseStrategy' | 'steps' | 'warnings'> & { more: readonly ChangedFile[] }> {
  const steps = ladder.passedOver.map((why) => `base: ${why}`)
  for (const candidate of ladder.candidates) {
    const { strategy, ref, reason } = candidate
    const taken = await tools.take(candidate)
    if (typeof taken === 'string') {
      steps.push(`base: ${ref} (${strategy}) can't be had: ${taken}`)
      continue
    }
    const { more, warnings } = await takeLeftovers(ladder.leftovers, taken, tools)
    steps.push(`base: ${taken.base || ref} (${strategy}): ${reason}`)
    if (more.length > 0)
      steps.push(`base: and ${more.length} more that other runs may have published in other versions`)
    return { ...taken, more, warnings, baseStrategy: strategy, steps }
  }
  if (onUnknownBase === 'fail') {
    throw new BaseError(`on-unknown-base: no base can be had, and the run is to fail then (${steps.join('; ')})`)
  }
  const all = { base: '', changed: await tools.listAll(), more: [], warnings: [], baseStrategy: 'all' } as const
  return { ...all, steps: [...steps, 'base: none, so every matching file is taken'] }
}

/** Files that a run without success may have published, and that are back to what the base has: only head's bytes count.
 *  What such a run added and head does not have needs nothing.
 *  @returns those files, and a warning for each such run of which it can't be told */
async function takeLeftovers(
  leftovers: readonly string[],
  { base, changed }: Taken,
  tools: Tools,
): Promise<{ more: ChangedFile[]; warnings: string[] }> {
  const known = new Set(changed.map(({ path }) => path))
  const more: ChangedFile[] = []
  const warnings: string[] = []
  const commits = leftovers.filter((sha) => sha !== base)
  await tools.prepare(commits)
  for (const ref of commits) {
    const taken = await tools.take({ strategy: 'last-success', ref, mergeBase: false, reason: '' })
    if (typeof taken === 'string') {
      warnings.push(
        `a run without success may have published parts of ${ref}, and what of that is left can't be told: ${taken}; run once with an earlier commit as base`,
      )
      continue
    }
    for (const { path, change } of taken.changed) {
      if (change === 'deleted' || known.has(path)) continue
      known.add(path)
      more.push({ path, change: 'modified' })
    }
  }
  return { more, warnings }
}
