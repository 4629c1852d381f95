/** What a run plans to do, does and tells: the types that all rooms share. */

/** The way that bytes take to a Source. */
export type Route = 'direct' | 'session'

/** What a file's asset shall have. What is not named here stays as it is; null takes away. */
export type Attributes = {
  readonly categories: readonly string[]
  readonly customFields: Readonly<Record<string, string | null>>
  readonly description: string | null | undefined
  readonly name: string | null | undefined
  /** confidences from 0 to 1 */
  readonly tags: Readonly<Record<string, number | null>>
}

/** A file in the repository (`path`) and at the Source (`originPath`). */
type Placed = { readonly path: string; readonly originPath: string }

/** Stores a file's bytes. */
export type UploadStep = Placed & {
  readonly kind: 'upload'
  readonly absolutePath: string
  readonly change: 'added' | 'modified' | 'present'
  readonly bytes: number
  /** nothing but the file that was found is read: by this it is known again, and whether it changed */
  readonly identity: { readonly dev: bigint; readonly ino: bigint; readonly ctimeNs: bigint }
  /** it is not sent when it has changed into what the guards refuse */
  readonly isGuarded: boolean
  readonly contentType: string
  /** the planned route; `any`: the route that is free at its start */
  readonly route: Route | 'any'
  /** the routes that can store it, the preferred one first */
  readonly routes: readonly Route[]
  /** whether its bytes are recorded with its asset: always, or only where an older record would be wrong */
  readonly record: 'always' | 'renew'
  /** its asset has a record of other bytes, or may have, which must not outlive them; undefined where nothing was listed */
  readonly hasRecord: boolean | undefined
  /** its asset has custom fields, categories or tags; undefined where that is not known */
  readonly hasFields: boolean | undefined
  readonly attributes: Attributes
}

/** Has imgix drop what it serves at a URL. */
export type PurgeStep = {
  readonly kind: 'purge'
  readonly url: string
  /** the file that it is for; undefined for an input's URL */
  readonly path: string | undefined
  /** purges the images that use this one as `mark` or `blend`, too */
  readonly subImage: boolean
}

/** Sets the attributes of an asset. */
export type UpdateStep = Placed & { readonly kind: 'update'; readonly attributes: Attributes }

/** Records the bytes of an upload with their asset. */
export type RecordStep = Placed & { readonly kind: 'record' } & Pick<UploadStep, 'record'>

/** Asks the Asset Manager to add a file of the origin, or to refresh it: to fetch, process and purge it again. */
export type CallStep = Placed & { readonly kind: 'call'; readonly call: 'add' | 'refresh' }

export type Step = UploadStep | PurgeStep | UpdateStep | RecordStep | CallStep

/** An upload, and what follows once its bytes are stored. */
export type FilePlan = {
  readonly upload: UploadStep
  readonly purges: readonly PurgeStep[]
  readonly calls: readonly CallStep[]
}

/** What a run will do: with each file, and beside the files. */
export type Plan = {
  readonly files: readonly FilePlan[]
  readonly purges: readonly PurgeStep[]
  readonly updates: readonly UpdateStep[]
  readonly calls: readonly CallStep[]
  readonly skipped: readonly Skipped[]
}

/** A file that the plan leaves alone: deleted, not asked for, or one that can't be taken. */
export type Skipped = Placed & {
  readonly kind: 'skip'
  readonly change: 'added' | 'modified' | 'deleted' | 'present'
  readonly result: 'skipped' | 'deleted' | 'failed'
  readonly reason: string
}

/** What is to be done: uploads, calls, and how many assets to update and URLs to purge. */
export type Work = {
  readonly uploads: readonly UploadStep[]
  readonly updates: number
  readonly purges: number
  readonly calls: readonly CallStep[]
}

/** What became of a step. `skipped`: there was nothing to do, or it must not be done; `not-done`: the run ended before it. */
export type Outcome<S extends Step = Step> = {
  readonly step: S
  readonly attempts: number
  readonly seconds: number
} & (
  | { readonly result: 'done'; readonly route?: Route }
  | { readonly result: 'skipped'; readonly reason: string }
  | { readonly result: 'failed'; readonly error: Error }
  | { readonly result: 'not-done'; readonly reason: string }
)

