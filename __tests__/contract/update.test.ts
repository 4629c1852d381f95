import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Emulator } from '../../emulator/server.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { NO_ATTRIBUTES } from '../../src/metadata.ts'
import type { Plan, UpdateStep, UploadStep } from '../../src/plan.ts'
import type { SyncSettings, UpdateOutcome } from '../../src/sync.ts'
import { emulate } from '../helpers/emulator.ts'
import { listen } from '../helpers/server.ts'
import { apiOf, carryOut, uploadPlan } from '../helpers/sync.ts'

const record = (content: string): string => `sha256:${createHash('sha256').update(content).digest('hex')}`
const NAMED = { ...NO_ATTRIBUTES, name: 'A' }
const FULL = { record: 'always' } as const

/** Carries out the uploads of files, and updates, and says which requests about assets that took. */
async function play(
  imgix: Emulator,
  files: Record<string, string>,
  {
    step = {},
    updates = [],
    settings = {},
    lanes = ['direct'],
  }: {
    step?: Partial<UploadStep>
    updates?: UpdateStep[]
    settings?: Partial<SyncSettings>
    lanes?: ('direct' | 'session')[]
  } = {},
) {
  const plan: Plan = { ...uploadPlan(files, lanes), updates }
  const outcomes: UpdateOutcome[] = []
  const { uploads, stoppedBy } = await carryOut(
    { ...plan, purges: [], uploads: plan.uploads.map((one) => ({ ...one, ...step })) },
    apiOf(imgix),
    { onUpdate: (outcome) => void outcomes.push(outcome), ...settings },
  )
  const results = outcomes.map(({ step: { path }, result }) => `${result} ${path}`)
  return { uploads, stoppedBy, outcomes, results, calls: callsOf(imgix) }
}

function callsOf(imgix: Emulator): string[] {
  return imgix.transcript.map((line) =>
    line
      .replace(/\/api\/v1\/sources\/\w+/, '')
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4,12}){4}/, 'ID')
      .replace(/\?overwrite=true/, ''),
  )
}

const fieldsOf = (imgix: Emulator, path: string): unknown => imgix.assets.get(path)?.updatable.custom_fields
function seed(imgix: Emulator, path: string, content: string, customFields: unknown): void {
  imgix.put(path, content)
  Object.assign(imgix.assets.get(path)?.updatable ?? {}, {
    custom_fields: customFields,
    categories: ['Old'],
    tags: { Dog: 0.5 },
  })
}

