import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Inputs } from '../inputs.ts'
import {
  asksForRuns,
  type BaseCandidate,
  type BaseStrategy,
  branchOf,
  type Event,
  findBases,
  type Ladder,
} from './base.ts'
import type { Git } from './git.ts'
import type { TreeChange } from './git-output.ts'
import type { GitHub } from './github.ts'
import { linksTo } from './links.ts'
import { listFolder } from './work-tree.ts'

export type ChangedFile = {
  /** POSIX, relative to the repository */
  readonly path: string
  /** `present`: there is no base to compare with */
  readonly change: 'added' | 'modified' | 'deleted' | 'present'
}

export type Changes = {
  /** full SHA of the commit compared with, '' where there is none or it is not known */
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
  readonly notices: readonly string[]
  readonly warnings: readonly string[]
}

/** No base can be had, and the workflow asks to fail then. */
export class BaseError extends Error {
  override name = 'BaseError'
}

type Asked = Pick<Inputs, 'base' | 'files' | 'onUnknownBase'>
/** A step of the ladder that can be taken, and what it leads to. */
type Taken = { base: string; changed: readonly ChangedFile[] }
type Tools = {
  head: { sha: string; parents: readonly string[] }
  rootPath: string
  github: GitHub | undefined
  /** @returns undefined where the base can't be had; a text says why */
  take(candidate: BaseCandidate): Promise<Taken | string>
  /** every file, where there is no base */
  listAll(): Promise<readonly ChangedFile[]>
}

/** The files that changed since the base; every file where no base can be had, never none for want of one.
 *  @throws GitError, BaseError */
export async function findChanges(git: Git, github: GitHub | undefined, event: Event, asked: Asked): Promise<Changes> {
  const head = await git.head()
  const { rootPath, topLevel } = git
  let links: Promise<string[]> | undefined
  const listLinks = async (): Promise<string[]> =>
    (await git.listLinks(head.sha)).filter((path) => asked.files(path.slice(rootPath.length)))
  return climb(event, asked, {
    head,
    github,
    rootPath,
    async take({ ref, mergeBase }) {
      // a branch of that name is in a submodule and in another checked out repository too, and says nothing there
      const isNamed = mergeBase && !/^[0-9a-f]{40,64}$/.test(ref)
      if (isNamed && event.sha !== head.sha && (await git.findCommit(event.sha)) === undefined)
        return "it is a branch of the event's repository, and this clone does not have the event's commit"
      const sha = mergeBase ? ((await git.mergeBase(ref, head.sha)) ?? (await github?.mergeBase(ref, head.sha))) : ref
      if (sha === undefined) return 'no common commit with it is in this clone, nor does the API name one'
      const base = (await git.findCommit(sha)) ?? (await git.fetchCommit(sha))
      if (base === undefined) return 'neither this clone nor its remote has that commit'
      links ??= listLinks()
      const [below, matching] = await Promise.all([git.diff(base, head.sha), links])
      const changed = below.flatMap(toChangedFile)
      if (matching.length === 0) return { base, changed }
      const everywhere = rootPath === '' ? below : await git.diff(base, head.sha, true)
      return { base, changed: await withLinks(changed, everywhere, { matching, topLevel }) }
    },
    async listAll() {
      const entries = await git.list(head.sha)
      return entries.filter(({ kind }) => kind !== 'submodule').map(({ path }) => ({ path, change: 'present' }))
    },
  })
}

/** The same without git or a repository, from the lists of GitHub's API, of which none that may be cut is believed.
 *  @param folder the workspace and the root in it
 *  @throws BaseError */
export async function findChangesByApi(
  folder: { workspace: string; root: string },
  github: GitHub,
  event: Event,
  asked: Asked,
): Promise<Changes> {
  const rootPath = folder.root === '.' ? '' : `${folder.root}/`
  const { number } = (event.payload ?? {}) as { number?: unknown }
  return climb(event, asked, {
    head: { sha: event.sha, parents: [] },
    github,
    rootPath,
    async take({ ref, mergeBase }) {
      const isPullRequest = mergeBase && typeof number === 'number'
      const listed = isPullRequest
        ? await github.pullRequest(number)
        : await github.compare(ref, event.sha, { mergeBase })
      if (listed === undefined) return "GitHub's API does not give the difference to it"
      if (listed.cut) return `GitHub's API lists ${listed.files.length} files and may have left out others`
      const changed = listed.files.filter(({ path }) => path.startsWith(rootPath))
      const links = existsSync(join(folder.workspace, folder.root)) ? await listFolder(folder, true) : []
      const matching = links.filter((path) => asked.files(path.slice(rootPath.length)))
      const topLevel = await realpath(folder.workspace)
      return { base: listed.base, changed: await withLinks(changed, listed.files, { matching, topLevel }) }
    },
    async listAll() {
      const paths = await listFolder(folder)
      return paths.map((path) => ({ path, change: 'present' }))
    },
  })
}

