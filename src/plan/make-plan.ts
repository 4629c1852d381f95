import type { Emit, Plan, Step } from '../events.ts'
import { ImgixError } from '../imgix/errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { type MetadataFile, matchAll } from '../inputs/metadata.ts'
import { InputError } from '../inputs/reader.ts'
import { isInShard } from '../inputs/shard.ts'
import type { Selection } from '../select/select.ts'
import { forecastSeconds, stepsOf } from './forecast.ts'
import { findLongPaths, guard, withoutGuarded } from './guards/guards.ts'
import { compareWithList, type Listing, type LocalFile } from './listing.ts'
import { planRun } from './plan.ts'
import { findRefusals } from './refusals.ts'
import { leftOutLine, needsSource, noSource, readSource, type Source, type SourceApi } from './source.ts'

export type Planning = {
  readonly inputs: Inputs
  readonly api: SourceApi
  readonly selection: Selection
  readonly metadata: MetadataFile
  readonly signal: AbortSignal
  readonly emit: Emit
  /** keeps a secret out of every text */
  readonly hide: (secret: string) => void
  /** @returns what failed and what to do, in one line */
  readonly explain: (error: Error) => string
}

/** Decides what to do, and changes nothing.
 *  @throws ImgixError, InputError if the Source can't accept the plan */
export async function makePlan(planning: Planning): Promise<{ plan: Plan; source: Source | undefined }> {
  const { inputs, api, selection, emit } = planning
  const { changes, files, touched } = selection
  const source = needsSource(changes, inputs) ? await readSource(api, planning.signal) : undefined
  if (source?.signing?.token !== undefined) planning.hide(source.signing.token)
  if (source !== undefined) emit({ kind: 'source', source: { type: source.type, domains: source.domains } })
  if (source?.leftOut !== undefined && inputs.domains.length === 0)
    emit({ kind: 'note', level: 'warning', text: leftOutLine(source) })
  const listing = await compareWithSource(planning)
  const relative = [...changes.files.map(({ path }) => path), ...touched].map((path) =>
    path.slice(changes.rootPath.length),
  )
  const { metadata, idle } = await matchAll(planning.metadata, relative, planning.signal)
  const draft = planRun(changes, files, { inputs, source, listing, metadata, touched })
  emit({ kind: 'drafted', plan: draft })
  const plan = await guardPlan(draft, source, planning)
  const forecast = (steps: readonly Step[]): number => forecastSeconds(steps, inputs.rateLimits)
  emit({ kind: 'planned', plan, seconds: forecast(stepsOf(plan)), forecast })
  if (inputs.mode === 'all' && inputs.selectsFiles && inputs.shard.count === 1)
    emit({ kind: 'idle-patterns', patterns: idle })
  const isBlind = inputs.apiKey === '' || inputs.sourceId === ''
  if (inputs.dryRun && isBlind && inputs.domains.length === 0)
    emit({
      kind: 'note',
      level: 'info',
      text: 'no domains are known, so the URLs to purge are not listed: set domains, or api-key and source-id',
    })
  const refusals = findRefusals(plan, source, inputs)
  if (refusals.length > 0) throw new InputError(refusals)
  return { plan, source }
}

/**
 * Compares the files of a full sync with the Source's assets.
 * @returns undefined if nothing is compared, or the key lacks the permission to list assets
 * @throws ImgixError, InputError if there is no such Source
 */
async function compareWithSource(planning: Planning): Promise<Listing | undefined> {
  const { inputs, api, emit, explain } = planning
  if (inputs.mode !== 'all' || !inputs.upload || !inputs.selectsFiles) return undefined
  if (inputs.apiKey === '' || inputs.sourceId === '') {
    const text = 'without api-key and source-id nothing is compared with the Source, so every file is taken'
    emit({ kind: 'note', level: 'info', text })
    return undefined
  }
  try {
    const listing = await compare(planning)
    emit({ kind: 'compared', listing })
    return listing
  } catch (error) {
    if (!(error instanceof ImgixError)) throw error
    if (error.status === 404) throw noSource(api.sourceId, error)
    if (error.status !== 403) throw error
    const why = `the Source's assets can't be listed to compare with: ${explain(error)}`
    if (inputs.onUnknownBase === 'fail' && !inputs.force) throw new InputError([`on-unknown-base: ${why}`])
    emit({ kind: 'unlisted', why })
    return undefined
  }
}

function compare({ inputs, api, selection, metadata, signal, emit }: Planning): Promise<Listing> {
  const { prefix, shard } = inputs
  const { files, changes } = selection
  const { rootPath } = changes
  const local = [...files].flatMap(([path, file]): LocalFile[] =>
    'problem' in file ? [] : [{ originPath: prefix + path.slice(rootPath.length), ...file }],
  )
  return compareWithList(api, local, {
    isOurs(originPath) {
      const path = originPath.slice(prefix.length)
      if (!originPath.startsWith(prefix) || files.has(rootPath + path)) return false // the file exists, but can't be uploaded
      return inputs.files(path) && isInShard(rootPath + path, shard)
    },
    withAttributes: metadata.path !== '',
    signal,
    onListed: (assets) => emit({ kind: 'listed', assets }),
  })
}

/** @returns the plan; with `guards: fail` without the files that must not be published */
async function guardPlan(
  draft: Plan,
  source: Source | undefined,
  { inputs, selection, signal, emit }: Planning,
): Promise<Plan> {
  const plan = withoutGuarded(draft, findLongPaths(draft.files.map(({ upload }) => upload)))
  if (inputs.guards === 'off') return plan
  const uploads = plan.files.map(({ upload }) => upload)
  const problems = await guard(uploads, { twins: selection.twins, source, signal })
  if (inputs.guards === 'fail') return withoutGuarded(plan, problems)
  emit({ kind: 'warned', problems })
  return plan
}
