import { createTransport } from '../../imgix/http/transport.ts'
import type { Environment } from '../../runner/environment.ts'
import { type Finding, note, ok, warn } from './finding.ts'

type Settings = { readonly token: string; readonly proxyFor: (url: URL) => URL | undefined; readonly timeoutMs: number }

/** What the token may do; nothing outside of GitHub. */
export async function checkGitHub(
  { github }: Environment,
  { token, proxyFor, timeoutMs }: Settings,
): Promise<Finding[]> {
  if (github.repository === '') return []
  if (token === '') {
    const remedy = 'without it the last successful run is not known: set it to the github.token of the workflow'
    return [warn('GITHUB_TOKEN is not set', remedy)]
  }
  const transport = createTransport(timeoutMs, proxyFor)
  const ask = async (path: string): Promise<unknown> => {
    const url = URL.parse(`${github.apiUrl}/repos/${github.repository}/${path}?per_page=1`)
    if (url === null) return 'GITHUB_API_URL is no URL'
    const accept = 'application/vnd.github+json'
    const headers = { authorization: `Bearer ${token}`, accept, 'user-agent': 'imgix-sync/1' }
    try {
      return (await transport.send({ method: 'GET', url, headers, headersOnly: true })).status
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'no answer'
    }
  }
  const [runs, commits] = await Promise.all([ask('actions/runs'), ask('commits')]).finally(transport.close)
  const refused = runs === 401 || commits === 401
  if (refused) return [warn('GitHub does not accept GITHUB_TOKEN (401)', 'set it to the github.token of the workflow')]
  const isTold = (status: unknown): boolean => [200, 403, 404].includes(status as number)
  const unknown = [runs, commits].find((status) => !isTold(status))
  if (unknown !== undefined)
    return [
      warn(`GitHub token: its permissions are not known (${unknown})`, 'check the network, and start doctor again'),
    ]
  const caughtUp = 'add it to permissions: what failed runs left is published by the next run then'
  const clones = 'only a clone without credentials needs it'
  return [
    runs === 200 ? ok('GitHub token: actions: read') : warn(`GitHub token: no actions: read (${runs})`, caughtUp),
    commits === 200
      ? ok('GitHub token: contents: read')
      : note(`GitHub token: no contents: read (${commits}); ${clones}`),
  ]
}
