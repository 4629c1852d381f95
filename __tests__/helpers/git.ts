import type { Git } from '../../src/select/git.ts'
import { openGit } from '../../src/select/open-git.ts'

/** The environment that the action's git gets in tests: deaf to the configuration of whoever runs them. */
export const GIT_ENV = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
}

/** No token: what git can do by itself. */
export const NO_CREDENTIALS = { token: '', serverUrl: 'https://github.com' }

export function openTestGit(workspace: string, root = '.'): Promise<Git> {
  const { signal } = new AbortController()
  return openGit({ workspace, root, env: GIT_ENV, credentials: NO_CREDENTIALS, signal })
}
