import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readProxies } from '../inputs/proxies.ts'
import { type Environment, readEnvironment } from '../runner/environment.ts'
import { commitOf, OWN_SYSTEM, readTold } from './ci-systems.ts'
import { SECRETS, UsageError } from './flags.ts'
import { readGitLab } from './gitlab.ts'
import { currentFolder, findWorkspace } from './workspace.ts'

/** @returns undefined for an input that is no secret, and for a secret that is not set */
export function readSecret(input: string): string | undefined {
  return process.env[SECRETS[input] ?? '']
}

/** @returns the variables without the secrets, which only this process may have */
export function readVariables(env: Environment['childEnv'] = process.env): Environment['childEnv'] {
  const secrets = Object.values(SECRETS)
  return Object.fromEntries(Object.entries(env).filter(([name]) => !secrets.includes(name.toUpperCase())))
}

/** The environment of a run that the command starts: the repository around the folder, and what the CI system tells.
 *  @throws UsageError */
export async function readCommandEnvironment(): Promise<Environment> {
  const env = readVariables()
  const workspace = await findWorkspace(currentFolder(), env)
  const environment = readEnvironment()
  const tempDir = makeTemporary(tmpdir())
  const own = { ...environment, workspace, tempDir, childEnv: readVariables(environment.childEnv) }
  if (env.GITHUB_ACTIONS === 'true') return own
  const { id, isPR } = OWN_SYSTEM
  const told = readTold(env, OWN_SYSTEM)
  const event = {
    name: isPR === true ? 'pull_request' : '',
    payload: {},
    ref: '',
    sha: commitOf(env, OWN_SYSTEM),
    told: id === 'GITLAB' && isPR !== true ? await readGitLab(env, told, readProxies(env).proxyFor) : told,
  }
  return { ...own, event }
}

function makeTemporary(folder: string): string {
  try {
    return mkdtempSync(join(folder, 'imgix-sync-'))
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException
    throw new UsageError(`no folder can be made in ${folder} (${code}); set TMPDIR to a folder for temporary files`, {
      cause,
    })
  }
}
