import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { accountTag } from '../../emulator/documents.ts'
import { type ActionRun, type RunOptions, runAction } from '../../emulator/runner.ts'
import type { EmulatorOptions } from '../../emulator/server.ts'
import { emulate } from './emulator.ts'
import { temporaryFolder } from './scenario.ts'
import { askedOf, variables } from './source.ts'

type Run = ActionRun & { errors: string[] }
type Options = Partial<RunOptions> & { inputs?: Record<string, string> }

/** An imgix, a workspace with a file, and the bundle of the action between them. Every run is held to what none may ever
 *  do: print a secret, or leave out an output. */
export async function sourceScenario(file: string | Buffer, imgixOptions: EmulatorOptions = {}) {
  const source = { id: 'SRC', secureUrlToken: 'token-of-the-source', ...imgixOptions.source }
  const imgix = await emulate({ ...imgixOptions, source })
  const workspace = temporaryFolder()
  writeFileSync(join(workspace, 's.yml'), file)
  async function run({ inputs = {}, env = {}, ...more }: Options = {}): Promise<Run> {
    const all = { 'api-key': imgix.apiKey, 'api-url': imgix.apiUrl, file: 's.yml', ...inputs }
    const tempDir = temporaryFolder()
    const run = await runAction({
      action: 'source',
      workspace,
      tempDir,
      ...more,
      inputs: all,
      env: { ...variables, ...env },
    })
    const text = [run.stdout.replace(/^::add-mask::.*$/gm, ''), run.summary, JSON.stringify(run.outputs)].join('\n')
    const secrets = [
      imgix.apiKey,
      'token-of-the-source',
      'AKIADEPLOYMENTKEY001',
      accountTag,
      ...Object.values(variables),
    ]
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
    expect([run.stderr, Object.keys(run.outputs).sort()]).toEqual(['', ['changed', 'deployment-status', 'source-id']])
    const errors = run.annotations.filter(({ level }) => level === 'error').map(({ message }) => message)
    return { ...run, errors }
  }
  const link = (name: string, target: string): void => symlinkSync(target, join(workspace, name))
  return { imgix, run, link, asked: () => askedOf(imgix) }
}
