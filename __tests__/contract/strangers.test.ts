import { describe, expect, test } from 'vitest'
import type { EmulatorOptions, Fault } from '../../emulator/server.ts'
import { explain } from '../../src/report/explain.ts'
import { emulate } from '../helpers/emulator.ts'
import { waitShortly } from '../helpers/short-waits.ts'
import { apiOf, carryOut, errorOf, uploadPlan } from '../helpers/sync.ts'

waitShortly()

const page = '<!DOCTYPE html><html><body>Blocked by policy 7</body></html>'
const pageOf = (status: number): Fault['do'] => ({
  answer: { status, headers: { 'content-type': 'text/html' }, body: page },
})
const always = Number.POSITIVE_INFINITY

/** Uploads `a`, which the Source holds already, and purges it. */
async function play(
  fault: Fault,
  { routes = ['direct'] as ('direct' | 'session')[], old = 'old bytes', ...options }: Options = {},
) {
  const imgix = await emulate(options)
  imgix.put('a', old)
  const asset = imgix.assets.get('a')
  if (asset !== undefined) asset.dateModified -= 86_400
  imgix.fault({ times: always, ...fault })
  const { uploads, purges, stoppedBy } = await carryOut(
    uploadPlan({ a: 'new' }, routes),
    apiOf(imgix, { maxAttempts: 2 }),
  )
  const outcomes = [uploads.a, ...Object.values(purges)]
  return {
    results: outcomes.map((outcome) => outcome?.result),
    errors: outcomes.map(errorOf).flatMap((error) => (error === undefined ? [] : [explain(error)])),
    body: String(imgix.objects.get('a')?.body),
    sessions: [...imgix.sessions.values()].map(({ status }) => status),
    purged: imgix.purges.length,
    stoppedBy,
  }
}
type Options = EmulatorOptions & { routes?: ('direct' | 'session')[]; old?: string }

const said = (status: number): string =>
  `something between imgix and the runner answered ${status} text/html; run the job again`

