import type { Route, UploadStep } from '../events.ts'
import type { AssetPlace } from '../imgix/assets.ts'
import type { Client } from '../imgix/client.ts'
import { ImgixError } from '../imgix/errors.ts'
import type { Digest } from '../imgix/http/body.ts'
import { type Asset, findAsset } from '../plan/asset.ts'
import { readRecord, recordOf } from '../plan/listing.ts'
import type { ConflictPolicy } from './upload.ts'

/** What a path can hold after requests whose answers were lost: older bytes, ours, or either. In this order. */
export type Holds = 'older' | 'either' | 'ours'

/** What an upload leaves behind that can prove whose bytes its path holds. */
export type Traces = {
  holds: Holds
  /** the route of the request that `holds` comes from */
  route: Route
  /** the asset, as imgix told of it before the first request */
  before: 'absent' | 'present' | 'unknown'
  /** when the first request began, or earlier: ms since 1970 by the API's own clock */
  beganAtMs: number | undefined
  /** what was sent; the SHA-256 is '' where no try came to its end */
  sent: Digest
}

/** Notes what a request without an answer can have left. */
export function noteLost(traces: Traces, holds: Holds, route: Route): void {
  const order: readonly Holds[] = ['older', 'either', 'ours']
  if (order.indexOf(holds) > order.indexOf(traces.holds)) Object.assign(traces, { holds, route })
}

/**
 * Whether an asset has the bytes that were sent. Equal size alone proves nothing: an older file can have it.
 * @param asset as it is now
 */
export function isOurs(asset: Asset | undefined, { before, beganAtMs, sent }: Traces): boolean {
  if (asset === undefined || asset.fileSize !== sent.bytes) return false
  if (sent.sha256 !== '' && readRecord(asset) === recordOf(sent.sha256)) return true
  return before === 'absent' && asset.uploadedByApi !== false && !isOlder(asset, beganAtMs)
}

/** The API tells whole seconds. */
function isOlder({ dateCreated }: Asset, beganAtMs: number | undefined): boolean {
  return dateCreated !== undefined && beganAtMs !== undefined && (dateCreated + 1) * 1000 <= beganAtMs
}

/**
 * Whether a path is looked at before its first request: a PUT must not replace what is there without overwrite, and what
 * an account does not replace must prove to be ours later. A list is too old to tell.
 */
export function isLookedAt(
  { routes }: Pick<UploadStep, 'routes'>,
  { known, conflictPolicy }: { known: Traces['before']; conflictPolicy: ConflictPolicy },
): boolean {
  // with overwrite and sessions, a PUT settles all
  return known === 'unknown' && !(conflictPolicy === 'overwrite' && routes.includes('session'))
}

/** @throws ImgixError where that is not told, and the step has no other route than a PUT */
export async function lookBefore(client: Client, place: AssetPlace, { routes }: UploadStep): Promise<Traces['before']> {
  try {
    return (await findAsset(client, place)) === undefined ? 'absent' : 'present'
  } catch (error) {
    if (!routes.includes('direct')) throw error
    return passUnknown(error, 'unknown')
  }
}

/** @returns the asset; undefined, too, where imgix does not tell
 *  @throws ImgixError where the key is not accepted */
export async function look(client: Client, place: AssetPlace): Promise<Asset | undefined> {
  return findAsset(client, place).catch((error) => passUnknown(error, undefined))
}

function passUnknown<T>(error: unknown, unknown: T): T {
  if (!(error instanceof ImgixError) || error.status === 401) throw error
  return unknown
}
