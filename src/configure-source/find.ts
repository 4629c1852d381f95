import type { Client } from '../imgix/client.ts'
import { ImgixError, isRecord } from '../imgix/errors.ts'
import { type Attempt, backOff, isTransient, retry } from '../imgix/http/retry.ts'
import { getSource, listSources, type SourceResource } from '../imgix/sources.ts'
import type { Inputs } from './inputs.ts'

/** Ends the run. The message says what to do. */
export class SourceError extends Error {
  override name = 'SourceError'
}

type Api = {
  readonly client: Client
  readonly inputs: Pick<Inputs, 'maxAttempts'>
  readonly signal: AbortSignal
}

/**
 * Finds the Source that has one of the subdomains.
 * @returns its id; undefined if the account has no such Source
 * @throws ImgixError, SourceError if several Sources have them
 */
export async function findSource({ client, signal }: Api, subdomains: readonly string[]): Promise<string | undefined> {
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

/**
 * Creates a Source once. After a lost answer, it looks for the Source before it tries again.
 * @param create sends one request
 * @throws ImgixError
 */
export async function createOnce(
  api: Api,
  subdomains: readonly string[],
  create: () => Promise<SourceResource>,
): Promise<SourceResource> {
  const { client, inputs, signal } = api
  let wasLost = false
  const attempt = async (attempts: number): Promise<Attempt<SourceResource>> => {
    try {
      return { done: await create() }
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ImgixError)) throw error
      const isLost = isUncertain(error)
      wasLost ||= isLost
      const id = wasLost ? await findSource(api, subdomains) : undefined
      if (id !== undefined) return { done: await getSource(client, id, { signal }) }
      return { error, waitMs: isLost ? backOff(attempts) : undefined }
    }
  }
  return retry(attempt, { maxAttempts: inputs.maxAttempts, signal })
}

/** @returns whether imgix may have carried out the request that failed */
export function isUncertain({ status = 0 }: ImgixError): boolean {
  return status < 400 || status >= 500 || (isTransient(status) && status !== 429)
}
