import { assetDocument } from './assets.ts'
import type { Admitted, Call } from './call.ts'
import { dataAnswer, refuse } from './documents.ts'
import { markPurged } from './purges.ts'
import { requireUploads } from './sources.ts'
import { recordAsset, type State, storeObject } from './state.ts'

/** Older documents say "less than 50 MB", newer ones "less than 30 MB". Azure always has 30 MB. */
const maxBytes = 50_000_000
const maxBytesAzure = 30_000_000

/** Direct upload: the raw bytes in one POST. */
export function upload(state: State, call: Call, originPath: string): Admitted {
  const { settings } = state
  const overwrites = settings.overwrite && new URLSearchParams(call.query).get('overwrite') === 'true'
  if (overwrites && !settings.permissions.has('purge')) refuse(403, 'API key is missing required permissions.')
  requireUploads(settings)
  requireRawBody(call)
  const limit = settings.source.type === 'azure' ? maxBytesAzure : maxBytes
  if (Number(call.headers['content-length']) > limit) refuse(413, `The body is above ${limit} bytes.`)
  const requireFree = () => {
    if (!overwrites && state.objects.has(originPath)) refuse(409, 'An asset already exists at this path at the origin.')
  }
  requireFree()
  return {
    keep: settings.keepBodies,
    finish: (body) => {
      // again: another upload can have finished while this body arrived
      requireFree()
      if (settings.overwritePurges && state.objects.has(originPath)) markPurged(state, originPath)
      storeObject(state, originPath, { ...body, contentType: call.headers['content-type'], via: 'upload' })
      recordAsset(state, originPath, true)
      return dataAnswer(assetDocument(state, { ...call, query: '' }, originPath))
    },
  }
}

function requireRawBody({ headers }: Call): void {
  if (headers['transfer-encoding'] !== undefined) refuse(400, 'Transfer-Encoding is not supported here.')
  if (headers['content-length'] === undefined) refuse(411, 'The request has no Content-Length.')
  if (headers['content-type']?.startsWith('multipart/')) refuse(400, 'The body must be the raw bytes, not a form.')
}
