/** The types that all rooms share: the plan of a run, its steps, their outcomes, and the events. */

/** How bytes get to a Source: by direct upload or by an upload session. */
export type Route = 'direct' | 'session'

/** The attributes that the asset of a file gets. An attribute without a value here keeps its value; null removes it. */
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
  /** identifies the file that was found: only that file is read, and a change of it is noticed */
  readonly identity: { readonly dev: bigint; readonly ino: bigint; readonly ctimeNs: bigint }
  /** the guards check the file again if it changed before it is sent */
  readonly isGuarded: boolean
  readonly contentType: string
  /** the planned route; `any`: chosen when the upload starts, as the route that is expected to be faster */
  readonly route: Route | 'any'
  /** the routes that can store it, the preferred one first */
  readonly routes: readonly Route[]
  /** `always`: the asset gets a record of the bytes; `renew`: only if it already has a record */
  readonly record: 'always' | 'renew'
  /** the asset has, or can have, a record of older bytes, and the upload makes that record wrong; undefined if no
   *  assets were listed */
  readonly hasRecord: boolean | undefined
  /** the asset has custom fields, categories or tags; undefined if that is unknown */
  readonly hasFields: boolean | undefined
  readonly attributes: Attributes
}

/** Removes a URL from imgix's cache. */
export type PurgeStep = {
  readonly kind: 'purge'
  readonly url: string
  /** the file of the URL; undefined for a URL of the input `urls` */
  readonly path: string | undefined
  /** also purges the images that use this one as `mark` or `blend` */
  readonly subImage: boolean
}

/** Sets the attributes of an asset. */
export type UpdateStep = Placed & { readonly kind: 'update'; readonly attributes: Attributes }

/** Writes the record of uploaded bytes to their asset. */
export type RecordStep = Placed & { readonly kind: 'record' } & Pick<UploadStep, 'record'>

/** Asks the Asset Manager to add a file of the origin, or to refresh it: to fetch, process and purge the file again. */
export type CallStep = Placed & { readonly kind: 'call'; readonly call: 'add' | 'refresh' }

export type Step = UploadStep | PurgeStep | UpdateStep | RecordStep | CallStep

/** An upload, and the steps that follow when its bytes are stored. */
export type FilePlan = {
  readonly upload: UploadStep
  readonly purges: readonly PurgeStep[]
  readonly calls: readonly CallStep[]
}

/** The steps of a run: those of each uploaded file, and the others. */
export type Plan = {
  readonly files: readonly FilePlan[]
  readonly purges: readonly PurgeStep[]
  readonly updates: readonly UpdateStep[]
  readonly calls: readonly CallStep[]
  readonly skipped: readonly Skipped[]
}

/** A file that is not uploaded: deleted, excluded by an input, unchanged, or unusable. */
export type Skipped = Placed & {
  readonly kind: 'skip'
  readonly change: 'added' | 'modified' | 'deleted' | 'present'
  readonly result: 'skipped' | 'deleted' | 'failed'
  readonly reason: string
}

/** The outcome of a step. `skipped`: it was not needed or not allowed. `not-done`: the run ended before it. */
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

/** A file that changed or was found. */
export type ChangedFile = {
  /** POSIX, relative to the repository */
  readonly path: string
  /** `present`: the file was not compared with a base */
  readonly change: 'added' | 'modified' | 'deleted' | 'present'
}

/** The files that a run selected, and the commit that it compared them with. */
export type Selected = {
  /** full SHA of the base commit; '' if there is none, or it is unknown */
  readonly base: string
  readonly head: string
  readonly baseStrategy: string
  /** why the base is the base; undefined where there is none */
  readonly baseReason?: string | undefined
  /** the folder that maps to the Source's root, relative to the repository; '' or ends with a slash */
  readonly rootPath: string
  readonly files: readonly ChangedFile[]
  /** with shards: how many files of all shards match the patterns */
  readonly matching?: number
  /** how many files below the root changed, or in `mode: all` exist, before the patterns apply */
  readonly considered: number
  /** how the base was found: each candidate, with the reason why it was taken or not */
  readonly steps: readonly string[]
  readonly notices: readonly string[]
  /** how a later run can do better; the last line of the summary shows it */
  readonly hints?: readonly string[] | undefined
  readonly warnings: readonly string[]
  /** how many matching files were there before the first run, and are not published */
  readonly untouched?: number
  /** the reason why a path is never read, by path */
  readonly leftOut?: ReadonlyMap<string, string>
  /** the files that the head has, where a folder was read; undefined: it has all of them */
  readonly tracked?: ReadonlySet<string>
}

