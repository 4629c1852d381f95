import { cpSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createRepository } from '../helpers/repository.ts'
import { type Outputs, runJob } from '../helpers/workflow.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

const file = join(root, '.github/workflows/self-test.yml')

/** Runs a job of the self-test. @returns the outputs of its steps */
async function selfTest(job: string, workspace: string): Promise<Map<string, Outputs>> {
  const outputs = new Map<string, Outputs>()
  onTestFinished(() => void process.kill(Number(outputs.get('imgix')?.pid)))
  await runJob(file, job, { workspace, outputs })
  return outputs
}

// What CI does on Linux, macOS and Windows, without what the runner has before it
test.each(['true', 'false'])('the self-test of the three actions, core.symlinks %s', async (symlinks) => {
  const { dir, git, commit } = createRepository()
  for (const folder of ['demo', 'emulator']) cpSync(join(root, folder), join(dir, folder), { recursive: true })
  commit()
  git('config', 'core.symlinks', symlinks)
  const outputs = await selfTest('actions', dir)
  expect(lstatSync(join(dir, 'self-test/linked.png')).isSymbolicLink()).toBe(symlinks === 'true')
  expect([...outputs.keys()].filter((id) => id !== '')).toEqual([
    ...['imgix', 'site', 'plan', 'push', 'all', 'again', 'source', 'same', 'reports'],
  ])
})

test('the self-test of the package', async () => {
  const { dir } = createRepository()
  for (const path of ['demo', 'emulator', 'dist', 'package.json', 'README.md', 'LICENSE'])
    cpSync(join(root, path), join(dir, path), { recursive: true })
  expect((await selfTest('package', dir)).has('imgix')).toBe(true)
})
