import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '../../imgix/client.ts'
import type { Proxies } from '../../inputs/proxies.ts'
import { OFFLINE } from '../../select/git-environment.ts'
import { GitError } from '../../select/git-output.ts'
import { UsageError } from '../flags.ts'
import { askGit, type Env, findWorkspace } from '../workspace.ts'
import { type Finding, fail, note, ok, warn } from './finding.ts'

const SKEW_MAX_S = 60
/** Older ones can't ask the remote for a commit by its SHA in every case. */
const OLD_GIT = { major: 2, minor: 25 }

/** This machine's clock beside that of imgix's answers. */
export function checkClock(client: Client): Finding[] {
  const told = client.now()
  if (told === undefined) return []
  const seconds = Math.round((Date.now() - told) / 1000)
  if (Math.abs(seconds) <= SKEW_MAX_S) return [ok('the clock is right')]
  const what = `the clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`
  return [warn(what, "set it: certificates and the days of imgix's reports depend on it")]
}

/** The proxy that leads to the API. */
export function checkProxy(apiUrl: string, { problemFor, proxyFor }: Proxies): Finding {
  const problem = problemFor(new URL(apiUrl))
  if (problem !== undefined) return fail(problem, 'correct it, or remove it')
  const proxy = proxyFor(new URL(apiUrl))
  return note(proxy === undefined ? 'no proxy' : `proxy for imgix: ${proxy.host}`)
}

/** git, and what the clone around a folder allows. */
export async function checkGit(folder: string, env: Env): Promise<Finding[]> {
  try {
    const workspace = await findWorkspace(folder, env)
    const git = async (...args: string[]): Promise<string> => {
      const { stdout } = await askGit(workspace, args, { ...env, ...OFFLINE, GIT_TERMINAL_PROMPT: '0' })
      return stdout.toString('utf8').trim()
    }
    const version = await git('version')
    const old = warn(version, 'it is old: a missing base may not be fetched; install a newer git')
    return [isOldGit(version) ? old : ok(version), ...(await checkClone(workspace, git))]
  } catch (error) {
    if (error instanceof UsageError) return [fail(error.message, 'or start the command as its owner')]
    if (error instanceof GitError) return [warn(error.message, 'without git only --mode all works')]
    throw error
  }
}

/** @param version as git tells it, such as `git version 2.47.1` */
export function isOldGit(version: string): boolean {
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version) ?? []).map(Number)
  return major < OLD_GIT.major || (major === OLD_GIT.major && minor < OLD_GIT.minor)
}

async function checkClone(workspace: string, git: (...args: string[]) => Promise<string>): Promise<Finding[]> {
  if (!existsSync(join(workspace, '.git')))
    return [note(`${workspace} is in no git repository: --mode all compares it with the Source`)]
  const place = `--git-dir=${join(workspace, '.git')}`
  const head = (await git(place, 'rev-parse', '--verify', '--quiet', 'HEAD')).slice(0, 7)
  if (!/^[0-9a-f]{4,}$/.test(head)) return [warn(`${workspace} has no commit`, 'commit first, or use --mode all')]
  const isShallow = (await git(place, 'rev-parse', '--is-shallow-repository')) === 'true'
  const remote = await git(place, 'remote')
  if (!isShallow) return [ok(`a whole clone in ${workspace}, at ${head}`)]
  if (remote !== '')
    return [ok(`a shallow clone in ${workspace}, at ${head}: the base is fetched from ${remote.split('\n')[0]}`)]
  return [warn(`a shallow clone in ${workspace}, without a remote`, 'clone the whole history, or use --mode all')]
}
