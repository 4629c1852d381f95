import { expect, test } from 'vitest'
import { hosted } from '../helpers/github.ts'
import { CERTIFICATE_FILE, serveTls, startProxy } from '../helpers/proxy.ts'
import { began, cancelled, closed, opened, purged, put, type Run, scenario, uploaded } from '../helpers/scenario.ts'

type Variables = Record<string, string>

/** A scenario whose runs have proxies in their environment; none may show a password. */
async function behind(variables: Variables, inputs: Record<string, string> = {}) {
  const scene = await scenario({ inputs })
  const push: typeof scene.push = async (files, more, options) => {
    const run = await scene.push(files, more, { ...options, env: variables })
    expect(shownBy(run)).not.toMatch(/p@ss|p%40ss|wrong-w0rd|Basic /)
    return run
  }
  return { ...scene, push, host: new URL(scene.imgix.apiUrl).host }
}

function shownBy({ stdout, stderr, summary, outputs, report }: Run): string {
  return [stdout.replace(/^::add-mask::.*$/gm, ''), stderr, summary, JSON.stringify([outputs, report])].join('\n')
}

const files = { 'a.png': 'a', 'big.mp4': 'a longer one' }
const direct = { 'session-threshold': '10B', concurrency: '1' }
const all = [...began, uploaded('a.png'), opened('big.mp4'), put('big.mp4'), closed(), purged, purged]

const socks = 'socks5h://u:p@ss@proxy.example:1080'

test.each([
  ['of another scheme', { https_proxy: socks, HTTPS_PROXY: socks }],
  ['that NO_PROXY takes away', { http_proxy: socks, https_proxy: socks, NO_PROXY: '*' }],
])('a variable %s, which nothing uses, does not matter', async (_, variables) => {
  const { push } = await behind(variables)
  const run = await push(files, direct)
  expect([run.code, run.errors]).toEqual([0, []])
})

test('a variable that is not valid, in a dry run without a key, does not matter', async () => {
  const { push } = await behind({ http_proxy: socks, https_proxy: socks, GITHUB_API_URL: 'https://127.0.0.1:1' })
  const run = await push(files, { 'dry-run': 'true', 'api-key': '', 'github-token': 'ghs_0123456789' })
  expect([run.code, run.errors]).toEqual([0, []])
})

test('direct upload, upload session and purge, all through the proxy', async () => {
  const proxy = await startProxy()
  const { push, asked, host } = await behind({ HTTP_PROXY: proxy.url })
  const run = await push(files, direct)
  expect([run.code, run.errors, asked().sort()]).toEqual([0, [], [...all].sort()])
  expect([...new Set(proxy.asked)]).toEqual([`CONNECT ${host}`])
  expect(proxy.asked.length).toBeLessThanOrEqual(3)
  await expect.poll(proxy.open).toBe(0)
})

test('over TLS, through an https proxy, which learns host and port only', async () => {
  const [secure, plain] = [await startProxy(undefined, { secure: true }), await startProxy()]
  const variables = { https_proxy: secure.url, http_proxy: plain.url, NODE_EXTRA_CA_CERTS: CERTIFICATE_FILE }
  const { push, asked, imgix, host } = await behind(variables)
  const apiUrl = await serveTls(imgix.apiUrl)
  const run = await push(files, { ...direct, 'api-url': apiUrl })
  expect([run.code, run.errors, asked().sort()]).toEqual([0, [], [...all].sort()])
  expect([...new Set(secure.asked)]).toEqual([`CONNECT ${new URL(apiUrl).host}`])
  expect(plain.asked).toEqual([`CONNECT ${host}`]) // of the presigned URL, which is http here
  expect(Object.keys(secure.headers[0] ?? {}).sort()).toEqual(['connection', 'host', 'proxy-authorization'])
  expect(secure.through()).not.toMatch(new RegExp(`${imgix.apiKey}|big\\.mp4`))
})

test.each([
  ['a host', '127.0.0.1'],
  ['all', '*'],
])('NO_PROXY with %s: no request goes through the proxy', async (_, NO_PROXY) => {
  const proxy = await startProxy()
  const { push, asked } = await behind({ HTTP_PROXY: proxy.url, NO_PROXY })
  expect([(await push(files, direct)).code, asked().length, proxy.asked]).toEqual([0, all.length, []])
})

test('HTTPS_PROXY is not for http', async () => {
  const proxy = await startProxy()
  const { push } = await behind({ HTTPS_PROXY: proxy.url })
  expect([(await push(files)).code, proxy.asked]).toEqual([0, []])
})

