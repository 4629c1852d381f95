import { execFileSync, spawn } from 'node:child_process'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { listen, type Seen } from './server.ts'

export type GitServer = {
  /** what GITHUB_SERVER_URL is for it */
  serverUrl: string
  /** of the one repository that it has */
  remote: string
  /** `GET /path -> status`, with the `?` and what follows left out */
  requests: string[]
  /** each value of every Authorization header, in order */
  authorizations: string[]
}

const REPOSITORY = '/imgix-sync/site'
const backend = join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend')

/** A repository over HTTP, as GitHub serves one, up until the test ends.
 *  @param options a token for a private one: 401 without it, 400 for two of that header, as GitHub answers */
export async function serveGit(dir: string, { token }: { token?: string } = {}): Promise<GitServer> {
  const requests: string[] = []
  const authorizations: string[] = []
  const right = `basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`
  const server = await listen(async (seen, response, { rawHeaders, url = '' }) => {
    const given = rawHeaders.filter((_, at) => rawHeaders[at - 1]?.toLowerCase() === 'authorization' && at % 2 === 1)
    authorizations.push(...given)
    response.on('finish', () => requests.push(`${seen.request.split('?')[0]} -> ${response.statusCode}`))
    if (given.length > 1) return response.writeHead(400).end('Duplicate header: "Authorization"')
    const accepted = given[0]?.replace(/^basic /i, 'basic ') === right
    if (token !== undefined && !accepted) {
      return response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end('Repository not found.')
    }
    const path = url.replace(new RegExp(`^${REPOSITORY}(?:\\.git)?(?=/)`), '')
    if (path === url) return response.writeHead(404).end('Repository not found.')
    return answer(seen, response, { dir, path })
  })
  return { serverUrl: server.url, remote: `${server.url}${REPOSITORY}`, requests, authorizations }
}

/** By CGI: headers, an empty line, the body. */
async function answer(seen: Seen, response: ServerResponse, { dir, path }: { dir: string; path: string }) {
  const [pathInfo = '', query = ''] = path.split('?')
  const headers = Object.fromEntries(Object.entries(seen.headers).map(([name, value]) => [name.toLowerCase(), value]))
  const cgi = spawn(backend, [], {
    env: {
      PATH: process.env.PATH,
      ...{ GIT_PROJECT_ROOT: join(dir, '.git'), GIT_HTTP_EXPORT_ALL: '1', GIT_PROTOCOL: headers['git-protocol'] ?? '' },
      ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
      ...{ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' },
      ...{ PATH_INFO: pathInfo, QUERY_STRING: query, REQUEST_METHOD: seen.request.split(' ')[0] },
      ...{ CONTENT_TYPE: headers['content-type'] ?? '', CONTENT_LENGTH: String(seen.body.length) },
      ...{ HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '', REMOTE_ADDR: '127.0.0.1' },
    },
  })
  cgi.stdin.on('error', () => {}).end(seen.body)
  const [output] = await Promise.all([cgi.stdout.toArray(), cgi.stderr.resume()])
  const all = Buffer.concat(output)
  const end = all.indexOf('\r\n\r\n')
  const fields = all
    .subarray(0, end)
    .toString('latin1')
    .split('\r\n')
    .map((line): [string, string] => [line.split(': ')[0] ?? '', line.slice(line.indexOf(': ') + 2)])
  const status = fields.find(([name]) => name === 'Status')?.[1]
  const given = fields.filter(([name]) => name !== 'Status')
  response.writeHead(status === undefined ? 200 : Number.parseInt(status, 10), Object.fromEntries(given))
  response.end(all.subarray(end + 4))
}
