import { addSettings } from './git-environment.ts'
import { withoutNewline } from './git-output.ts'
import type { Run } from './run-git.ts'

/** A token for the remotes of one server, for a clone without credentials; '' for none. */
export type Credentials = { token: string; serverUrl: string }

type Settings = {
  credentials: Credentials
  /** the environment of git, with the user's settings */
  env: Readonly<Record<string, string | undefined>>
  /** the reason why git may not fetch; undefined if it may */
  offline: string | undefined
  onComplaint: (text: string) => void
}

/** Fetches all given commits or references, or none.
 *  @param generations of history to add below the ends of a shallow clone; undefined for the commits alone
 *  @returns whether the remote sent them */
export type Fetch = (names: readonly string[], generations?: number) => Promise<boolean>

export function createFetch(git: Run, { credentials, env, offline, onComplaint }: Settings): Fetch {
  return async (names, generations) => {
    if (offline !== undefined) {
      onComplaint(offline)
      return false
    }
    const remotes = withoutNewline((await git(['remote'])).stdout).split('\n')
    const remote = remotes.includes('origin') ? 'origin' : remotes[0]
    if (!remote) return false
    const shallow = withoutNewline((await git(['rev-parse', '--is-shallow-repository'])).stdout) === 'true'
    // the default program, because a configuration can name any program of this machine
    const options = ['--no-tags', '--no-recurse-submodules', '--quiet', '--upload-pack=git-upload-pack']
    const depth = generations === undefined ? '--depth=1' : `--deepen=${generations}`
    const args = ['fetch', ...options, ...(shallow ? [depth] : []), '--', remote, ...names]
    for (const variables of [{}, ...(await tokenFor(remote))]) {
      const { code, complaint } = await git(args, { env: variables })
      if (code === 0) return true
      onComplaint(`git fetch from ${remote}: ${complaint}`)
    }
    return false
  }

  /** Passes the token in the environment of one command, for its host alone. */
  async function tokenFor(remote: string): Promise<Record<string, string>[]> {
    const { token, serverUrl } = credentials
    const url = withoutNewline((await git(['remote', 'get-url', '--', remote])).stdout)
    if (token === '' || !url.startsWith(`${serverUrl}/`)) return []
    const name = `http.${serverUrl}/.extraheader`
    const header = `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`
    // the empty value removes the header of the checkout, because a server refuses two
    return [
      addSettings(env, [
        [name, ''],
        [name, header],
      ]),
    ]
  }
}
