import type { Client } from '../imgix/client.ts'
import { ImgixError, textOf } from '../imgix/errors.ts'
import type { NewSource, SourceChange, SourceResource } from '../imgix/sources.ts'
import { createSource, getSource, updateSource } from '../imgix/sources.ts'
import { explain } from '../report/explain.ts'
import * as core from '../runner/core.ts'
import { duration } from '../runner/text.ts'
import { credentialsIn } from './attributes.ts'
import { compare } from './compare.ts'
import { type Configuration, explainDomains, explainTypes } from './configuration.ts'
import { waitUntilDeployed } from './deployed.ts'
import { createOnce, findSource, isUncertain, SourceError } from './find.ts'
import type { Inputs } from './inputs.ts'
import { logComparison, type RunState } from './report.ts'

type Run = {
  readonly client: Client
  readonly inputs: Inputs
  /** for the ending */
  readonly state: RunState
  readonly signal: AbortSignal
}

/** Applies the file: finds or creates the Source, sends the differences, waits until the Source is deployed.
 *  @throws ImgixError, SourceError */
export async function applyConfiguration(wanted: Configuration, run: Run): Promise<void> {
  const { state, inputs } = run
  const current = await lookUp(wanted, run)
  const comparison = compare(wanted, current?.attributes ?? {}, inputs.force)
  const { change } = comparison
  state.comparison = comparison
  if (current !== undefined) checkTogether(wanted, change, current)
  logComparison(comparison, current?.id)
  const needsChange = Object.keys(change).length > 0
  const result = current === undefined ? 'created' : needsChange ? 'updated' : 'same'
  if (inputs.dryRun) {
    Object.assign(state, { changed: needsChange, result })
    return
  }
  let now = current
  if (now === undefined) now = await create(wanted, change, run)
  else if (needsChange) now = await update(now.id, change, run)
  state.result = result
  warnOfRewritten(wanted, now)
  if (current === undefined && change.upload_credentials) now = await sendCredentials(now.id, change, run)
  const isDeployed = change.deployment !== undefined || change.enabled !== undefined
  if (inputs.deployTimeoutMs > 0) await deploy(wanted, { now, before: isDeployed ? current : undefined }, run)
}

/** @returns undefined for a Source that does not exist */
async function lookUp(wanted: Configuration, run: Run): Promise<SourceResource | undefined> {
  const { client, inputs, state, signal } = run
  const id = inputs.sourceId || (await findSource(run, subdomainsOf(wanted)))
  if (id === undefined) return undefined
  state.sourceId = id
  const found = await getSource(client, id, { signal }).catch((error) => {
    if (error instanceof ImgixError && error.status === 404) state.sourceId = ''
    throw error
  })
  const source = note(found, state)
  if (state.status === 'deleted') throw new SourceError(`Source ${id} is deleted; remove source-id to create another`)
  return source
}

function subdomainsOf({ deployment }: Configuration): string[] {
  return deployment?.imgix_subdomains as string[]
}

/** Records the status in an answer, and hides the credentials in it. */
function note(source: SourceResource, state: RunState): SourceResource {
  for (const secret of credentialsIn(source)) core.hide(secret)
  state.status = textOf(source.attributes.deployment_status ?? '')
  return source
}

/** Checks the file with what only the Source has. */
function checkTogether(wanted: Configuration, change: SourceChange, { id, attributes }: SourceResource): void {
  const deployment = wanted.deployment ?? attributes.deployment ?? {}
  const otherType = explainTypes(wanted.upload_credentials, deployment, `Source ${id}`)
  if (otherType !== undefined) throw new SourceError(otherType)
  const tooMany = explainDomains(change.deployment ?? {})
  if (tooMany !== undefined) throw new SourceError(`${tooMany}; some are only at Source ${id}`)
}

async function create(wanted: Configuration, change: SourceChange, run: Run): Promise<SourceResource> {
  const { client, state, signal } = run
  const { upload_credentials: _sentLater, ...attributes } = change
  const created = attributes as NewSource // the reading of the file asks for what a new Source needs
  const request = () => send(createSource(client, created, { signal }), state)
  const now = note(await createOnce(run, subdomainsOf(wanted), request), state)
  Object.assign(state, { changed: true, sourceId: now.id, result: 'created' })
  core.info(`created Source ${now.id}`)
  return now
}

/** In the reference only an update has credentials. */
async function sendCredentials(id: string, { upload_credentials = null }: SourceChange, run: Run) {
  try {
    return await update(id, { upload_credentials }, run)
  } catch (cause) {
    if (!(cause instanceof ImgixError)) throw cause
    throw new SourceError(
      `Source ${id} was created, but not its upload_credentials; run again with force after this: ${explain(cause)}`,
      { cause },
    )
  }
}

function update(sourceId: string, change: SourceChange, { client, state, signal }: Run): Promise<SourceResource> {
  return send(updateSource(client, sourceId, change, { signal }), state)
}

/** Records whether the Source was changed. After a lost answer that is unknown. */
async function send(sending: Promise<SourceResource>, state: RunState): Promise<SourceResource> {
  const before = state.changed
  state.changed = before || undefined
  try {
    const answer = note(await sending, state)
    state.changed = true
    return answer
  } catch (error) {
    if (error instanceof ImgixError && !error.perhapsDone && !isUncertain(error)) state.changed = before
    throw error
  }
}

/** Warns of attributes that imgix stores in another form: every run would send them again. */
function warnOfRewritten({ upload_credentials: _hidden, ...wanted }: Configuration, { attributes }: SourceResource) {
  for (const { attribute, words } of compare(wanted, { ...wanted, ...attributes }, false).differences)
    core.warning(
      `${attribute}: imgix stores another value than the file has (${words}): write imgix's value into the file, or every run sends the attribute again`,
    )
}

type Deployment = { readonly now: SourceResource; readonly before: SourceResource | undefined }

async function deploy(wanted: Configuration, { now, before }: Deployment, run: Run): Promise<void> {
  const { client, inputs, state, signal } = run
  const { deployTimeoutMs: timeoutMs } = inputs
  const fields = ['deployment_status', 'date_deployed'] as const
  await waitUntilDeployed(now.attributes, {
    read: async (until) => note(await getSource(client, now.id, { fields, signal: until }), state).attributes,
    before: before?.attributes,
    isEnabled: wanted.enabled ?? now.attributes.enabled !== false,
    timeoutMs,
    signal,
    onStatus(status, isWaiting) {
      core.info(`deployment_status: ${status}${isWaiting ? `, waits up to ${duration(timeoutMs / 1000)}` : ''}`)
    },
  })
}
