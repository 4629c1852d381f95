import { addSettings } from './git-environment.ts'
import { withoutNewline } from './git-output.ts'
import type { Result, Run } from './run-git.ts'

/** A token for the remotes of one server, for a clone without credentials; '' for none. */
export type Credentials = { token: string; serverUrl: string }

export type FetchSettings = {
  credentials: Credentials
  /** the environment of git, with the user's settings */
  env: Readonly<Record<string, string | undefined>>
  /** the reason why git may not fetch; undefined if it may */
  offline: string | undefined
  onComplaint: (text: string) => void
  pause: (ms: number) => Promise<unknown>
}

/** git tells the reason in words only, which are English with LC_ALL=C. */
const LOCKED = /\.lock': File exists|cannot lock ref|shallow file has changed since we read it/
const UNREACHABLE =
  /could not resolve host|couldn't connect|failed to connect|unable to connect|connection (was )?(refused|timed out)|timed out|no route to host|network is unreachable|returned error: (429|5\d\d)/i
const BROKEN =
  /connection (was )?(reset|closed|aborted)|hung up|early eof|rpc failed|empty reply|unexpected disconnect|(recv|send) failure|broken pipe|tls|ssl/i
/** Another git can hold a lock for some seconds: automatic maintenance, or another step. */
const LOCK_PAUSES_MS = [500, 1000, 2000, 4000]
const NETWORK_PAUSES_MS = [1000, 4000]
/** A fetch that failed after this time is not tried again: the next try probably takes as long. */
const SLOW_MS = 30_000

/** A remote sends all that one command asks for, or nothing. */
const NAMES_AT_ONCE = 50

/** Fetches commits or references.
 *  @param generations of history to add below the ends of a shallow clone; undefined for the commits alone
 *  @returns whether the remote sent all */
export type Fetch = (names: readonly string[], generations?: number) => Promise<boolean>

export function createFetch(git: Run, { credentials, env, offline, onComplaint, pause }: FetchSettings): Fetch {
  /** after all tries: no other fetch will reach it in this run */
  let isUnreachable = false

  return async (names, generations) => {
    let isWhole = true
    for (let start = 0; start < names.length; start += NAMES_AT_ONCE) {
      const isSent = await fetchOnce(names.slice(start, start + NAMES_AT_ONCE), generations)
      isWhole &&= isSent
    }
    return isWhole
  }

  async function fetchOnce(names: readonly string[], generations: number | undefined): Promise<boolean> {
    if (offline !== undefined) {
      onComplaint(offline)
      return false
    }
    if (isUnreachable) return false
    const remotes = withoutNewline((await git(['remote'])).stdout).split('\n')
    const remote = remotes.includes('origin') ? 'origin' : remotes[0]
    if (!remote) return false
    const shallow = withoutNewline((await git(['rev-parse', '--is-shallow-repository'])).stdout) === 'true'
    // the default program, because a configuration can name any program of this machine
    const options = ['--no-tags', '--no-recurse-submodules', '--quiet', '--upload-pack=git-upload-pack']
    const depth = generations === undefined ? '--depth=1' : `--deepen=${generations}`
    const args = ['fetch', ...options, ...(shallow ? [depth] : []), '--', remote, ...names]
    for (const variables of [{}, ...(await tokenFor(remote))]) {
      const { code, complaint } = await fetchPatiently(args, variables)
      if (code === 0) return true
      onComplaint(`git fetch from ${remote}: ${complaint}`)
      if (isUnreachable) return false
    }
    return false
  }

  async function fetchPatiently(args: string[], variables: Record<string, string>): Promise<Result> {
    for (let tries = 0; ; tries += 1) {
      const start = performance.now()
      const result = await git(args, { env: variables })
      if (result.code === 0) return result
      const waitMs = performance.now() - start < SLOW_MS ? pausesAfter(result.complaint)[tries] : undefined
      isUnreachable ||= waitMs === undefined && UNREACHABLE.test(result.complaint)
      if (waitMs === undefined) return result
      await pause(waitMs)
    }
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

function pausesAfter(complaint: string): readonly number[] {
  if (LOCKED.test(complaint)) return LOCK_PAUSES_MS
  return UNREACHABLE.test(complaint) || BROKEN.test(complaint) ? NETWORK_PAUSES_MS : []
}