async function climb(event: Event, asked: Asked, tools: Tools): Promise<Changes> {
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
  const first = await takeFirst(ladder, asked, tools)
  const { base, baseStrategy } = first
  const rest = baseStrategy === 'all' ? NO_REST : await takeLeftovers(ladder.leftovers, first, tools)
  const changed = [...first.changed, ...rest.changed]
  const files = changed.filter(({ path }) => asked.files(path.slice(rootPath.length)))
  const lost =
    asked.base !== '' && baseStrategy === 'all'
      ? [`base: '${asked.base}' can't be had, so every matching file is taken`]
      : []
  return {
    ...found,
    base: base === head.sha && rest.changed.length > 0 ? '' : base, // head differs from what was published, not from it
    baseStrategy,
    files,
    considered: changed.length,
    steps: [...first.steps, ...rest.steps],
    warnings: [...warnings, ...rest.warnings, ...lost],
  }
}

/** The files that changed, and the links that lead to one that did, whether below the root or not. */
async function withLinks(
  changed: readonly ChangedFile[],
  everywhere: readonly { path: string }[],
  { matching, topLevel }: { matching: readonly string[]; topLevel: string },
): Promise<ChangedFile[]> {
  const known = new Set(changed.map(({ path }) => path))
  const unchanged = matching.filter((path) => !known.has(path))
  const led = await linksTo(new Set(everywhere.map(({ path }) => path)), unchanged, topLevel)
  return [...changed, ...led.map((path): ChangedFile => ({ path, change: 'modified' }))]
}

type Rest = Pick<Changes, 'steps' | 'warnings'> & { changed: readonly ChangedFile[] }

const NO_REST: Rest = { changed: [], steps: [], warnings: [] }

/** Files that a run without success may have published, and that are back to what the base has: only head's bytes count.
 *  What such a run added and head does not have needs nothing. */
async function takeLeftovers(leftovers: readonly string[], { base, changed }: Taken, tools: Tools): Promise<Rest> {
  const known = new Set(changed.map(({ path }) => path))
  const rest: ChangedFile[] = []
  const warnings: string[] = []
  for (const ref of leftovers.filter((sha) => sha !== base)) {
    const taken = await tools.take({ strategy: 'last-success', ref, mergeBase: false, reason: '' })
    if (typeof taken === 'string') {
      warnings.push(
        `a run without success published ${ref}, in part or not at all; what of it stays can't be told: ${taken}`,
      )
      continue
    }
    for (const { path, change } of taken.changed) {
      if (change === 'deleted' || known.has(path)) continue
      known.add(path)
      rest.push({ path, change: 'modified' })
    }
  }
  const steps =
    rest.length === 0
      ? []
      : [`base: and ${rest.length} more that runs without success may have published in other versions`]
  return { changed: rest, steps, warnings }
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
): Promise<Taken & Pick<Changes, 'baseStrategy' | 'steps'>> {
  const steps = ladder.passedOver.map((why) => `base: ${why}`)
  for (const candidate of ladder.candidates) {
    const { strategy, ref, reason } = candidate
    const taken = await tools.take(candidate)
    if (typeof taken !== 'string') {
      return {
        ...taken,
        baseStrategy: strategy,
        steps: [...steps, `base: ${taken.base || ref} (${strategy}): ${reason}`],
      }
    }
    steps.push(`base: ${ref} (${strategy}) can't be had: ${taken}`)
  }
  if (onUnknownBase === 'fail')
    throw new BaseError(`on-unknown-base: no base can be had, and the run is to fail then (${steps.join('; ')})`)
  return {
    base: '',
    changed: await tools.listAll(),
    baseStrategy: 'all',
    steps: [...steps, 'base: none, so every matching file is taken'],
  }
}

/** A submodule is no file: one that takes a file's place deletes it, one that gives way to a file adds it. */
function toChangedFile({ path, before, after }: TreeChange): ChangedFile[] {
  const was = before !== undefined && before !== 'submodule'
  const is = after !== undefined && after !== 'submodule'
  if (was && is) return [{ path, change: 'modified' }]
  if (is) return [{ path, change: 'added' }]
  return was ? [{ path, change: 'deleted' }] : []
}
