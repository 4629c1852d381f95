import { type Git, openGit } from '../../src/changes/git.ts'

/** The environment that the action's git gets in tests: deaf to the configuration of whoever runs them. */
export const GIT_ENV = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
}

export function openTestGit(workspace: string, root = '.'): Promise<Git> {
  return openGit({ workspace, root, env: GIT_ENV, signal: new AbortController().signal })
}
