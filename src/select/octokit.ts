import { Octokit as Core } from '@octokit/core'
import { paginateRest } from '@octokit/plugin-paginate-rest'
import type { ApiFetch } from './github-fetch.ts'

const Paging = Core.plugin(paginateRest)

export type Octokit = InstanceType<typeof Paging>

type Settings = { readonly token: string; readonly apiUrl: string; readonly fetch: ApiFetch }

/** Not that of @actions/github, which brings an HTTP client of a megabyte and a function for every route. It prints nothing. */
export function createOctokit({ token, apiUrl, fetch }: Settings): Octokit {
  const silent = { debug() {}, info() {}, warn() {}, error() {} }
  return new Paging({
    auth: token,
    baseUrl: apiUrl,
    userAgent: 'imgix-sync/1',
    log: silent,
    request: { fetch, log: silent },
  })
}
