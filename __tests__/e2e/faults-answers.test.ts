import { describe, expect, test } from 'vitest'
import type { Fault } from '../../emulator/server.ts'
import {
  began,
  cancelled,
  closed,
  gotSource,
  opened,
  purged,
  put,
  scenario,
  uploaded,
  url,
} from '../helpers/scenario.ts'

const bySession = { 'session-threshold': '1B' }
const stored = [`purged ${url('a.png')}`, 'uploaded a.png']
const asset = JSON.stringify({ data: { type: 'assets', id: 'SRC/a.png', attributes: { origin_path: '/a.png' } } })
/** A message about an answer that can't be used. */
const unusable = (what: string, said: string): string =>
  `${what}: imgix's answer can't be used; run the job again; if it stays, check api-url and the proxy, or tell imgix's support (200 ${said}, 2 tries)`
const source = "the Source can't be read"
const noSource = unusable(source, 'with an answer that is no Source')
const another = unusable(source, 'with an object of type assets instead of sources')
const file = 'a.png: not uploaded'
const failed = '1 of 1 file failed'
const noSession = unusable(file, 'with an answer that is no upload session')
const noUpload = unusable(file, 'with an object of type assets instead of asset_uploads')
const other = JSON.stringify({ data: { type: 'assets', id: 'SRC/b.png', attributes: { origin_path: '/b.png' } } })
const notStored = unusable(file, 'with another asset, /b.png')

