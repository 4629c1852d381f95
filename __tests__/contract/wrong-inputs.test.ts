import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { run } from '../../src/main.ts'
import { readEnvironment } from '../../src/runner/environment.ts'
import type { Host } from '../../src/runner/host.ts'
import { setInputs } from '../helpers/inputs.ts'
import { createTree } from '../helpers/tree.ts'

/** Runs the action in a workspace. @returns its errors */
async function errorsOf(workspace: string, inputs: Record<string, string>): Promise<string[]> {
  setInputs({}) // and restores what the run sets
  const { exitCode } = process
  onTestFinished(() => {
    process.exitCode = exitCode
  })
  const errors: string[] = []
  const nothing = (): void => {}
  const host: Host = {
    input: (name) => ({ 'dry-run': 'true', ...inputs })[name],
    annotate: (level, text) => void (level === 'error' && errors.push(text)),
    ...{ mask: nothing, debug: nothing, info: nothing, group: nothing, setOutput: nothing, writeSummary: nothing },
    outputMaxBytes: 1000,
    isDebug: () => false,
    isWorkflow: true,
  }
  const environment = { ...readEnvironment(), workspace, tempDir: createTree() }
  await run({ host, environment, cancelledCode: 1 }, () => ({ hear: nothing }))
  return errors
}

const CONCURRENCY = "concurrency: '0' is not allowed; a whole number from 1 to 64"

test.each([
  ['in another case', 'Public', 'changed', "'Public' differs by case from 'public', which is the name of the folder"],
  ['in quotes', "'public'", 'changed', "''public'' is not the path of a folder, without quotes"],
  ['in a repository of the workspace', 'img', 'changed', "there is no folder 'img', but the repository in 'site' has"],
  ['missing, in mode all', 'publik', 'all', "there is no folder 'publik'"],
])('a root %s is told with the other wrong inputs', async (_, root, mode, why) => {
  const workspace = createTree(['public/a.png', 'site/img/a.png'])
  mkdirSync(join(workspace, 'site/.git'))
  expect(await errorsOf(workspace, { root, mode, concurrency: '0' })).toEqual([
    CONCURRENCY,
    expect.stringContaining(`root: ${why}`),
  ])
})

test.each([
  ['that is there', 'public', 'all'],
  ['that git alone can have', 'publik', 'changed'],
])('a root %s is no problem of the inputs', async (_, root, mode) => {
  expect(await errorsOf(createTree(['public/a.png']), { root, mode, concurrency: '0' })).toEqual([CONCURRENCY])
})

test('a root that is a problem by itself is told once', async () => {
  expect(await errorsOf(createTree(), { root: '../x', mode: 'all', concurrency: '0' })).toEqual([
    "root: '../x' is not allowed; a folder inside the workspace, relative to it",
    CONCURRENCY,
  ])
})
