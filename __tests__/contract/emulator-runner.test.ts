import { expect, test } from 'vitest'
import { runAction } from '../../emulator/runner.ts'
import { createRepository } from '../helpers/repository.ts'

/** An action of one file: its source in a new repository. */
function actionOf(source: string) {
  const repository = createRepository()
  repository.write({ 'action.mjs': source })
  repository.commit()
  return { workspace: repository.dir, bundle: `${repository.dir}/action.mjs` }
}

test('an action gets its inputs, files and nothing of ours', async () => {
  const action = actionOf(`
    import { appendFileSync, readFileSync } from 'node:fs'
    appendFileSync(process.env.GITHUB_OUTPUT, 'env<<X\\n' + JSON.stringify({ ...process.env, cwd: process.cwd() }) + '\\nX\\n')
    appendFileSync(process.env.GITHUB_STEP_SUMMARY, '# done ' + readFileSync(process.env.GITHUB_EVENT_PATH))
    console.log('::add-mask::s3cret\\n::warning file=a.png::careful\\nwith s3cret')
    console.error('to stderr')
    process.exitCode = 3
  `)
  const run = await runAction({
    ...action,
    inputs: { 'api-key': 's3cret', files: 'a\nb' },
    env: { EXTRA: '1', CI: undefined },
  })
  const env = JSON.parse(run.outputs.env ?? '') as Record<string, string>
  expect(env).toMatchObject({
    'INPUT_API-KEY': 's3cret',
    INPUT_FILES: 'a\nb',
    'INPUT_SOURCE-ID': '',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_WORKSPACE: action.workspace,
    cwd: action.workspace,
    EXTRA: '1',
  })
  expect([env.CI, env.VITEST, env.GIT_CONFIG_GLOBAL]).toEqual([undefined, undefined, undefined])
  expect(run).toMatchObject({ code: 3, signal: null, stderr: 'to stderr\n', log: 'with ***\n', masks: ['s3cret'] })
  expect(run).toMatchObject({ summary: '# done {}', report: undefined })
  expect(run.annotations).toEqual([{ level: 'warning', message: 'careful', properties: { file: 'a.png' } }])
})

test('the report is read from where the outputs say', async () => {
  const action = actionOf(`
    import { appendFileSync, writeFileSync } from 'node:fs'
    const path = process.env.RUNNER_TEMP + '/report.json'
    writeFileSync(path, '{"version":1}')
    appendFileSync(process.env.GITHUB_OUTPUT, 'report=' + path + '\\n')
  `)
  expect((await runAction({ ...action, inputs: {} })).report).toEqual({ version: 1 })
})

test('a signal is sent once, when the log says so', async () => {
  const action = actionOf(`
    let count = 0
    const wait = setTimeout(() => {}, 60_000)
    process.on('SIGINT', () => {
      console.log('int', ++count)
      setTimeout(() => console.log('more'), 50)
      setTimeout(() => clearTimeout(wait), 300)
    })
    console.log('ready')
  `)
  const run = await runAction({
    ...action,
    inputs: {},
    signal: { after: (out) => out.includes('ready'), send: 'SIGINT' },
  })
  expect([run.code, run.stdout]).toEqual([0, 'ready\nint 1\nmore\n'])
})

test('an action that is killed has no code', async () => {
  const action = actionOf(`console.log('ready'); setInterval(() => {}, 1000)`)
  const run = await runAction({ ...action, inputs: {}, signal: { after: () => true, send: 'SIGKILL' } })
  expect([run.code, run.signal]).toEqual([null, 'SIGKILL'])
})

test('an action that may have few files open', async () => {
  const action = actionOf(`
    import { openSync } from 'node:fs'
    let count = 0
    try { for (;;) { openSync('/dev/null'); count += 1 } } catch (error) { console.log(error.code, count < 64, process.env['INPUT_API-KEY']) }
  `)
  const run = await runAction({ ...action, inputs: { 'api-key': "a 'key'\n" }, fileLimit: 64 })
  expect([run.code, run.stdout, run.stderr]).toEqual([0, "EMFILE true a 'key'\n\n", ''])
})

test('a signal is sent when a test says so', async () => {
  const action = actionOf(`console.log('ready'); setInterval(() => {}, 1000)`)
  const abort = new AbortController()
  const signal = { on: abort.signal, send: 'SIGKILL' } as const
  const run = await runAction({ ...action, inputs: {}, signal, onStdout: () => abort.abort() })
  expect([run.code, run.signal]).toEqual([null, 'SIGKILL'])
})
