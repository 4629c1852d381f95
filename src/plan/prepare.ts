import type { Plan } from '../events.ts'
import type { Inputs } from '../inputs/inputs.ts'
import type { MetadataFile } from '../inputs/load-metadata.ts'
import { idlePatterns } from '../inputs/metadata.ts'
import { InputError } from '../inputs/reader.ts'
import * as assetsLog from '../report/assets-log.ts'
import type { RunState } from '../report/json-report.ts'
import * as log from '../report/log.ts'
import { seldom } from '../report/progress.ts'
import { warnOfGuarded } from '../report/publish.ts'
import type { Stop } from '../runner/cancellation.ts'
import * as core from '../runner/core.ts'
import type { Selection } from '../select/select.ts'
import type { Api } from '../sync/upload.ts'
import { compareWithSource } from './compare.ts'
import { forecastSeconds, workOf } from './forecast.ts'
import { guard, withoutGuarded } from './guards/guards.ts'
import type { Inventory } from './inventory.ts'
import { planRun } from './plan.ts'
import { findRefusals, readSource } from './refusals.ts'

type Run = { readonly stop: Stop; readonly state: RunState }

type Prepared = {
  inputs: Inputs
  api: Omit<Api, 'sourceIsKnown'>
  selection: Selection | undefined
  metadata: MetadataFile | undefined
}

/** What the run will do, guarded, with what the Source can't take of it refused; nothing is changed by then.
 *  @throws ImgixError, InputError */
export async function preparePlan(run: Run, { inputs, api, selection, metadata }: Prepared): Promise<Plan> {
  const { state, stop } = run
  const asksSource = inputs.apiKey !== '' && inputs.sourceId !== ''
  const changed = selection?.changes.files ?? []
  const uploads = inputs.upload && changed.some(({ change }) => change !== 'deleted')
  const purges = inputs.purge && changed.some(({ change }) => change !== 'deleted' || inputs.deleted === 'purge')
  // without the Source nobody knows whether its URLs are signed
  const looks = inputs.verify !== 'off' && (purges || inputs.urls.length > 0)
  const needsSource = uploads || (purges && inputs.domains.length === 0) || looks
  const source = asksSource && needsSource ? await readSource(api, stop.soft) : undefined
  if (source !== undefined) state.source = source
  if (source?.signing?.token !== undefined) core.hide(source.signing.token)
  if (inputs.domains.length === 0) state.domains = source?.domains ?? []
  const inventory = selection === undefined ? undefined : await compare(run, { inputs, api, selection, metadata })
  const known = { inputs, source, inventory, metadata: metadata?.rules, touched: selection?.touched ?? [] }
  state.plan = planRun(selection?.changes ?? { files: [], rootPath: '' }, selection?.files ?? new Map(), known)
  const plan = selection === undefined ? state.plan : await applyGuards(run, state.plan, { inputs, selection })
  state.plan = plan
  const seconds = forecastSeconds(workOf(plan), inputs.rateLimits)
  await core.group(`Plan: ${log.planSentence(plan, seconds)}`, async () => {
    core.info(log.sourceLine(source, state.domains))
    for (const line of log.planLines(plan)) core.info(line)
  })
  if (metadata !== undefined && selection !== undefined) tellIdlePatterns(metadata, selection, inputs)
  if (inputs.apiKey === '' || inputs.sourceId === '') {
    if (inputs.dryRun && state.domains.length === 0)
      core.info('no domains are known, so the URLs to purge are not listed')
    return plan
  }
  const refusals = findRefusals(plan, source, inputs)
  if (refusals.length > 0) throw new InputError(refusals)
  return plan
}

/** Only where every file is known. */
function tellIdlePatterns({ rules }: MetadataFile, { changes }: Selection, { mode, shard }: Inputs): void {
  if (mode !== 'all' || shard.count > 1) return
  const idle = idlePatterns(
    rules,
    changes.files.map(({ path }) => path.slice(changes.rootPath.length)),
  )
  if (idle.length > 0) core.info(assetsLog.idlePatternsLine(idle))
}

/** @returns the plan, under `fail` without what must not be published */
async function applyGuards(
  { state, stop }: Run,
  plan: Plan,
  { inputs, selection }: Pick<Prepared, 'inputs'> & { selection: Selection },
): Promise<Plan> {
  if (inputs.guards === 'off') return plan
  const { topLevel, changes, twins } = selection
  const place = { topLevel, rootPath: changes.rootPath, matches: inputs.files, source: state.source }
  const problems = await guard(
    plan.files.map(({ upload }) => upload),
    { ...place, twins, isListed: inputs.mode === 'all', signal: stop.soft },
  )
  if (inputs.guards === 'fail') return withoutGuarded(plan, problems)
  warnOfGuarded(problems)
  return plan
}

/** @returns undefined where nothing is compared, or the key may not list assets */
async function compare(
  { state, stop }: Run,
  { inputs, api, selection, metadata }: Prepared & { selection: Selection },
): Promise<Inventory | undefined> {
  if (inputs.mode !== 'all' || !inputs.upload) return undefined
  if (inputs.apiKey === '' || inputs.sourceId === '') {
    core.info('without api-key and source-id nothing is compared with the Source, so every file is taken')
    return undefined
  }
  const { soft: signal } = stop
  const onListed = seldom((assets: number) => core.info(`${assets} of the Source's assets listed so far`))
  const found = await compareWithSource(api, selection, {
    ...{ inputs, withAttributes: metadata !== undefined, signal, onListed },
  })
  if ('because' in found) {
    const sentence = assetsLog.unlistedSentence(found)
    if (inputs.onUnknownBase === 'fail' && !inputs.force) throw new InputError([`on-unknown-base: ${sentence}`])
    core.notice(`every file is taken, as ${sentence}`)
    return undefined
  }
  await core.group(assetsLog.inventorySentence(found), async () => {
    for (const line of assetsLog.inventoryLines(found)) core.info(line)
  })
  state.onlyAtSource = found.onlyAtSource
  return found
}
