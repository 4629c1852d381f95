import type { Route, UploadStep } from '../events.ts'
import type { AssetPlace } from '../imgix/assets.ts'
import type { Client } from '../imgix/client.ts'
import { ImgixError } from '../imgix/errors.ts'
import type { Digest } from '../imgix/http/body.ts'
import { type Asset, findAsset } from '../plan/asset.ts'
import { readRecord, recordOf } from '../plan/listing.ts'
import type { ConflictPolicy } from './upload.ts'

/** The bytes that a path can hold after requests with lost answers: older bytes, ours, or one of the two. */
export type Holds = 'older' | 'either' | 'ours'

/** Facts about an upload that can prove whose bytes its path holds. */
export type Traces = {
  holds: Holds
  /** the route of the request that `holds` comes from */
  route: Route
  /** whether the asset existed before the first request */
  before: 'absent' | 'present' | 'unknown'
  /** start of the first request, or earlier: ms since 1970 by the API's clock */
  beganAtMs: number | undefined
  /** the bytes that were sent; the SHA-256 is '' if no try sent all of them */
  sent: Digest
}

/** Notes what a request with a lost answer can have stored. */
export function noteLost(traces: Traces, holds: Holds, route: Route): void {
  const order: readonly Holds[] = ['older', 'either', 'ours']
  if (order.indexOf(holds) > order.indexOf(traces.holds)) Object.assign(traces, { holds, route })
}

/**
 * Whether an asset has the bytes that were sent. An equal size alone proves nothing, because an older file can have it.
 * @param asset its current state
 */
export function isOurs(asset: Asset | undefined, { before, beganAtMs, sent }: Traces): boolean {
  if (asset === undefined || asset.fileSize !== sent.bytes) return false
  if (sent.sha256 !== '' && readRecord(asset) === recordOf(sent.sha256)) return true
  return before === 'absent' && asset.uploadedByApi !== false && !isOlder(asset, beganAtMs)
}

/** The API gives whole seconds. */
function isOlder({ dateCreated }: Asset, beganAtMs: number | undefined): boolean {
  return dateCreated !== undefined && beganAtMs !== undefined && (dateCreated + 1) * 1000 <= beganAtMs
}

/**
 * Whether the asset is requested before the upload. Without overwrite, a PUT must not replace an existing file. Where the
 * account can't overwrite, the state before the upload is needed later as proof. The state from the list of assets is too
 * old for both purposes.
 */
export function needsState(
  { routes }: Pick<UploadStep, 'routes'>,
  { known, conflictPolicy }: { known: Traces['before']; conflictPolicy: ConflictPolicy },
): boolean {
  // with overwrite and sessions, a PUT replaces the file in any case
  return known === 'unknown' && !(conflictPolicy === 'overwrite' && routes.includes('session'))
}

/** @throws ImgixError if the state is unknown and the step has no route but a PUT */
export async function readStateBefore(
  client: Client,
  place: AssetPlace,
  { routes }: UploadStep,
): Promise<Traces['before']> {
  try {
    return (await findAsset(client, place)) === undefined ? 'absent' : 'present'
  } catch (error) {
    if (!routes.includes('direct')) throw error
    return passUnknown(error, 'unknown')
  }
}

/** @returns the asset; undefined if there is none, or imgix does not say
 *  @throws ImgixError if the key is not accepted */
export async function look(client: Client, place: AssetPlace): Promise<Asset | undefined> {
  return findAsset(client, place).catch((error) => passUnknown(error, undefined))
}

function passUnknown<T>(error: unknown, unknown: T): T {
  if (!(error instanceof ImgixError) || error.status === 401) throw error
  return unknown
}