test('a wrong password: one line that says so', async () => {
  const proxy = await startProxy()
  const { push, imgix, host } = await behind({ HTTP_PROXY: `jane:wrong-w0rd@${proxy.host}` })
  const run = await push(files)
  const tunnel = `no tunnel to ${host} through the proxy ${proxy.host} (407)`
  expect([run.code, imgix.requests, proxy.asked.length]).toEqual([1, [], 1])
  expect(run.errors).toEqual([`${tunnel}; check the user name and password in HTTP_PROXY`])
})

test('a proxy that refuses ends the run, where it has begun too', async () => {
  const proxy = await startProxy('HTTP/1.1 403 Forbidden\r\n\r\n')
  const { push } = await behind({ HTTP_PROXY: proxy.url })
  const urls = Array.from({ length: 60 }, (_, at) => `https://a.example/${at}`).join('\n')
  const run = await push(files, { 'source-id': '', upload: 'false', urls })
  expect([run.code, proxy.asked.length < 60]).toEqual([1, true])
  expect(run.errors[0]).toMatch(/\(403\); check HTTP_PROXY$/)
})

test('a proxy where nobody listens is tried again', async () => {
  const { push } = await behind({ HTTP_PROXY: 'http://127.0.0.1:9' })
  const run = await push(files, { 'max-attempts': '2' })
  expect([run.code, run.errors]).toEqual([
    1,
    [expect.stringMatching(/through the proxy 127\.0\.0\.1:9 \(ECONNREFUSED\); check HTTP_PROXY \(2 tries\)$/)],
  ])
})

test('a proxy that hangs is given up after timeout', async () => {
  const proxy = await startProxy('hang')
  const { push } = await behind({ HTTP_PROXY: proxy.url })
  const run = await push(files, { timeout: '1', 'max-attempts': '1' })
  expect(run.errors).toEqual([expect.stringMatching(/\(no progress for 1 s\); check HTTP_PROXY$/)])
})

test('SIGINT while one of two tunnels is not answered: the other is tidied up, and the run ends by itself', async () => {
  const proxy = await startProxy('hang', { tunnels: 1 })
  const { push, stored, purges } = await behind({ HTTP_PROXY: proxy.url })
  const signal = { after: (out: string) => out.includes('uploaded '), send: 'SIGINT' } as const
  const run = await push({ 'a.png': 'a', 'b.png': 'b' }, {}, { signal })
  expect([run.code, run.signal, proxy.asked.length, stored().length, purges().length]).toEqual([1, null, 2, 1, 1])
  expect(run.report).toMatchObject({ cancelled: true })
  expect(run.errors).toEqual([expect.stringMatching(/^cancelled: 1 uploaded, 1 purged in /)])
  await expect.poll(proxy.open).toBe(0)
})

test('SIGTERM while nothing else is under way', async () => {
  const proxy = await startProxy('hang')
  const { push, imgix } = await behind({ HTTP_PROXY: proxy.url })
  const run = await push(files, {}, { signal: { after: (out) => out.includes('head: '), send: 'SIGTERM' } })
  expect([run.code, run.signal, imgix.requests]).toEqual([1, null, []])
  expect(run.report).toMatchObject({ cancelled: true })
})

test('a cancellation in the middle is tidied up through the proxy', async () => {
  const proxy = await startProxy()
  const { push, imgix, asked } = await behind({ HTTP_PROXY: proxy.url })
  imgix.fault({ on: { method: 'PUT' }, do: { hang: true } })
  const signal = { after: () => imgix.transcript.length >= 2, send: 'SIGINT' } as const
  const run = await push({ 'big.mp4': 'x' }, { 'session-threshold': '0B' }, { signal })
  expect([run.code, asked().at(-1)]).toEqual([1, cancelled()])
  await expect.poll(proxy.open).toBe(0)
})

test('a variable that names no proxy, with whatever else is wrong', async () => {
  const { push, imgix } = await behind({ HTTP_PROXY: 'socks5://jane:p@ss@proxy.example:1080' })
  const run = await push(files, { concurrency: '0' })
  expect([run.code, imgix.requests]).toEqual([1, []])
  expect(run.errors).toEqual([
    expect.stringMatching(/^concurrency: '0' is not allowed/),
    expect.stringMatching(/^HTTP_PROXY: its value is not allowed; an http or https proxy/),
  ])
})

test('GitHub is asked through the proxy too', async () => {
  const proxy = await startProxy()
  const { github, job, push } = await hosted()
  const GITHUB_API_URL = github.apiUrl.replace('127.0.0.1', 'github.example')
  const run = await job(push(files), { env: { GITHUB_API_URL, HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' } })
  expect([run.code, github.transcript.length > 0]).toEqual([0, true])
  expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${new URL(GITHUB_API_URL).host}`]))
})
