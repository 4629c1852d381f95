import type { CallStep, FilePlan, Plan, PurgeStep, Selected, Skipped, UpdateStep } from '../events.ts'
import { attributesFor, wantsNothing } from '../inputs/metadata.ts'
import { encodePath } from '../inputs/urls.ts'
import type { WorkTreeFile } from '../select/work-tree.ts'
import { describeChange } from './asset-change.ts'
import { shareRoutes } from './route.ts'
import { callSteps, type Known, type Named, purgeSteps, uploadOrSkip } from './steps.ts'

/** A plan under construction. */
type Draft = {
  readonly files: (FilePlan & { purges: PurgeStep[] })[]
  readonly purges: PurgeStep[]
  readonly calls: CallStep[]
  readonly skipped: Skipped[]
}

/**
 * Makes the plan of a run.
 * @param files the changed files that exist in the work tree
 */
export function planRun(
  changes: Pick<Selected, 'files' | 'rootPath'>,
  files: ReadonlyMap<string, WorkTreeFile>,
  known: Known,
): Plan {
  const { inputs, source, listing } = known
  const draft: Draft = { files: [], purges: [], calls: [], skipped: [] }
  for (const { path, change } of changes.files) {
    const relative = path.slice(changes.rootPath.length)
    const originPath = inputs.prefix + relative
    const file = files.get(path)
    const comparison = listing?.comparisons.get(originPath)
    const isNew = listing !== undefined && comparison === undefined && file !== undefined && 'bytes' in file
    const named: Named = { path, relative, originPath, change: isNew ? 'added' : (comparison?.change ?? change) }
    const wanted = uploadOrSkip(named, file, comparison, known)
    const purges = purgeSteps(named, wanted, known)
    const calls = callSteps(wanted, known)
    if (wanted.kind === 'upload') {
      draft.files.push({ upload: wanted, purges, calls })
    } else {
      draft.skipped.push(wanted)
      draft.purges.push(...purges)
      draft.calls.push(...calls)
    }
  }
  addUrls(draft, inputs.urls)
  const updates = planUpdates(changes.rootPath, draft, known)
  return { ...draft, files: shareRoutes(draft.files, inputs, source), updates }
}

/** Adds the purges of the input `urls`. A URL that a file already has is purged once, for that file. */
function addUrls({ files, purges }: Draft, urls: readonly string[]): void {
  if (urls.length === 0) return
  const known = new Set([...files.flatMap((file) => file.purges), ...purges].map(({ url }) => url))
  const uploaded = new Map(files.map((file) => [encodePath(file.upload.originPath), file]))
  for (const url of urls) {
    if (known.has(url)) continue
    // the same path on another domain also waits for that upload
    const file = uploaded.get(url.slice(url.indexOf('/', 'https://'.length) + 1))
    const step: PurgeStep = { kind: 'purge', url, path: file?.upload.path, subImage: false }
    if (file === undefined) purges.push(step)
    else file.purges.push(step)
  }
}

/** The updates of files that are not uploaded: those that the metadata file changed; in `mode: all` those that can
 *  differ. */
function planUpdates(
  rootPath: string,
  { files, skipped }: Draft,
  { inputs, listing, metadata, touched }: Known,
): UpdateStep[] {
  if (metadata.rules.length === 0 || !inputs.upload) return []
  const uploaded = new Set(files.map(({ upload }) => upload.path))
  const unchanged = listing === undefined ? [] : skipped.filter(({ result }) => result === 'skipped')
  const paths = [...touched, ...unchanged.map(({ path }) => path)].filter((path) => !uploaded.has(path))
  return [...new Set(paths)].flatMap((path): UpdateStep[] => {
    const relative = path.slice(rootPath.length)
    const originPath = inputs.prefix + relative
    const attributes = attributesFor(metadata, relative)
    const listed = listing?.comparisons.get(originPath)?.asset
    const differs = listed === undefined || describeChange(listed, attributes) !== undefined
    return differs && !wantsNothing(attributes) ? [{ kind: 'update', path, originPath, attributes }] : []
  })
}
