import { expect, test } from 'vitest'
import { createSas } from '../../emulator/sas.ts'
import type { Emulator, EmulatorOptions } from '../../emulator/server.ts'
import type { StorageName } from '../../emulator/storages.ts'
import { emulate } from '../helpers/emulator.ts'
import { waitShortly } from '../helpers/short-waits.ts'
import { apiOf, carryOut, errorOf, uploadPlan } from '../helpers/sync.ts'

waitShortly()

const STORAGES: StorageName[] = ['s3', 'gcs', 'r2', 'azure']

/** Puts `a b+c&é.png` by an upload session. */
async function play(options: EmulatorOptions, prepare: (imgix: Emulator) => void = () => {}) {
  const imgix = await emulate(options)
  prepare(imgix)
  const path = 'a b+c&é.png'
  const { uploads } = await carryOut(uploadPlan({ [path]: 'new' }, ['session']), apiOf(imgix, { maxAttempts: 3 }))
  return {
    result: uploads[path]?.result,
    error: errorOf(uploads[path])?.message,
    body: String(imgix.objects.get(path)?.body),
    puts: imgix.requests.filter(({ method }) => method === 'PUT').map(({ status }) => status),
    sessions: [...imgix.sessions.values()].map(({ status }) => status),
  }
}

test.each<[StorageName, number]>([
  ['s3', 200],
  ['gcs', 200],
  ['r2', 200],
  ['azure', 201],
])('a presigned PUT of %s is stored', async (storage, status) => {
  const expected = { result: 'done', error: undefined, body: 'new', puts: [status], sessions: ['CLOSED'] }
  expect(await play({ storage })).toEqual(expected)
})

test.each<[StorageName, number, string]>([
  ['s3', 403, 'AccessDenied'],
  ['gcs', 400, 'ExpiredToken'],
  ['r2', 400, 'ExpiredRequest'],
  ['azure', 403, 'AuthenticationFailed'],
])('a URL of %s that has expired: a new session, and no fourth', async (storage, status, code) => {
  const { result, error, puts, sessions } = await play({ storage, urlLifetimeMs: 1 })
  expect([result, puts, sessions]).toEqual(['failed', Array(3).fill(status), Array(3).fill('CANCELED')])
  expect(error).toBe(`${status} ${code}, 3 tries`)
})

test.each(STORAGES)('a URL of %s that somebody changed is refused', async (storage) => {
  const imgix = await emulate({ storage })
  const { sessions, client } = apiOf(imgix)
  const { url } = await sessions.open({ sourceId: imgix.sourceId, originPath: 'a.png' })
  const reply = await fetch(url.replace('a.png', 'b.png'), {
    method: 'PUT',
    body: 'x',
    headers: { 'x-ms-blob-type': 'BlockBlob' },
  })
  const text = await reply.text()
  expect([reply.status, text]).toEqual([
    403,
    expect.stringContaining(`<Code>${storage === 'azure' ? 'AuthenticationFailed' : 'SignatureDoesNotMatch'}</Code>`),
  ])
  client.close()
})

test('a SAS is signed as the SDK of Azure signs it', () => {
  const account = { name: 'emulated', key: Buffer.from('emulated/account/key').toString('base64') }
  const path = "/bucket/SRC/sub/a%20b%2B%C3%A9'.png"
  const query = createSas(
    { path, session: 's', expiresSeconds: 28_800, now: new Date('2026-11-30T00:00:00Z') },
    account,
  )
  // generateBlobSASQueryParameters of @azure/storage-blob 12, for the same blob, permissions, time and version
  expect(new URLSearchParams(query).get('sig')).toBe('OvqVvUYHgNYNYfs84QU/TU+j8qJSaPYYfk7M95owNes=')
})

const errorXml = (code: string, start = ''): string =>
  `${start}<?xml version="1.0"?><Error><Code>${code}</Code></Error>`

test.each<[StorageName, number, string]>([
  ['s3', 400, errorXml('RequestTimeout')],
  ['s3', 503, errorXml('SlowDown')],
  ['gcs', 400, errorXml('IncompleteBody')],
  ['gcs', 429, errorXml('SlowDown')],
  ['gcs', 400, errorXml('CrcMismatch')],
  ['r2', 400, errorXml('BadDigest')],
  ['r2', 500, errorXml('InternalError')],
  ['azure', 400, errorXml('Md5Mismatch', '\uFEFF')],
  ['azure', 503, errorXml('ServerBusy', '\uFEFF')],
])('what %s answers with %i in passing is tried again in the same session: %s', async (storage, status, body) => {
  const { result, puts, sessions } = await play({ storage }, (imgix) =>
    imgix.fault({
      on: { method: 'PUT' },
      do: { answer: { status, headers: { 'content-type': 'application/xml' }, body } },
    }),
  )
  expect([result, puts, sessions]).toEqual(['done', [status, storage === 'azure' ? 201 : 200], ['CLOSED']])
})

test('each has its limits', async () => {
  const answerTo = async (storage: StorageName, bytes: number): Promise<string> => {
    const imgix = await emulate({ storage })
    const { url } = await apiOf(imgix).sessions.open({ sourceId: imgix.sourceId, originPath: 'a.png' })
    const { request } = await import('node:http')
    return new Promise((resolve, reject) => {
      const headers = { 'content-length': bytes, expect: '100-continue', 'x-ms-blob-type': 'BlockBlob' }
      const put = request(url, { method: 'PUT', headers }, (response) => {
        resolve(String(response.statusCode))
        put.destroy()
      })
      put.on('continue', () => {
        resolve('continue')
        put.destroy()
      })
      put.on('error', reject).flushHeaders()
    })
  }
  const [gib, mib] = [1024 ** 3, 1024 ** 2]
  const asked: [StorageName, number][] = [
    ['s3', 5 * gib],
    ['s3', 5 * gib + 1],
    ['r2', 5 * gib - 5 * mib],
    ['r2', 5 * gib],
    ['azure', 5000 * mib],
    ['azure', 5 * gib],
  ]
  const answers = await Promise.all(asked.map(([storage, bytes]) => answerTo(storage, bytes)))
  expect(answers).toEqual(['continue', '400', 'continue', '400', 'continue', '413'])
})
