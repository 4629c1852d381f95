import { addAsset, getAsset, listAssets, patchAsset, refreshAsset } from './assets.ts'
import { putObject } from './bucket.ts'
import type { Admitted, Call, Operations } from './call.ts'
import { refuse } from './documents.ts'
import type { Limits } from './limits.ts'
import { limitClassOf } from './limits.ts'
import { purge } from './purges.ts'
import { getFile, getReport, listReports, REPORT_FILES } from './reports.ts'
import { sessionOperations } from './sessions.ts'
import { createSource, patchSource } from './source-records.ts'
import { getSource, listSources } from './sources.ts'
import type { State } from './state.ts'
import { upload } from './uploads.ts'

/** Checks the API key and the rate limit when a request arrives.
 *  @throws Refusal 401, 429 */
export function passGateway(state: State, limits: Limits, call: Call, now: number): void {
  if (isStorage(call.path)) return
  if (call.headers.authorization !== `Bearer ${state.settings.apiKey}`) refuse(401, 'API key is invalid.')
  if (!limits.admit(limitClassOf(call.method, call.path), now)) refuse(429, 'Rate limit exceeded.')
}

/** @returns whether a path belongs to the storage of presigned URLs, and not to the API */
export function isStorage(path: string): boolean {
  return path.startsWith('/bucket/') || path.startsWith(REPORT_FILES)
}

/** Checks a call as far as no body is needed.
 *  @throws Refusal */
export function admit(state: State, call: Call): Admitted {
  if (call.path.startsWith('/bucket/')) return putObject(state, call)
  if (call.path.startsWith(REPORT_FILES)) return getFile(state, call)
  const [api, version, ...sent] = call.segments ?? refuse(400, 'The path is not encoded as a URL must be.')
  if (api !== 'api' || version !== 'v1') refuse(404, 'Resource not found.')
  const rest = todaysRoute(sent)
  const operations = findOperations(state, rest)
  if (sent[0] === 'assets') delete operations.POST // of which no document has an older route
  const methods = Object.keys(operations)
  if (methods.length === 0) refuse(404, 'Resource not found.')
  const operation = operations[call.method]
  if (!operation) return refuse(405, `${call.method} is not allowed here.`, { allow: methods.join(', ') })
  if (!state.settings.permissions.has(operation.permission)) refuse(403, 'API key is missing required permissions.')
  const [collection, sourceId] = rest
  if (collection === 'sources' && rest.length > 2 && sourceId !== state.settings.source.id) {
    refuse(404, 'Resource not found.')
  }
  return operation.run(call)
}

/** imgix answers two routes of before: `assets/:source` with what is below it, which its examples still show, and
 *  `sources/upload/:source`, which its own client documents. */
function todaysRoute([collection = '', first, second, ...tail]: string[]): string[] {
  const below = second === undefined ? [] : [second, ...tail]
  if (collection === 'assets' && first !== undefined) return ['sources', first, 'assets', ...below]
  if (collection === 'sources' && first === 'upload' && second !== undefined)
    return ['sources', second, 'upload', ...tail]
  return [collection, ...(first === undefined ? [] : [first]), ...below]
}

function findOperations(state: State, [collection, sourceId, section, ...tail]: string[]): Operations {
  if (collection === 'purge' && sourceId === undefined) {
    return { POST: { permission: 'purge', run: (call) => purge(state, call) } }
  }
  if (collection === 'reports' && section === undefined) {
    const run = (call: Call) => (sourceId === undefined ? listReports(state, call) : getReport(state, call, sourceId))
    return { GET: { permission: 'analytics', run } }
  }
  if (collection !== 'sources') return {}
  if (section === undefined) return sourceOperations(state, sourceId)
  if (section === 'assets') return assetOperations(state, tail)
  if (section === 'upload-sessions') return sessionOperations(state, tail)
  if (section !== 'upload' || tail.length === 0) return {}
  return { POST: { permission: 'edit', run: (call) => upload(state, call, tail.join('/')) } }
}

function sourceOperations(state: State, sourceId: string | undefined): Operations {
  if (sourceId === undefined) {
    return {
      GET: { permission: 'sources', run: (call) => listSources(state, call) },
      POST: { permission: 'sources', run: (call) => createSource(state, call) },
    }
  }
  const record = () => state.sources.get(sourceId) ?? refuse(404, 'Resource not found.')
  return {
    GET: { permission: 'sources', run: (call) => getSource(state, call, record()) },
    PATCH: { permission: 'sources', run: (call) => patchSource(state, call, record()) },
  }
}

function assetOperations(state: State, tail: string[]): Operations {
  if (tail.length === 0) return { GET: { permission: 'browse', run: (call) => listAssets(state, call) } }
  const originPath = tail.join('/')
  const operations: Operations = {
    GET: { permission: 'browse', run: (call) => getAsset(state, call, originPath) },
    PATCH: { permission: 'edit', run: (call) => patchAsset(state, call, originPath) },
  }
  const [verb, ...rest] = tail
  const act = verb === 'add' ? addAsset : verb === 'refresh' ? refreshAsset : undefined
  if (act && rest.length > 0) {
    operations.POST = { permission: 'edit', run: (call) => act(state, call, rest.join('/')) }
  }
  return operations
}
