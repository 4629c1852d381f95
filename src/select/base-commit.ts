import type { Git } from './git.ts'
import type { GitHub } from './github.ts'

const DEEPEN_BY = [50, 200, 800]
const ANCESTORS_MAX = 1000
const TOO_SHORT =
  'the history of this clone is too short to tell the last common commit: set fetch-depth: 0 on actions/checkout, or fetch the whole history'

/** Finds the merge base of a commit and the head. That of a shallow clone is believed only where a deeper one has the same.
 *  @returns its full SHA, or the reason why it is unknown */
export async function findMergeBase(
  git: Git,
  github: Pick<GitHub, 'mergeBase'> | undefined,
  { ref, head }: { ref: string; head: string },
): Promise<{ sha: string } | { why: string }> {
  const known = await git.findCommit(ref)
  const local = known === undefined ? undefined : await look(git, known, head)
  if (local?.sha !== undefined && local.cuts.length === 0) return { sha: local.sha }
  const sha = await github?.mergeBase(known ?? ref, head)
  if (sha !== undefined) return { sha }
  const commit = known ?? (await git.fetchCommit(ref))
  const deep = commit === undefined ? undefined : await look(git, commit, head, DEEPEN_BY)
  if (deep?.sha !== undefined && deep.cuts.length === 0) return { sha: deep.sha }
  if (deep !== undefined && deep.cuts.length > 0) return { why: TOO_SHORT }
  return { why: 'neither this clone nor the API has a common commit with it' }
}

type Look = {
  /** a common ancestor; undefined if the clone has none */
  readonly sha: string | undefined
  /** the commits below which a later common ancestor can be */
  readonly cuts: readonly string[]
}

/** @param rounds the commits to fetch in each round below the ends of a shallow history */
async function look(git: Git, commit: string, head: string, rounds: readonly number[] = []): Promise<Look> {
  const sha = await git.mergeBase(commit, head)
  if (sha === commit || sha === head) return { sha, cuts: [] }
  // a path to a later common ancestor leaves this part of the history only through a cut
  const cuts = await git.findCuts([commit, head], sha)
  const [commits, ...others] = rounds
  const isDeeper = cuts.length > 0 && commits !== undefined && (await git.deepen(cuts, commits))
  return isDeeper ? look(git, commit, head, others) : { sha, cuts }
}

/** @param ref anything that git resolves, such as `HEAD~2`
 *  @returns its full SHA; fetched if the clone lacks it */
export async function findBaseCommit(git: Git, ref: string): Promise<string | undefined> {
  return (await git.findCommit(ref)) ?? (await git.fetchCommit(ref)) ?? (await findAncestor(git, ref))
}

/** Fetches the history that leads to an ancestor such as `HEAD~2` or `v1^`: no remote knows it by that name. */
async function findAncestor(git: Git, ref: string): Promise<string | undefined> {
  const [, name = '', path = ''] = /^(@|[^~^@:{]+)((?:[~^]\d*)+)$/.exec(ref) ?? []
  const tip = name === '' ? undefined : ((await git.findCommit(name)) ?? (await git.fetchCommit(name)))
  if (tip === undefined) return undefined
  const steps = [...path.matchAll(/([~^])(\d*)/g)].map(([, sign, count]) => (sign === '~' ? Number(count || 1) : 1))
  const generations = steps.reduce((sum, step) => sum + step, 0)
  const cuts = generations > ANCESTORS_MAX ? [] : await git.findCuts([tip])
  return (await git.deepen(cuts, generations)) ? git.findCommit(tip + path) : undefined
}
