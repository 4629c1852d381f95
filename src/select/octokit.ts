import { Octokit as Core } from '@octokit/core'
import { paginateRest } from '@octokit/plugin-paginate-rest'
import { createApiFetch, type FetchSettings } from './github-fetch.ts'

const Paging = Core.plugin(paginateRest)

export type Octokit = InstanceType<typeof Paging>

/** Not those of @actions/github, which bring an HTTP client of a megabyte and a function for every route. They print nothing.
 *  @returns a function that creates one; all have the same connections */
export function octokits(token: string, settings: FetchSettings): () => Octokit {
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const request = { fetch: createApiFetch(settings), log }
  return () => new Paging({ auth: token, baseUrl: settings.apiUrl, userAgent: 'imgix-sync/1', log, request })
}
