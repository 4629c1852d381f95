import type { ImgixError } from '../imgix/errors.ts'

type Request = Pick<ImgixError, 'method' | 'path' | 'permission'>

/** What a request is about. `put`, `download`: of the storage behind a presigned URL. */
export type RequestKind = keyof typeof SUBJECTS

/** What does not happen when a request fails; '' where the line about its step says it. */
const SUBJECTS = {
  put: 'not uploaded',
  download: 'not downloaded',
  upload: 'not uploaded',
  purge: 'not purged',
  attributes: '',
  call: '',
  assets: "the Source's assets can't be listed",
  asset: "the asset can't be read",
  source: "the Source can't be read",
  sources: "the account's Sources can't be listed",
  change: "the Source can't be changed",
  creation: "the Source can't be created",
  report: '',
  reports: "the reports can't be listed",
  other: '',
} as const

/** The kinds of the API's calls; the first that matches. */
const CALLS: readonly (readonly [RequestKind, RegExp])[] = [
  ['purge', /^POST .*\/purge$/],
  ['upload', /\/(upload|upload-sessions)(\/|$)/],
  ['call', /^POST .*\/assets\/(add|refresh)\//],
  ['attributes', /^PATCH .*\/assets\//],
  ['assets', /\/assets$/],
  ['asset', /\/assets\//],
  ['change', /^PATCH .*\/sources\/[^/]+$/],
  ['creation', /^POST .*\/sources$/],
  ['source', /\/sources\/[^/]+$/],
  ['sources', /\/sources$/],
  ['report', /\/reports\/[^/]+$/],
  ['reports', /\/reports$/],
]

/** The path of a storage's request is its host. Such a request needs no permission of the key. */
export function kindOf({ method, path }: Request): RequestKind {
  if (!path.startsWith('/')) return method === 'GET' ? 'download' : 'put'
  return CALLS.find(([, form]) => form.test(`${method} ${path}`))?.[0] ?? 'other'
}

export function subjectOf(request: Request): string {
  return SUBJECTS[kindOf(request)]
}

/** What a wait for another try is about. */
export function nounOf(request: Request): string {
  const kind = kindOf(request)
  const [, file] = /\/(?:upload|upload-sessions\/create|assets\/(?:add|refresh)|assets)\/(.+)$/.exec(request.path) ?? []
  const of = file === undefined ? '' : ` of ${decoded(file)}`
  if (kind === 'upload' || kind === 'put') return `the upload${of}`
  if (kind === 'purge') return 'a purge'
  return `the request${of}`
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
