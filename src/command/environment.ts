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

/** @returns the variables without the secrets, which only this process may have */
export function readVariables(): Readonly<Record<string, string | undefined>> {
  return withoutSecrets(process.env)
}

function withoutSecrets(env: Environment['childEnv']): Environment['childEnv'] {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !Object.values(SECRETS).includes(name.toUpperCase())),
  )
}

/** The environment of a run that the command starts: the repository around the folder, and what the CI system tells.
 *  @throws UsageError */
export async function readCommandEnvironment(): Promise<Environment> {
  const env = readVariables()
  const workspace = await findWorkspace(process.cwd(), env)
  const environment = readEnvironment()
  const tempDir = mkdtempSync(join(tmpdir(), 'imgix-sync-'))
  const own = { workspace, tempDir, childEnv: withoutSecrets(environment.childEnv) }
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
