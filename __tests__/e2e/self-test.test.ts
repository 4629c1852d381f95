import { cpSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createRepository } from '../helpers/repository.ts'
import { type Outputs, runJob } from '../helpers/workflow.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

// What CI does on Linux, macOS and Windows, without what the runner has before it
test.each(['true', 'false'])('the self-test of the three actions, core.symlinks %s', async (symlinks) => {
  const { dir, git, commit } = createRepository()
  for (const folder of ['demo', 'emulator']) cpSync(join(root, folder), join(dir, folder), { recursive: true })
  commit()
  git('config', 'core.symlinks', symlinks)
  const outputs = new Map<string, Outputs>()
  onTestFinished(() => void process.kill(Number(outputs.get('imgix')?.pid)))
  await runJob(join(root, '.github/workflows/self-test.yml'), 'actions', { workspace: dir, outputs })
  expect(lstatSync(join(dir, 'self-test/linked.png')).isSymbolicLink()).toBe(symlinks === 'true')
  expect([...outputs.keys()].filter((id) => id !== '')).toEqual([
    ...['imgix', 'site', 'plan', 'push', 'all', 'again', 'source', 'same', 'reports'],
  ])
})
