import type { Client } from '../imgix/client.ts'
import { ImgixError, isRecord, textOf } from '../imgix/errors.ts'
import { type Attempt, backOff, isTransient, retry } from '../imgix/http/retry.ts'
import type { NewSource, SourceChange, SourceResource } from '../imgix/sources.ts'
import { createSource, getSource, listSources, updateSource } from '../imgix/sources.ts'
import * as core from '../runner/core.ts'
import { credentialsIn } from './attributes.ts'
import type { Configuration } from './configuration.ts'
import type { Inputs } from './inputs.ts'
import type { RunState } from './report.ts'

/** Ends the run. The message says what to do. */
export class SourceError extends Error {
  override name = 'SourceError'
}

export type Run = {
  readonly client: Client
  readonly inputs: Inputs
  /** for the ending */
  readonly state: RunState
  readonly signal: AbortSignal
}

/** Reads the Source of the input, or the one that has one of the file's subdomains.
 *  @returns undefined for a Source that does not exist
 *  @throws ImgixError, SourceError */
export async function lookUp({ deployment }: Configuration, run: Run): Promise<SourceResource | undefined> {
  const { client, inputs, state, signal } = run
  const id = inputs.sourceId || (await findSource(deployment?.imgix_subdomains, run))
  if (id === undefined) return undefined
  state.sourceId = id
  const source = await getSource(client, id, { signal }).catch((error) => {
    if (error instanceof ImgixError && error.status === 404) state.sourceId = ''
    throw error
  })
  note(source, state)
  if (state.status === 'deleted') throw new SourceError(`Source ${id} is deleted; remove source-id to create another`)
  return source
}

async function findSource(subdomains: readonly string[] = [], { client, signal }: Run): Promise<string | undefined> {
  const found = new Map<string, string>()
  for (const subdomain of subdomains) {
    const query = {
      fields: ['deployment.imgix_subdomains', 'deployment_status'] as const,
      filter: { 'deployment.imgix_subdomains': subdomain }, // also finds subdomains that contain it
      page: { size: 100 },
    }
    for await (const page of listSources(client, query, { signal })) {
      const having = page.filter((source) => source.attributes.deployment_status !== 'deleted')
      for (const source of having) if (subdomainsOf(source).includes(subdomain)) found.set(source.id, subdomain)
    }
  }
  if (found.size <= 1) return [...found.keys()][0]
  const each = [...found].map(([id, subdomain]) => `${subdomain} to Source ${id}`)
  throw new SourceError(
    `the file's subdomains belong to several Sources: ${each.join(', ')}; set source-id to one of them`,
  )
}

function subdomainsOf({ id, attributes: { deployment } }: SourceResource): unknown[] {
  const subdomains = isRecord(deployment) ? deployment.imgix_subdomains : undefined
  if (Array.isArray(subdomains)) return subdomains
  throw new SourceError(
    `imgix lists Source ${id} without its subdomains, so no Source can be found by subdomain; set source-id`,
  )
}

/** Records the status in an answer, and hides the credentials in it. */
export function note(source: SourceResource, state: RunState): SourceResource {
  for (const secret of credentialsIn(source)) core.hide(secret)
  state.status = textOf(source.attributes.deployment_status ?? '')
  return source
}

/** Creates a Source once, without its upload credentials: in the reference only an update has them. After a lost answer,
 *  it looks for the Source before it tries again.
 *  @throws ImgixError, SourceError */
export async function create({ deployment }: Configuration, change: SourceChange, run: Run): Promise<SourceResource> {
  const { client, inputs, state, signal } = run
  const { upload_credentials: _sentLater, ...attributes } = change
  const created = attributes as NewSource // the reading of the file asks for what a new Source needs
  let wasLost = false
  const attempt = async (attempts: number): Promise<Attempt<SourceResource>> => {
    try {
      return { done: await send(createSource(client, created, { signal }), state) }
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ImgixError)) throw error
      const isLost = isUncertain(error)
      wasLost ||= isLost
      const id = wasLost ? await findSource(deployment?.imgix_subdomains, run) : undefined
      if (id !== undefined) return { done: await getSource(client, id, { signal }) }
      return { error, waitMs: isLost ? backOff(attempts) : undefined }
    }
  }
  const source = note(await retry(attempt, { maxAttempts: inputs.maxAttempts, signal }), state)
  Object.assign(state, { changed: true, sourceId: source.id, result: 'created' })
  core.info(`created Source ${source.id}`)
  return source
}

/** @throws ImgixError */
export function update(sourceId: string, change: SourceChange, { client, state, signal }: Run) {
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

/** @returns whether imgix may have carried out the request that failed */
function isUncertain({ status = 0 }: ImgixError): boolean {
  return status < 400 || status >= 500 || (isTransient(status) && status !== 429)
}
