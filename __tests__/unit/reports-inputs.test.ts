import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readInputs } from '../../src/download-reports/inputs.ts'
import { InputError } from '../../src/inputs/reader.ts'
import { setInputs } from '../helpers/inputs.ts'
import { temporaryFolder } from '../helpers/scenario.ts'
import { captureStdout } from '../helpers/stdout.ts'

const NEEDED = { 'api-key': 'ak_0123456789abcdef', type: 'cdn_logs' }

function read(inputs: Record<string, string>, workspace = temporaryFolder()) {
  setInputs(inputs)
  captureStdout()
  return readInputs(workspace)
}

function problemsOf(inputs: Record<string, string>, workspace?: string): readonly string[] {
  try {
    read(inputs, workspace)
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return (error as InputError).problems
  }
  return []
}

test('the defaults', () => {
  const { proxyFor, ...plain } = read(NEEDED)
  expect(plain).toEqual({
    apiKey: NEEDED['api-key'],
    type: 'cdn_logs',
    period: 'latest',
    folder: 'imgix-reports',
    onIncomplete: 'wait',
    waitTimeoutMs: 1_800_000,
    onMissing: 'fail',
    concurrency: 4,
    maxAttempts: 5,
    timeoutMs: 60_000,
    apiUrl: 'https://api.imgix.com',
  })
  expect(proxyFor(new URL('https://api.imgix.com'))).toBeUndefined()
})

test.each([
  ['type', 'credit_analytics_daily', { type: 'credit_analytics_daily' }],
  ['period', '2026-11-21', { period: { from: '2026-11-21', to: '2026-11-21' } }],
  ['folder', './logs//imgix/', { folder: 'logs/imgix' }],
  ['folder', '.', { folder: '.' }],
  ['folder', 'logs/../x', { folder: 'x' }],
  ['on-incomplete', 'skip', { onIncomplete: 'skip' }],
  ['on-missing', 'warn', { onMissing: 'warn' }],
  ['wait-timeout', '21600', { waitTimeoutMs: 21_600_000 }],
])('%s: %s', (name, value, expected) => {
  expect(read({ ...NEEDED, [name]: value })).toMatchObject(expected)
})

const TYPES = 'cdn_logs, image_analytics, mild_errors, source_analytics, credit_analytics_daily or credit_analytics_mtd'
const FOLDER = 'a folder inside the workspace, relative to it, not in .git, without links that lead out of it'

test.each([
  [
    'api-key',
    '',
    'a Management API key with the permission Analytics: check that the secret exists; runs from forks and of Dependabot get none',
  ],
  ['type', '', TYPES],
  ['type', 'logs', TYPES],
  [
    'period',
    'yesterday',
    'latest, a date such as 2026-11-21, or a range of at most 366 days such as 2026-11-01..2026-11-21',
  ],
  ['on-incomplete', 'fail', 'wait or skip'],
  ['wait-timeout', '0', 'a whole number from 1 to 21600'],
  ['on-missing', 'ignore', 'fail or warn'],
  ['concurrency', '17', 'a whole number from 1 to 16'],
  ['max-attempts', '0', 'a whole number from 1 to 20'],
  ['timeout', 'soon', 'a whole number from 1 to 3600'],
  ['api-url', 'http://10.0.0.1', 'an https URL, or http on a loopback host, without user name, query and fragment'],
])("%s: '%s' is not allowed", (name, value, allowed) => {
  expect(problemsOf({ ...NEEDED, [name]: value })).toEqual([`${name}: '${value}' is not allowed; ${allowed}`])
})

test.each([
  '/etc',
  '..',
  '../x',
  'a/../../x',
  'out',
  'out/none/yet',
  'gone',
  'gone/x',
  'file',
  'file/x',
  'in/../../x',
  '.git/hooks',
  '.GIT/hooks',
  '.Git',
  'hooks',
])('folder: %s leads out, or is none', (folder) => {
  const outside = temporaryFolder()
  const workspace = temporaryFolder()
  mkdirSync(join(workspace, 'logs'))
  symlinkSync(outside, join(workspace, 'out'))
  symlinkSync(join(outside, 'none'), join(workspace, 'gone'))
  symlinkSync('logs', join(workspace, 'in'))
  mkdirSync(join(workspace, '.git/hooks'), { recursive: true })
  symlinkSync('.git/hooks', join(workspace, 'hooks'))
  writeFileSync(join(workspace, 'file'), '')
  expect(problemsOf({ ...NEEDED, folder }, workspace)).toEqual([`folder: '${folder}' is not allowed; ${FOLDER}`])
  expect(read({ ...NEEDED, folder: 'in/x' }, workspace).folder).toBe('in/x')
})
