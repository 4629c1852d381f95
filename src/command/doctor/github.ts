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
  if (token === '')
    return [
      warn(
        'GITHUB_TOKEN is not set',
        'without it the last successful run is not known: set it to the github.token of the workflow',
      ),
    ]
  const transport = createTransport(timeoutMs, proxyFor)
  const ask = async (path: string): Promise<string> => {
    const url = new URL(`${github.apiUrl}/repos/${github.repository}/${path}?per_page=1`)
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'user-agent': 'imgix-sync/1',
    }
    try {
      return String((await transport.send({ method: 'GET', url, headers, headersOnly: true })).status)
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'no answer'
    }
  }
  try {
    const [runs, commits] = await Promise.all([ask('actions/runs'), ask('commits')])
    return [
      runs === '200'
        ? ok('GitHub token: actions: read')
        : warn(
            `GitHub token: no actions: read (${runs})`,
            'add it to permissions: what failed runs left is published by the next run then',
          ),
      commits === '200'
        ? ok('GitHub token: contents: read')
        : note(`GitHub token: no contents: read (${commits}); only a clone without credentials needs it`),
    ]
  } finally {
    transport.close()
  }
}