describe('the status of a page has no meaning', () => {
  test('409 on a purge: the URL is not purged', async () => {
    const { results, errors } = await play({ on: { path: /purge/ }, do: pageOf(409) })
    expect([results, errors]).toEqual([['done', 'failed'], [expect.stringContaining(said(409))]])
  })

  test('409 on an upload: nothing is said of what the path holds', async () => {
    const { results, errors, body } = await play({ on: { path: /upload/ }, do: pageOf(409) })
    expect([results, errors, body]).toEqual([['failed', 'not-done'], [expect.stringContaining(said(409))], 'old bytes'])
  })

  test.each([401, 403])('%i on an upload: nothing is said of the key, and the other files go on', async (status) => {
    const { errors, stoppedBy } = await play({ on: { path: /upload/ }, do: pageOf(status) })
    expect([errors, stoppedBy]).toEqual([[expect.stringContaining(said(status))], undefined])
    expect(errors[0]).not.toContain('api-key')
  })

  test.each([400, 422, 451])('%i on an upload: nothing is said of the file', async (status) => {
    const { errors } = await play({ on: { path: /upload/ }, do: pageOf(status) })
    expect(errors).toEqual([expect.stringContaining(said(status))])
  })

  test.each([400, 410])('%i on a PUT: nothing is said of the bucket', async (status) => {
    const { errors } = await play({ on: { method: 'PUT' }, do: pageOf(status) }, { routes: ['session'] })
    expect(errors).toEqual([
      expect.stringContaining(`something between the storage and the runner answered ${status} text/html`),
    ])
  })

  test('413: a file that is too large for somebody between is too large', async () => {
    const { errors } = await play({ on: { path: /upload/ }, do: pageOf(413) })
    expect(errors).toEqual([expect.stringContaining('make the file smaller')])
  })

  test('ten in a row end the run: something refuses all of it', async () => {
    const imgix = await emulate()
    imgix.fault({ on: { path: /upload/ }, times: always, do: pageOf(403) })
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index}`, 'x']))
    const { uploads, stoppedBy } = await carryOut(uploadPlan(files, ['direct']), apiOf(imgix))
    const results = Object.values(uploads).map(({ result }) => result)
    expect(stoppedBy?.message).toContain('answered 403 text/html')
    const posts = imgix.requests.filter(({ method }) => method === 'POST')
    expect([posts.length, results.filter((result) => result === 'failed').length]).toEqual([10, 10])
  })

  test('404 for every form of a route', async () => {
    const { results, errors } = await play({ on: { path: /sessions/ }, do: pageOf(404) }, { routes: ['session'] })
    expect([results[0], errors[0]]).toEqual(['failed', expect.stringContaining(said(404))])
  })

  test('404 for a form of a route that the server does not know', async () => {
    const { results } = await play({ on: { path: /sessions\/create/ }, do: pageOf(404) }, { routes: ['session'] })
    expect(results).toEqual(['done', 'done'])
  })
})

describe('a PUT is stored only when the storage said so', () => {
  const onPut = { method: 'PUT' }
  const failed = ['failed', 'not-done']

  test.each([200, 202])('a page with %i: no session is closed, and nothing purged', async (status) => {
    const { results, errors, body, sessions, purged } = await play(
      { on: onPut, do: pageOf(status) },
      { routes: ['session'] },
    )
    expect([results, body, sessions, purged]).toEqual([failed, 'old bytes', ['CANCELED'], 0])
    expect(errors[0]).toMatch(
      /^not uploaded: something between the storage and the runner answered 20[02] text\/html; .*\(2 tries\)$/,
    )
  })

  test('a page once: the bytes are sent again', async () => {
    const { results, body } = await play({ on: onPut, do: pageOf(200), times: 1 }, { routes: ['session'] })
    expect([results, body]).toEqual([['done', 'done'], 'new'])
  })

  test('a page, where the upload endpoint is there as well', async () => {
    const { results, body } = await play({ on: onPut, do: pageOf(200) }, { routes: ['session', 'direct'] })
    expect([results, body]).toEqual([['done', 'done'], 'new'])
  })

  const nothing = { status: 200, headers: {}, body: '' }

  test('an answer that can be anybody’s, and the asset keeps its size: the file fails', async () => {
    const { results, errors, purged } = await play({ on: onPut, do: { answer: nothing } }, { routes: ['session'] })
    expect([results, purged]).toEqual([failed, 0])
    expect(errors[0]).toContain(
      'the answer (200 without a document, and no ETag) does not say that the file is stored, and imgix has no asset of its 3 bytes at the path',
    )
  })

  test('an answer that can be anybody’s, and an older asset has the size: the file fails', async () => {
    const settings = { routes: ['session'] as 'session'[], old: 'bad' }
    const { results, errors, body, purged } = await play({ on: onPut, do: { answer: nothing } }, settings)
    expect([results, body, purged]).toEqual([failed, 'bad', 0])
    expect(errors[0]).toContain('and the older asset of its 3 bytes at the path did not change; run the job again')
  })

  test('such an answer, and the asset of the size is modified: it is stored', async () => {
    const settings = { routes: ['session'] as 'session'[], old: 'bad' }
    const { results, body } = await play(
      { on: onPut, do: { answerBody: { body: '', headers: { etag: '' } } } },
      settings,
    )
    expect([results, body]).toEqual([['done', 'done'], 'new'])
  })

  test('the same, where the upload endpoint is there as well: the bytes are sent there', async () => {
    const settings = { routes: ['session', 'direct'] as ('direct' | 'session')[], old: 'bad' }
    const { results, body, purged } = await play({ on: onPut, do: { answer: nothing } }, settings)
    expect([results, body, purged]).toEqual([['done', 'done'], 'new', 1])
  })

  test('an answer that can be anybody’s, and the asset has the size: it is stored', async () => {
    const own = { body: '', headers: { etag: '' } }
    const { results, body } = await play({ on: onPut, do: { answerBody: own } }, { routes: ['session'] })
    expect([results, body]).toEqual([['done', 'done'], 'new'])
  })
})
