import type { Client } from '../imgix/client.ts'
import { ImgixError, isRecord, textOf } from '../imgix/errors.ts'
import { createSource, getSource, type NewSource, type SourceResource, updateSource } from '../imgix/sources.ts'
import { type Comparison, compare } from './compare.ts'
import { type Configuration, explainDomains } from './configuration.ts'
import { waitUntilDeployed } from './deployed.ts'
import { createOnce, findSource, isUncertain, SourceError } from './find.ts'
import type { Inputs } from './inputs.ts'
import type { Reporter, RunState } from './report.ts'
import { credentialsIn } from './secrets.ts'

export type Run = {
  readonly client: Client
  readonly inputs: Inputs
  /** for the ending */
  readonly state: RunState
  readonly hide: (secret: string) => void
  readonly reporter: Reporter
  readonly signal: AbortSignal
}

/** Applies the file: finds or creates the Source, sends the differences, waits until the Source is deployed.
 *  @throws ImgixError, SourceError */
export async function applyConfiguration(wanted: Configuration, run: Run): Promise<void> {
  const { state, inputs, reporter } = run
  const current = await lookUp(wanted, run)
  const comparison = compare(wanted, current?.attributes ?? {}, inputs.force)
  state.comparison = comparison
  checkCredentials(wanted, current)
  const tooMany = explainDomains(comparison.change.deployment ?? {})
  if (tooMany !== undefined) throw new SourceError(`${tooMany}; some are only at Source ${current?.id}`)
  reporter.comparison(comparison, current?.id)
  const needsChange = Object.keys(comparison.change).length > 0
  if (inputs.dryRun) {
    state.changed = needsChange
    state.result = current === undefined ? 'created' : needsChange ? 'updated' : 'same'
    return
  }
  if (current === undefined) return create(wanted, comparison, run)
  if (!needsChange) {
    state.result = 'same'
    return deploy(wanted, { now: current, before: undefined }, run)
  }
  const now = await update(current.id, comparison.change, run)
  state.result = 'updated'
  warnOfRewritten(wanted, now, reporter)
  const { deployment, enabled } = comparison.change
  const isDeployed = deployment !== undefined || enabled !== undefined
  return deploy(wanted, { now, before: isDeployed ? current : undefined }, run)
}

/** @returns undefined for a Source that does not exist */
async function lookUp(wanted: Configuration, run: Run): Promise<SourceResource | undefined> {
  const { client, inputs, state, signal } = run
  const id = inputs.sourceId || (await findSource({ client, signal }, subdomainsOf(wanted)))
  if (id === undefined) return undefined
  state.sourceId = id
  const found = await getSource(client, id, { signal }).catch((error) => {
    if (error instanceof ImgixError && error.status === 404) state.sourceId = ''
    throw error
  })
  const source = note(found, run)
  if (state.status === 'deleted') throw new SourceError(`Source ${id} is deleted; remove source-id to create another`)
  return source
}

function subdomainsOf({ deployment }: Configuration): string[] {
  return deployment?.imgix_subdomains as string[]
}

/** Records the status in an answer, and hides the credentials in it. */
function note(source: SourceResource, { state, hide }: Pick<Run, 'state' | 'hide'>): SourceResource {
  for (const secret of credentialsIn(source)) hide(secret)
  state.status = textOf(source.attributes.deployment_status ?? '')
  return source
}

/** Compares the types where the file has no deployment, so that only the Source has one. */
function checkCredentials({ deployment, uploadCredentials }: Configuration, source: SourceResource | undefined): void {
  const current = source?.attributes.deployment
  if (uploadCredentials === undefined || deployment !== undefined || !isRecord(current)) return
  if (current.type === uploadCredentials.type) return
  throw new SourceError(
    `upload_credentials are of type ${uploadCredentials.type}, and Source ${source?.id} is of type ${textOf(current.type)}; they have to be the same`,
  )
}

async function create(wanted: Configuration, { change }: Comparison, run: Run): Promise<void> {
  const { client, inputs, state, signal, reporter } = run
  const { upload_credentials: credentials, ...attributes } = change
  const created = attributes as NewSource // the reading of the file asks for what a new Source needs
  const create = () => recordChange(createSource(client, created, { signal }), state) // each try: a lost one may count
  const creation = { create, subdomains: subdomainsOf(wanted), maxAttempts: inputs.maxAttempts }
  let now = note(await createOnce({ client, signal }, creation), run)
  state.changed = true
  state.sourceId = now.id
  state.result = 'created'
  reporter.created(now.id)
  warnOfRewritten(wanted, now, reporter)
  if (credentials !== undefined) now = await sendCredentials(now.id, credentials, run)
  return deploy(wanted, { now, before: undefined }, run)
}

/** In the reference only an update has credentials. */
async function sendCredentials(
  sourceId: string,
  credentials: Comparison['change']['upload_credentials'],
  run: Run,
): Promise<SourceResource> {
  try {
    return await update(sourceId, { upload_credentials: credentials ?? null }, run)
  } catch (cause) {
    if (!(cause instanceof ImgixError)) throw cause
    throw new SourceError(
      `Source ${sourceId} was created without its upload_credentials: run again with force (${cause.message})`,
      { cause },
    )
  }
}

async function update(sourceId: string, change: Comparison['change'], run: Run): Promise<SourceResource> {
  const { client, signal, state } = run
  return note(await recordChange(updateSource(client, sourceId, change, { signal }), state), run)
}

/** Records whether the Source was changed. After a lost answer that is unknown. */
async function recordChange<T>(sending: Promise<T>, state: RunState): Promise<T> {
  const before = state.changed
  state.changed = before || undefined
  try {
    const answer = await sending
    state.changed = true
    return answer
  } catch (error) {
    if (wasRejected(error)) state.changed = before
    throw error
  }
}

function wasRejected(error: unknown): boolean {
  return error instanceof ImgixError && !error.perhapsDone && !isUncertain(error)
}

/** Warns of attributes that imgix stores in another form: every run would send them again. */
function warnOfRewritten(wanted: Configuration, { attributes }: SourceResource, reporter: Reporter): void {
  const { name = null, enabled = null, deployment = null } = wanted
  const { differences } = compare(wanted, { name, enabled, deployment, ...attributes }, false)
  for (const difference of differences)
    if (difference.attribute !== 'upload_credentials') reporter.rewritten(difference)
}

type Deployment = { readonly now: SourceResource; readonly before: SourceResource | undefined }

async function deploy(wanted: Configuration, { now, before }: Deployment, run: Run): Promise<void> {
  const { client, inputs, state, reporter, signal } = run
  if (inputs.deployTimeoutMs === 0) return
  const fields = ['deployment_status', 'date_deployed'] as const
  await waitUntilDeployed(now.attributes, {
    read: async (until) => note(await getSource(client, now.id, { fields, signal: until }), run).attributes,
    before: before?.attributes,
    isEnabled: wanted.enabled ?? now.attributes.enabled !== false,
    timeoutMs: inputs.deployTimeoutMs,
    signal,
    onStatus(status, isWaiting) {
      state.status = status
      reporter.status(status, isWaiting ? inputs.deployTimeoutMs : undefined)
    },
  })
}