describe('the record', () => {
  test('of new bytes: one PATCH, merged from the answer of the upload', async () => {
    const imgix = await emulate()
    const { results, calls } = await play(imgix, { 'a b.png': 'abc' }, { step: FULL })
    expect([results, calls]).toEqual([
      ['updated a b.png'],
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
    expect([results, calls.length]).toEqual([['updated a.png'], 3])
    expect(fieldsOf(imgix, 'a.png')).toEqual({ ...customFields, 'imgix-sync': record('abc') })
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
        { step: { ...FULL, hasRecord: true }, settings: { onConflict } },
      )
      expect([calls, results]).toEqual([['POST /upload/a.png -> 409'], []])
      expect(fieldsOf(imgix, 'a.png')).toEqual({ 'imgix-sync': record('old') })
    },
  )

  test('of bytes that nobody saw is none', async () => {
    const imgix = await emulate()
    imgix.fault({ on: { path: /\/upload\// }, do: { loseAnswer: true } })
    imgix.fault({ on: { path: /\/upload\// }, do: { answer: { status: 409 } } })
    const api = apiOf(imgix, { maxAttempts: 2 })
    const plan = uploadPlan({ 'a.png': 'abc' })
    const uploads = plan.uploads.map((step) => ({ ...step, ...FULL }))
    await carryOut({ ...plan, uploads, purges: [] }, api, { onConflict: 'skip' })
    expect(fieldsOf(imgix, 'a.png')).toEqual({ 'imgix-sync': 'uploading' })
  })
})

describe('in mode changed', () => {
  test.each([
    ['none: no further request', null, ['POST /upload/a.png -> 200'], null],
    [
      'one: it is renewed',
      { x: 'y', 'imgix-sync': record('old') },
      ['POST /upload/a.png -> 200', 'PATCH /assets/a.png -> 200'],
      { x: 'y', 'imgix-sync': record('abc') },
    ],
  ])('an asset with a record of %s', async (_, customFields, expected, fields) => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', customFields)
    const { calls } = await play(imgix, { 'a.png': 'abc' }, { step: { change: 'modified' } })
    expect([calls, fieldsOf(imgix, 'a.png')]).toEqual([expected, fields])
  })

  test('a session tells nothing of its asset, and no request is made to know: an older record is of other bytes', async () => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { 'imgix-sync': record('old') })
    const { results, calls } = await play(
      imgix,
      { 'a.png': 'abc' },
      { step: { change: 'modified' }, lanes: ['session'] },
    )
    expect([results, calls.filter((line) => line.includes('/assets/'))]).toEqual([[], []])
    expect(fieldsOf(imgix, 'a.png')).toEqual({ 'imgix-sync': record('old') })
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
  const plan = uploadPlan({ 'a.png': 'abc' })
  await carryOut({ ...plan, purges: [], uploads: plan.uploads.map((one) => ({ ...one, ...FULL })) }, apiOf(imgix))
  const sent = api.seen.find(({ request }) => request.startsWith('PATCH'))?.body.toString()
  expect(sent).toContain(`"custom_fields":{${fields.slice(1, -1).replace('1.50', '1.5')},"imgix-sync":"sha256:`)
})

describe('attributes', () => {
  test('and record: one PATCH', async () => {
    const imgix = await emulate()
    const { calls } = await play(imgix, { 'a.png': 'abc' }, { step: { ...FULL, attributes: NAMED } })
    expect(calls).toEqual(['POST /upload/a.png -> 200', 'PATCH /assets/a.png -> 200'])
    expect(imgix.assets.get('a.png')?.updatable).toMatchObject({
      name: 'A',
      custom_fields: { 'imgix-sync': record('abc') },
    })
  })

  const update: UpdateStep = { path: 'p/a.png', originPath: 'a.png', attributes: NAMED }

  test('of an asset whose bytes stay: a look, and a PATCH where it differs', async () => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { 'imgix-sync': record('old') })
    const first = await play(imgix, {}, { updates: [update] })
    expect([first.results, first.calls]).toEqual([
      ['updated p/a.png'],
      ['GET /assets/a.png -> 200', 'PATCH /assets/a.png -> 200'],
    ])
    const second = await play(imgix, {}, { updates: [update] })
    expect([second.results, second.calls.slice(2)]).toEqual([['same p/a.png'], ['GET /assets/a.png -> 200']])
    expect(fieldsOf(imgix, 'a.png')).toEqual({ 'imgix-sync': record('old') })
  })

  test('of an asset that the Source does not have: at once, and with a remedy', async () => {
    const { outcomes, calls } = await play(await emulate(), {}, { updates: [update] })
    expect(outcomes[0]?.error).toBeInstanceOf(ImgixError)
    expect(outcomes[0]?.error?.message).toMatch(
      /404 the Source has no such asset: a run in mode all uploads what it lacks/,
    )
    expect(calls).toEqual(['GET /assets/a.png -> 404'])
  })

  test('an answer without the fields to merge into changes nothing', async () => {
    const imgix = await emulate()
    imgix.put('a.png', 'x')
    imgix.fault({ on: { method: 'GET' }, do: { answerBody: { body: '{"data":{"attributes":{}}}' } } })
    const { outcomes, calls } = await play(
      imgix,
      {},
      { updates: [{ ...update, attributes: { ...NO_ATTRIBUTES, categories: ['x'] } }] },
    )
    expect(outcomes[0]?.error?.message).toMatch(
      /imgix's answer has no categories that could be kept, so nothing was changed/,
    )
    expect(calls).toEqual(['GET /assets/a.png -> 200'])
  })
})

describe('an asset that comes late', () => {
  const late = (imgix: Emulator, times: number): void =>
    imgix.fault({ on: { method: 'GET', path: /\/assets\// }, times, do: { answer: { status: 404 } } })

  test('is looked for again', async () => {
    const imgix = await emulate()
    late(imgix, 1)
    const { results, calls } = await play(imgix, { 'a.png': 'abc' }, { step: FULL, lanes: ['session'] })
    expect(results).toEqual(['updated a.png'])
    expect(calls.slice(-3)).toEqual([
      'GET /assets/a.png -> 404',
      'GET /assets/a.png -> 200',
      'PATCH /assets/a.png -> 200',
    ])
  })

  test('is not waited for after a cancellation', async () => {
    const imgix = await emulate()
    late(imgix, 9)
    const cancel = new AbortController()
    const { results, calls, uploads } = await play(
      imgix,
      { 'a.png': 'abc' },
      {
        ...{ step: FULL, lanes: ['session'] },
        settings: {
          signal: cancel.signal,
          onUpload: () => void setTimeout(() => cancel.abort(new Error('cancelled')), 100),
        },
      },
    )
    expect([uploads['a.png']?.result, results]).toEqual(['uploaded', ['planned a.png']])
    expect(calls.filter((line) => line.startsWith('GET'))).toEqual(['GET /assets/a.png -> 404'])
  })
})

describe('a refusal', () => {
  const files = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`${at}.png`, 'x']))

  test.each(['GET', 'PATCH'])('of a record (%s) stands for all, and no upload suffers', async (method) => {
    const imgix = await emulate()
    imgix.fault({ on: { method, path: /\/assets\// }, times: Infinity, do: { answer: { status: 403 } } })
    const { uploads, stoppedBy, outcomes, calls } = await play(imgix, files, {
      step: FULL,
      lanes: method === 'GET' ? ['session'] : ['direct'],
    })
    expect([stoppedBy, Object.values(uploads).filter(({ result }) => result === 'uploaded').length]).toEqual([
      undefined,
      60,
    ])
    expect(outcomes.map(({ result }) => result)).toEqual(Array(60).fill('failed'))
    expect(calls.filter((line) => line.startsWith(`${method} /assets`)).length).toBeLessThan(5)
  })

  test('of attributes ends the run', async () => {
    const imgix = await emulate()
    imgix.fault({ on: { method: 'PATCH' }, times: Infinity, do: { answer: { status: 403 } } })
    const { stoppedBy, calls } = await play(imgix, files, { step: { attributes: NAMED } })
    expect(stoppedBy).toMatchObject({ status: 403, permission: 'Asset Manager Edit' })
    expect(calls.filter((line) => line.startsWith('PATCH')).length).toBeLessThan(5)
  })
})
