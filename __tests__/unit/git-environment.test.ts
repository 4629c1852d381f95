import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { addSettings, gitEnvironment } from '../../src/select/git-environment.ts'

const REPOSITORY = { topLevel: '/work/site', gitDir: '/work/site/.git', isNested: false }
const OWN = {
  GIT_DIR: '/work/site/.git',
  GIT_WORK_TREE: '/work/site',
  GIT_CEILING_DIRECTORIES: '/work',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
}

test('what leads git elsewhere is not passed on, as far as git itself lists it', () => {
  const listed = execFileSync('git', ['rev-parse', '--local-env-vars'], { encoding: 'utf8' }).trim().split('\n')
  const given = Object.fromEntries(listed.map((name) => [name, 'x']))
  expect(gitEnvironment(given, REPOSITORY)).toEqual({ ...OWN, GIT_CONFIG_COUNT: 'x' })
})

test.each([
  ...['GIT_LITERAL_PATHSPECS', 'GIT_GLOB_PATHSPECS', 'GIT_NOGLOB_PATHSPECS', 'GIT_ICASE_PATHSPECS', 'git_dir'],
  ...['GIT_NAMESPACE', 'GIT_EXTERNAL_DIFF', 'GIT_DIFF_OPTS', 'GIT_DISCOVERY_ACROSS_FILESYSTEM', 'GIT_QUARANTINE_PATH'],
  ...['GIT_ATTR_SOURCE', 'GIT_REDIRECT_STDOUT'],
])('nor is %s', (name) => {
  expect(gitEnvironment({ [name]: '1' }, REPOSITORY)).toEqual(OWN)
})

test.each([
  ...['PATH', 'HOME', 'HTTPS_PROXY', 'no_proxy', 'SSH_AUTH_SOCK', 'SSH_ASKPASS', 'GIT_SSH', 'GIT_SSH_COMMAND'],
  ...['GIT_SSH_VARIANT', 'GIT_ASKPASS', 'GIT_PROXY_COMMAND', 'GIT_SSL_NO_VERIFY', 'GIT_SSL_CAINFO', 'GIT_TRACE'],
  ...['GIT_TRACE2_EVENT', 'GIT_CURL_VERBOSE', 'GIT_HTTP_USER_AGENT', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM'],
  ...['GIT_CONFIG_COUNT', 'GIT_CONFIG_KEY_0', 'GIT_CONFIG_VALUE_0', 'GIT_PROTOCOL_FROM_USER', 'GIT_NO_LAZY_FETCH'],
])('%s is', (name) => {
  expect(gitEnvironment({ [name]: 'x' }, REPOSITORY)).toEqual({ ...OWN, [name]: 'x' })
})

test.each([
  ['https:ssh', 'https:ssh'],
  ['https:ext:ssh', 'https:ssh'],
  ['ext', ''],
])('the protocols %j that a user allows become %j', (given, kept) => {
  expect(gitEnvironment({ GIT_ALLOW_PROTOCOL: given }, REPOSITORY).GIT_ALLOW_PROTOCOL).toBe(kept)
})

test('a repository below the workspace has the transports of git itself, unless the user allows others', () => {
  const nested = { ...REPOSITORY, isNested: true }
  expect(gitEnvironment({}, nested).GIT_ALLOW_PROTOCOL).toBe('file:git:http:https:ssh')
  expect(gitEnvironment({ GIT_ALLOW_PROTOCOL: 'own' }, nested).GIT_ALLOW_PROTOCOL).toBe('own')
})

test.each([
  ['none', {}, 0],
  ['none, and says so', { GIT_CONFIG_COUNT: '0' }, 0],
  ['an empty number', { GIT_CONFIG_COUNT: '' }, 0],
  ['two', { GIT_CONFIG_COUNT: '2' }, 2],
])("settings follow the user's: %s", (_, env, first) => {
  const settings: [string, string][] = [
    ['a', '1'],
    ['b', ''],
  ]
  expect(addSettings(env, settings)).toEqual({
    GIT_CONFIG_COUNT: String(first + 2),
    ...{ [`GIT_CONFIG_KEY_${first}`]: 'a', [`GIT_CONFIG_VALUE_${first}`]: '1' },
    ...{ [`GIT_CONFIG_KEY_${first + 1}`]: 'b', [`GIT_CONFIG_VALUE_${first + 1}`]: '' },
  })
})