/** What a run takes of the files that it looked at, and since when. */
export type Selected = {
  /** full SHA of the commit compared with, '' where there is none or it is not known */
  readonly base: string
  readonly head: string
  readonly baseStrategy: string
  readonly rootPath: string
  readonly files: readonly unknown[]
  readonly matching?: number
  readonly considered: number
  readonly steps: readonly string[]
  readonly notices: readonly string[]
  readonly warnings: readonly string[]
  /** what is never looked at, with the reason, by path */
  readonly leftOut?: ReadonlyMap<string, string>
}

/** How the files of a folder compare with what the Source lists. */
export type Compared = {
  /** how many files were compared */
  readonly files: number
  /** by origin path, of those that the Source has */
  readonly comparisons: ReadonlyMap<string, { change: string; reason: string; isUnchanged: boolean }>
  /** origin paths of assets that the folder does not have */
  readonly onlyAtSource: readonly string[]
}

/** What an answer after a purge tells of a URL. */
export type Judgement = {
  readonly verdict: 'fresh' | 'stale' | 'gone' | 'still-served' | 'unverifiable'
  /** why, unless it is as it should be */
  readonly reason?: string
  /** another look can't change it */
  readonly settled: boolean
}

type Pace = { readonly count: number; readonly perMs: number }

/** A class of requests that imgix refused although they kept to their limit, and the pace at which it did not. */
export type Slowed = {
  readonly limitClass: string
  readonly limit: Pace
  readonly refusals: number
  readonly accepted: Pace
}

/** What happens in a run. All that people see is made from it. */
export type RunEvent =
  | {
      readonly kind: 'started'
      readonly mode: 'changed' | 'all'
      readonly dryRun: boolean
      readonly sourceId: string
      readonly domains: readonly string[]
      readonly verify: 'off' | 'warn' | 'fail'
    }
  | { readonly kind: 'note'; readonly level: 'info' | 'notice'; readonly text: string }
  /** nothing is to be done with files */
  | { readonly kind: 'idle'; readonly reason: string }
  | { readonly kind: 'selected'; readonly changes: Selected }
  | { readonly kind: 'source'; readonly source: { readonly type: string; readonly domains: readonly string[] } }
  /** so many of the Source's assets have been listed */
  | { readonly kind: 'listed'; readonly assets: number }
  /** they can't be listed, so that nothing is known to be unchanged */
  | { readonly kind: 'unlisted'; readonly why: string }
  | { readonly kind: 'compared'; readonly listing: Compared }
  /** the plan before its files are guarded */
  | { readonly kind: 'drafted'; readonly plan: Plan }
  /** what guards found in files that are uploaded all the same, by path */
  | { readonly kind: 'warned'; readonly problems: ReadonlyMap<string, string> }
  /** @param seconds that it takes by the rate limits
   *  @param forecast of what is left of it */
  | {
      readonly kind: 'planned'
      readonly plan: Plan
      readonly seconds: number
      readonly forecast: (work: Work) => number
    }
  /** patterns of the metadata file that match no file */
  | { readonly kind: 'idle-patterns'; readonly patterns: readonly string[] }
  /** @param videos that purges may not reach: a path or a URL each */
  | { readonly kind: 'sync-began'; readonly videos: readonly string[] }
  | { readonly kind: 'sync-ended' }
  /** @param bytes of the file that have left in this try */
  | { readonly kind: 'sent'; readonly step: UploadStep; readonly bytes: number }
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  /** files of route `any` go direct from now on */
  | { readonly kind: 'sessions-closed'; readonly because: Error }
  /** whether full syncs have left records could not be asked */
  | { readonly kind: 'records-unknown'; readonly because: Error }
  | { readonly kind: 'waits'; readonly waitMs: number; readonly because: Error }
  | ({ readonly kind: 'slowed' } & Slowed)
  /** a round of looks, after which `left` of `all` URLs are not yet what they should be */
  | { readonly kind: 'looked'; readonly left: number; readonly all: number; readonly waitMs: number }
  | { readonly kind: 'purged-again'; readonly url: string; readonly error?: unknown }
  /** by URL */
  | { readonly kind: 'verified'; readonly verdicts: ReadonlyMap<string, Judgement> }
  /** @param error what ended the run early */
  | { readonly kind: 'finished'; readonly cancelled: boolean; readonly error: unknown }

export type Emit = (event: RunEvent) => void