describe('a 200 that is not what was asked for', () => {
  test.each([
    ['the Source, nothing', { method: 'GET' }, '', [noSource], [gotSource, gotSource]],
    ['the Source, an asset', { method: 'GET' }, asset, [another], [gotSource, gotSource]],
    ['an opening, nothing', { path: /create/ }, '', [noSession, failed], [...began, opened('a.png'), opened('a.png')]],
    [
      'an opening, an asset',
      { path: /create/ },
      asset,
      [noUpload, failed],
      [...began, opened('a.png'), opened('a.png')],
    ],
  ] satisfies [string, Fault['on'], string, string[], string[]][])('%s, twice', async (_, on, body, errors, lines) => {
    const { push, imgix, asked, intact } = await scenario()
    imgix.fault({ on, times: 2, do: { answerBody: { body } } })
    const run = await push({ 'a.png': 'a picture' }, { ...bySession, 'max-attempts': '2' })
    expect([run.code, run.errors, asked(), intact()]).toEqual([1, errors, lines, []])
  })

  test('an upload, another asset: sent again, and fails where it goes on', async () => {
    for (const times of [1, 2]) {
      const { push, imgix, asked } = await scenario()
      imgix.fault({ on: { path: /\/upload\// }, times, do: { answerBody: { body: other } } })
      const run = await push({ 'a.png': 'a picture' }, { 'max-attempts': '2' })
      const tries = [...began, uploaded('a.png'), uploaded('a.png')]
      const left = ['failed a.png', `planned ${url('a.png')}`]
      expect([run.code, run.errors, run.results, asked()]).toEqual(
        times === 1 ? [0, [], stored, [...tries, purged]] : [1, [notStored, failed], left, tries],
      )
    }
  })

  test.each([
    ['an upload', { path: /\/upload\// }, {}, [uploaded('a.png')]],
    ['a close', { path: /close/ }, bySession, [opened('a.png'), put('a.png'), closed()]],
    ['a purge', { path: '/api/v1/purge' }, {}, [uploaded('a.png')]],
  ])('%s whose answer is empty is done', async (_, on, inputs, lines) => {
    const { push, imgix, asked, intact } = await scenario()
    imgix.fault({ on, do: { answerBody: { body: '' } } })
    const run = await push({ 'a.png': 'a picture' }, inputs)
    expect([run.code, run.results, intact()]).toEqual([0, stored, ['a.png']])
    expect(asked()).toEqual([...began, ...lines, purged])
  })
})

describe('a session that somebody else cancels', () => {
  /** Cancels each session that is open when a request comes. */
  async function cancelAt(on: Fault['on'], times = 1) {
    const scene = await scenario({ inputs: bySession })
    const meanwhile = (): void => {
      for (const session of scene.imgix.sessions.values()) session.status = 'CANCELED'
    }
    scene.imgix.fault({ on, times, do: { meanwhile } })
    return { ...scene, run: await scene.push({ 'a.png': 'a picture' }) }
  }
  const lost = [opened('a.png'), put('a.png', 403), cancelled()]

  test('before its bytes are put: a new session', async () => {
    const { run, asked, intact } = await cancelAt({ method: 'PUT' })
    expect([run.code, run.errors, intact()]).toEqual([0, [], ['a.png']])
    expect(asked()).toEqual([...began, ...lost, opened('a.png'), put('a.png'), closed(), purged])
  })

  test('each time: the file fails', async () => {
    const { run, asked, intact } = await cancelAt({ method: 'PUT' }, 3)
    expect([run.code, asked(), intact()]).toEqual([1, [...began, ...lost, ...lost, ...lost], []])
    expect(run.errors).toEqual([
      "a.png: the storage refuses the upload; check the upload credentials of the Source, and the runner's clock (403 AccessDenied, 3 tries)",
      failed,
    ])
  })

  test('before it is closed: the file fails, and what the bucket has now is not purged', async () => {
    const { run, asked, intact } = await cancelAt({ path: /close/ })
    const looked = 'GET /api/v1/sources/SRC/upload-sessions/status/ID -> 200'
    expect([run.code, intact(), run.results]).toEqual([1, ['a.png'], ['failed a.png', `planned ${url('a.png')}`]])
    expect(asked()).toEqual([...began, opened('a.png'), put('a.png'), closed(409), looked, cancelled()])
    const said = 'a.png: not uploaded: the upload session was cancelled before it was closed (a.png); '
    expect(run.errors).toEqual([expect.stringContaining(said), failed])
  })
})

// A purge that takes longer than any first back-off, and shorter than Retry-After, tells the two apart; one that takes
// shorter than any back-off tells it from no wait at all.
describe("a Retry-After date is told by the server's clock", () => {
  const hour = 3_600_000
  const upload = { on: { path: /\/upload\// }, inputs: {}, lines: (status: number) => [uploaded('a.png', status)] }
  const storage = {
    on: { method: 'PUT' },
    inputs: bySession,
    lines: (status: number) => (status === 200 ? [put('a.png'), closed()] : [opened('a.png'), put('a.png', status)]),
  }

  test.each([
    ['an hour ahead', upload, { clockMs: hour, waitMs: 2000, purgeMs: 1300 }],
    ['an hour behind', upload, { clockMs: -hour, waitMs: 2000, purgeMs: 1300 }],
    ['an hour ahead, of the storage', storage, { clockMs: hour, waitMs: 2000, purgeMs: 1300 }],
    ['an hour behind, of the storage', storage, { clockMs: -hour, waitMs: 2000, purgeMs: 1300 }],
    ['right, and the date is over', upload, { clockMs: 0, waitMs: -hour, purgeMs: 250 }],
    ['an hour ahead, and the date is over', upload, { clockMs: hour, waitMs: -1000, purgeMs: 250 }],
  ])('%s', async (_, { on, inputs, lines }, { clockMs, waitMs, purgeMs }) => {
    const { push, imgix, asked, intact } = await scenario({ files: { 'old.png': 'old' } })
    const at = Date.now() + clockMs
    const headers = { date: new Date(at).toUTCString(), 'retry-after': new Date(at + waitMs).toUTCString() }
    imgix.fault({ on: { path: '/api/v1/purge' }, do: { delayMs: purgeMs } })
    imgix.fault({ on, do: { answer: { status: 503, headers } } })
    const run = await push({ 'a.png': 'a picture', 'old.png': null }, inputs)
    expect([run.code, run.errors, intact()]).toEqual([0, [], ['a.png']])
    expect(asked()).toEqual([...began, ...lines(503), purged, ...lines(200), purged])
  })
})
