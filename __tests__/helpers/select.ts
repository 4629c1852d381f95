import { readInputs } from '../../src/inputs/inputs.ts'
import { loadMetadata } from '../../src/inputs/metadata.ts'
import type { Environment, WorkflowEvent } from '../../src/runner/environment.ts'
import { type Selection, selectFiles } from '../../src/select/select.ts'
import { GIT_ENV } from './git.ts'
import { setInputs } from './inputs.ts'
import type { Repository } from './repository.ts'
import { captureStdout } from './stdout.ts'

/** Selects files in a workspace, without a GitHub unless one is given. */
export async function select(
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  event: Partial<WorkflowEvent> = {},
  github: Partial<Environment['github']> = {},
): Promise<Selection> {
  setInputs({ 'dry-run': 'true', ...inputs })
  captureStdout()
  const read = readInputs(workspace)
  const environment = {
    workspace,
    attempt: 1,
    tempDir: '/nonexistent',
    childEnv: GIT_ENV,
    github: { apiUrl: '', serverUrl: 'https://github.com', repository: '', runId: 1, workflow: undefined, ...github },
    event: { name: 'push', payload: {}, ref: 'refs/heads/main', sha: '', ...event },
  }
  const metadata = await loadMetadata(workspace, read.metadata)
  const { signal } = new AbortController()
  return selectFiles(environment, read, { metadata, signal, log: () => {} })
}

/** Commits changes and selects files for the push of that commit. */
export function selectPush(
  repository: Repository,
  files: Parameters<Repository['write']>[0],
  inputs: Readonly<Record<string, string>>,
): Promise<Selection> {
  const before = repository.head()
  repository.write(files)
  const { payload } = repository.pushEvent(before, repository.commit())
  return select(repository.dir, inputs, { payload, sha: repository.head() })
}
