import { describe, expect, test } from 'vitest'
import type { Emulator } from '../../emulator/server.ts'
import type { Plan } from '../../src/events.ts'
import { createInvalidateRecord } from '../../src/sync/record.ts'
import { emulate } from '../helpers/emulator.ts'
import { uploadStep } from '../helpers/plan.ts'
import { listen } from '../helpers/server.ts'
import { apiOf, carryOut, uploadPlan } from '../helpers/sync.ts'
import { FULL, fieldsOf, NAMED, play, record, seed } from '../helpers/updates.ts'

/** Uploads of a full sync, without purges. */
function unpurged({ files, ...plan }: Plan): Plan {
  return { ...plan, files: files.map(({ upload }) => ({ upload: { ...upload, ...FULL }, purges: [], calls: [] })) }
}

describe('the record', () => {
  test('of new bytes: one PATCH, merged from the answer of the upload', async () => {
    const imgix = await emulate()
    const { results, calls } = await play(imgix, { 'a b.png': 'abc' }, { step: FULL })
    expect([results, calls]).toEqual([
      ['done a b.png'],
      ['POST /upload/a%20b.png -> 200', 'PATCH /assets/a%20b.png -> 200'],
    ])
    expect(fieldsOf(imgix, 'a b.png')).toEqual({ 'imgix-sync': record('abc') })
  })

  test('beside what others set, which stays', async () => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { 'Dog name': 'Luke', n: 1.5 })
    await play(imgix, { 'a.png': 'abc' }, { step: FULL })
    expect(imgix.assets.get('a.png')?.updatable).toEqual({
      ...{ categories: ['Old'], tags: { Dog: 0.5 }, description: null, name: null },
      custom_fields: { 'Dog name': 'Luke', n: 1.5, 'imgix-sync': record('abc') },
    })
  })

  test('beside what the answer of the upload leaves out, where the list had custom fields', async () => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { 'Dog name': 'Luke' })
    const attributes = { origin_path: '/a.png', custom_fields: null, categories: [], tags: {} }
    const body = JSON.stringify({ data: { attributes, id: 'x', type: 'assets' } })
    imgix.fault({ on: { path: /\/upload\// }, do: { answerBody: { body } } })
    const { calls } = await play(imgix, { 'a.png': 'abc' }, { step: { ...FULL, hasFields: true } })
    expect(calls.slice(1)).toEqual(['GET /assets/a.png -> 200', 'PATCH /assets/a.png -> 200'])
    expect(fieldsOf(imgix, 'a.png')).toEqual({ 'Dog name': 'Luke', 'imgix-sync': record('abc') })
  })

  test('of other bytes is taken back before the first byte is sent', async () => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { x: 'y', 'imgix-sync': record('old') })
    imgix.fault({ on: { path: /\/upload\// }, do: { answer: { status: 400 } } })
    const { calls } = await play(imgix, { 'a.png': 'abc' }, { step: { ...FULL, hasRecord: true } })
    expect(calls).toEqual(['GET /assets/a.png -> 200', 'PATCH /assets/a.png -> 200', 'POST /upload/a.png -> 400'])
    expect(fieldsOf(imgix, 'a.png')).toEqual({ x: 'y', 'imgix-sync': 'uploading' })
  })

  test.each([
    ['the asset went meanwhile', undefined],
    ['the record went meanwhile', { x: 'y' }],
  ])('to take back, though %s', async (_, customFields) => {
    const imgix = await emulate()
    if (customFields !== undefined) seed(imgix, 'a.png', 'old', customFields)
    const { results, calls } = await play(imgix, { 'a.png': 'abc' }, { step: { ...FULL, hasRecord: true } })
    expect([results, calls.length]).toEqual([['done a.png'], 3])
    expect(fieldsOf(imgix, 'a.png')).toEqual({ ...customFields, 'imgix-sync': record('abc') })
  })

  test('of bytes waits for their purge, so that a run that dies between the two has left something to do', async () => {
    const imgix = await emulate()
    imgix.fault({ on: { path: /purge/ }, do: { delayMs: 50 } })
    const { calls } = await play(imgix, { 'a.png': 'abc' }, { step: FULL, isPurged: true })
    expect(calls).toEqual(['POST /upload/a.png -> 200', 'POST /api/v1/purge -> 200', 'PATCH /assets/a.png -> 200'])
  })

  test('of bytes whose purge failed is none; attributes are set all the same', async () => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { x: 'y', 'imgix-sync': record('abc') })
    imgix.fault({ on: { path: /purge/ }, do: { answer: { status: 400 } } })
    await play(imgix, { 'a.png': 'abc' }, { step: { ...FULL, attributes: NAMED }, isPurged: true })
    expect(imgix.assets.get('a.png')?.updatable).toMatchObject({
      name: 'A',
      custom_fields: { x: 'y', 'imgix-sync': 'uploading' },
    })
  })

  test('that can not be taken back keeps the file from being uploaded', async () => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { 'imgix-sync': record('old') })
    imgix.fault({ on: { method: 'PATCH' }, do: { answer: { status: 500 } } })
    const { uploads, calls } = await play(imgix, { 'a.png': 'abc' }, { step: { ...FULL, hasRecord: true } })
    expect(uploads['a.png']).toMatchObject({ result: 'failed', error: { status: 500 } })
    expect(calls).toEqual(['GET /assets/a.png -> 200', 'PATCH /assets/a.png -> 500'])
  })

  test.each(['skip', 'fail'] as const)(
    'stays where on-conflict is %s, since nothing is replaced',
    async (onConflict) => {
      const imgix = await emulate()
      seed(imgix, 'a.png', 'old', { 'imgix-sync': record('old') })
      const { calls, results } = await play(
        imgix,
        { 'a.png': 'abc' },
        { step: { ...FULL, hasRecord: true }, settings: { conflictPolicy: onConflict } },
      )
      expect([calls, results]).toEqual([['GET /assets/a.png -> 200', 'POST /upload/a.png -> 409'], []])
      expect(fieldsOf(imgix, 'a.png')).toEqual({ 'imgix-sync': record('old') })
    },
  )

  test('of bytes that nobody saw is none', async () => {
    const imgix = await emulate()
    imgix.fault({ on: { path: /\/upload\// }, do: { loseAnswer: true } })
    imgix.fault({ on: { path: /\/upload\// }, do: { answer: { status: 409 } } })
    const api = apiOf(imgix, { maxAttempts: 2 })
    await carryOut(unpurged(uploadPlan({ 'a.png': 'abc' })), api, { conflictPolicy: 'skip' })
    expect(fieldsOf(imgix, 'a.png')).toEqual({ 'imgix-sync': 'uploading' })
  })
})

describe('in mode changed', () => {
  const CHANGED = { change: 'modified', hasRecord: undefined, hasFields: undefined } as const
  const SOUGHT =
    'GET /assets?page[limit]=1&sort=date_created&fields[assets]=origin_path&filter[custom:imgix-sync]= -> 200'
  const [looked, stored, patched] = [
    'GET /assets/a.png -> 200',
    'POST /upload/a.png -> 200',
    'PATCH /assets/a.png -> 200',
  ] as const

  test.each([
    ['no asset has a record: none is looked at', null, null, [SOUGHT, stored], null],
    ['another asset has one', null, { 'imgix-sync': 'x' }, [SOUGHT, looked, stored], null],
    [
      'it has one: that is taken back, and renewed',
      { x: 'y', 'imgix-sync': record('old') },
      null,
      [SOUGHT, looked, patched, stored, patched],
      { x: 'y', 'imgix-sync': record('abc') },
    ],
    [
      'it has one that was taken back before',
      { 'imgix-sync': 'uploading' },
      null,
      [SOUGHT, looked, stored, patched],
      { 'imgix-sync': record('abc') },
    ],
  ])('%s', async (_, customFields, others, expected, fields) => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', customFields)
    seed(imgix, 'other.png', 'old', others)
    const { calls } = await play(imgix, { 'a.png': 'abc' }, { step: CHANGED })
    expect([calls, fieldsOf(imgix, 'a.png')]).toEqual([expected, fields])
  })

  test('it is asked once for all files, and a new file is looked at, too: its name may have been there before', async () => {
    const imgix = await emulate()
    seed(imgix, 'b.png', 'old', { 'imgix-sync': record('old') })
    const { calls } = await play(imgix, { 'a.png': 'abc', 'b.png': 'b' }, { step: { ...CHANGED, change: 'added' } })
    expect(calls.filter((line) => line.startsWith('GET')).sort()).toEqual(
      ['GET /assets/a.png -> 404', 'GET /assets/b.png -> 200', SOUGHT].sort(),
    )
  })

  test.each(['skip', 'fail'] as const)(
    'on-conflict %s replaces nothing, so no record is asked for',
    async (onConflict) => {
      const imgix = await emulate()
      const { calls } = await play(
        imgix,
        { 'a.png': 'abc' },
        { step: CHANGED, settings: { conflictPolicy: onConflict } },
      )
      expect(calls).toEqual(['GET /assets/a.png -> 404', stored])
    },
  )

  test('what an answer leaves out is looked up, so that the fields of others stay', async () => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { x: 'y', 'imgix-sync': record('old') })
    const attributes = { origin_path: '/a.png', custom_fields: null, categories: [], tags: {} }
    const body = JSON.stringify({ data: { attributes, id: 'x', type: 'assets' } })
    imgix.fault({ on: { path: /\/upload\// }, do: { answerBody: { body } } })
    await play(imgix, { 'a.png': 'abc' }, { step: CHANGED })
    expect(fieldsOf(imgix, 'a.png')).toEqual({ x: 'y', 'imgix-sync': record('abc') })
  })

  test('a session tells nothing of its asset: what was seen before it is renewed', async () => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { 'imgix-sync': record('old') })
    const { results } = await play(imgix, { 'a.png': 'abc' }, { step: CHANGED, routes: ['session'] })
    expect([results, fieldsOf(imgix, 'a.png')]).toEqual([['done a.png'], { 'imgix-sync': record('abc') }])
  })

  test.each([403, 404])(
    'a list that is answered with %i: the uploads go on, and a record that an answer shows is renewed',
    async (status) => {
      const imgix = await emulate()
      seed(imgix, 'a.png', 'old', { 'imgix-sync': record('old') })
      imgix.fault({ on: { method: 'GET' }, do: { answer: { status } } })
      const { calls, events } = await play(imgix, { 'a.png': 'abc' }, { step: CHANGED })
      expect([calls, events.filter(({ kind }) => kind === 'records-unknown')]).toEqual([
        [SOUGHT.replace('200', String(status)), stored, patched],
        [{ kind: 'records-unknown', because: expect.objectContaining({ name: 'ImgixError', status }) }],
      ])
      expect(fieldsOf(imgix, 'a.png')).toEqual({ 'imgix-sync': record('abc') })
    },
  )

  test.each([400, 500])('a list that fails with %i tells nothing: each asset is looked at', async (status) => {
    const imgix = await emulate()
    imgix.fault({ on: { method: 'GET' }, do: { answer: { status } } })
    const { calls } = await play(imgix, { 'a.png': 'abc' }, { step: CHANGED })
    expect(calls).toEqual([SOUGHT.replace('200', `${status}`), 'GET /assets/a.png -> 404', stored])
  })

  test('a list that is not answered in time holds no upload up: each asset is looked at', async () => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { 'imgix-sync': record('old') })
    imgix.fault({ on: { method: 'GET' }, do: { hang: true } })
    const emit = ({ kind }: { kind: string }): void => expect.unreachable(kind)
    const invalidate = createInvalidateRecord(apiOf(imgix), { conflictPolicy: 'overwrite', emit, seekMs: 50 })
    const { signal } = new AbortController()
    const step = uploadStep('a.png', CHANGED)
    expect(await invalidate(step, { soft: signal, hard: signal, patience: signal })).toEqual({
      hasFields: true,
      record: 'always',
      before: 'present',
    })
    expect(fieldsOf(imgix, 'a.png')).toEqual({ 'imgix-sync': 'uploading' })
  })

  test('a key that is none ends the run there', async () => {
    const imgix = await emulate()
    imgix.fault({ on: { method: 'GET' }, do: { answer: { status: 401 } } })
    const { stoppedBy, calls } = await play(imgix, { 'a.png': 'abc' }, { step: CHANGED })
    expect([stoppedBy, calls]).toEqual([expect.objectContaining({ status: 401 }), [SOUGHT.replace('200', '401')]])
  })

  test('an asset that can not be looked at keeps its file from being uploaded', async () => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { 'imgix-sync': record('old') })
    imgix.fault({ on: { path: /\/assets\/a/ }, do: { answer: { status: 500 } } })
    const { uploads, calls } = await play(imgix, { 'a.png': 'abc' }, { step: CHANGED })
    expect(uploads['a.png']).toMatchObject({ result: 'failed', error: { status: 500 } })
    expect(calls).toEqual([SOUGHT, 'GET /assets/a.png -> 500'])
  })
})

test('numbers of others that JavaScript can not hold are written back as they were', async () => {
  const fields =
    '{"big":12345678901234567890,"fine":0.1234567890123456789,"huge":1e400,"zero":-0,"plain":1.50,"n":null}'
  const attributes = `"origin_path":"/a.png","file_size":3,"categories":[],"custom_fields":${fields}`
  const api = await listen((seen, response) => {
    const answer = seen.request.startsWith('GET') ? `{"data":{"attributes":{${attributes}}}}` : '{"data":{}}'
    response.end(seen.request.startsWith('POST') ? '' : answer)
  })
  const imgix = { apiUrl: api.url, apiKey: 'ak', sourceId: 'SRC' } as Emulator
  await carryOut(unpurged(uploadPlan({ 'a.png': 'abc' })), apiOf(imgix))
  const sent = api.seen.find(({ request }) => request.startsWith('PATCH'))?.body.toString()
  expect(sent).toContain(`"custom_fields":{${fields.slice(1, -1).replace('1.50', '1.5')},"imgix-sync":"sha256:`)
})
