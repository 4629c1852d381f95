import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readProxies } from '../inputs/proxies.ts'
import { type Environment, readEnvironment, type Told } from '../runner/environment.ts'
import { commitOf, OWN_SYSTEM, readTold } from './ci-systems.ts'
import { SECRETS } from './flags.ts'
import { readGitLab } from './gitlab.ts'
import { findWorkspace } from './workspace.ts'

/** @returns undefined for an input that is no secret, and for a secret that is not set */
export function readSecret(input: string): string | undefined {
  return process.env[SECRETS[input] ?? '']
}

export function readVariables(): Readonly<Record<string, string | undefined>> {
  return process.env
}

/** The environment of a run that the command starts: the repository around the folder, and what the CI system tells.
 *  @throws UsageError */
export async function readCommandEnvironment(): Promise<Environment> {
  const env = readVariables()
  const workspace = await findWorkspace(process.cwd(), env)
  const environment = readEnvironment()
  const childEnv = Object.fromEntries(
    // only this process may have the secrets
    Object.entries(environment.childEnv).filter(([name]) => !Object.values(SECRETS).includes(name.toUpperCase())),
  )
  const own = { workspace, tempDir: mkdtempSync(join(tmpdir(), 'imgix-sync-')), childEnv }
  if (env.GITHUB_ACTIONS === 'true') return { ...environment, ...own }
  const event = {
    name: OWN_SYSTEM.isPR === true ? 'pull_request' : '',
    payload: {},
    ref: '',
    sha: commitOf(env, OWN_SYSTEM),
    told: await readOwnTold(env),
  }
  return { ...environment, ...own, event }
}

function readOwnTold(env: ReturnType<typeof readVariables>): Promise<Told> | Told {
  if (OWN_SYSTEM.id === 'GITLAB') return readGitLab(env, OWN_SYSTEM, readProxies(env).proxyFor)
  return readTold(env, OWN_SYSTEM)
}