/** The comparison of the files of a folder with the Source's list of assets. */
export type Compared = {
  /** how many files were compared */
  readonly files: number
  /** by origin path, for the files that the Source has */
  readonly comparisons: ReadonlyMap<string, { change: string; reason: string; isUnchanged: boolean }>
  /** origin paths of assets that the folder does not have */
  readonly onlyAtSource: readonly string[]
}

/** The judgement about a URL from an answer after its purge. */
export type Judgement = {
  readonly verdict: 'fresh' | 'stale' | 'gone' | 'still-served' | 'unverifiable'
  /** the reason, unless the URL is as it should be */
  readonly reason?: string
  /** further requests can't change the verdict */
  readonly settled: boolean
}

export type Pace = { readonly count: number; readonly perMs: number }

/** A class of requests that imgix refused although they kept to their limit, and the pace that it accepted. */
type Slowed = {
  readonly limitClass: string
  readonly limit: Pace
  readonly refusals: number
  readonly accepted: Pace
}

/** An event of a run. Log, progress, summary, report and annotations are made from events alone. */
export type RunEvent =
  | {
      readonly kind: 'started'
      readonly mode: 'changed' | 'all'
      readonly dryRun: boolean
      readonly sourceId: string
      readonly domains: readonly string[]
      readonly verify: 'off' | 'warn' | 'fail'
      /** for the whole verification, at most */
      readonly verifySeconds?: number
      readonly summary: 'pictures' | 'text' | 'off'
      /** GitHub's page of the repository; '' where it is not known */
      readonly repositoryUrl: string
    }
  | { readonly kind: 'note'; readonly level: 'info' | 'notice' | 'warning'; readonly text: string }
  /** the run has nothing to do with files */
  | { readonly kind: 'idle'; readonly reason: string }
  | { readonly kind: 'selected'; readonly changes: Selected }
  | { readonly kind: 'source'; readonly source: { readonly type: string; readonly domains: readonly string[] } }
  /** the number of assets that were listed so far */
  | { readonly kind: 'listed'; readonly assets: number }
  /** the assets can't be listed, so no file is known to be unchanged */
  | { readonly kind: 'unlisted'; readonly why: string }
  | { readonly kind: 'compared'; readonly listing: Compared }
  /** the plan before the guards */
  | { readonly kind: 'drafted'; readonly plan: Plan }
  /** the problems that the guards found in files that are uploaded all the same, by path */
  | { readonly kind: 'warned'; readonly problems: ReadonlyMap<string, string> }
  /** @param seconds the duration by the rate limits alone
   *  @param forecast gives the seconds for the steps that are left */
  | {
      readonly kind: 'planned'
      readonly plan: Plan
      readonly seconds: number
      readonly forecast: (steps: readonly Step[]) => number
    }
  /** patterns of the metadata file that match no file */
  | { readonly kind: 'idle-patterns'; readonly patterns: readonly string[] }
  /** @param videos paths or URLs that a purge possibly does not reach */
  | { readonly kind: 'sync-began'; readonly videos: readonly string[] }
  | { readonly kind: 'sync-ended' }
  /** @param bytes number of bytes of the file that this try has sent so far */
  | { readonly kind: 'sent'; readonly step: UploadStep; readonly bytes: number }
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  /** files with the route `any` are uploaded directly from now on */
  | { readonly kind: 'sessions-closed'; readonly because: Error }
  /** it is unknown whether the Source has records of full syncs */
  | { readonly kind: 'records-unknown'; readonly because: Error }
  | { readonly kind: 'waits'; readonly waitMs: number; readonly because: Error }
  /** @param limits by class, as the run keeps to them
   *  @param shards that share the account's limits */
  | {
      readonly kind: 'slowed'
      readonly slowDowns: readonly Slowed[]
      readonly limits: Readonly<Record<string, Pace>>
      readonly shards: number
    }
  /** after a round of requests, `left` of `all` URLs are not yet as they should be */
  | {
      readonly kind: 'looked'
      readonly left: number
      readonly all: number
      /** the first few of those that are left */
      readonly urls: readonly string[]
      readonly waitMs: number
    }
  | { readonly kind: 'purged-again'; readonly url: string; readonly error?: unknown }
  /** by URL */
  | { readonly kind: 'verified'; readonly verdicts: ReadonlyMap<string, Judgement> }
  /** @param error the error that ended the run early */
  | { readonly kind: 'finished'; readonly cancelled: boolean; readonly error: unknown }

export type Emit = (event: RunEvent) => void
