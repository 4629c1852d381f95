import { describe, expect, test } from 'vitest'
import type { Emulator } from '../../emulator/server.ts'
import type { UpdateStep } from '../../src/events.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import { emulate } from '../helpers/emulator.ts'
import { errorOf } from '../helpers/sync.ts'
import { FULL, fieldsOf, NAMED, play, record, seed } from '../helpers/updates.ts'

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

  const update: UpdateStep = { kind: 'update', path: 'p/a.png', originPath: 'a.png', attributes: NAMED }

  test('of an asset whose bytes stay: a look, and a PATCH where it differs', async () => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { 'imgix-sync': record('old') })
    const first = await play(imgix, {}, { updates: [update] })
    expect([first.results, first.calls]).toEqual([
      ['done p/a.png'],
      ['GET /assets/a.png -> 200', 'PATCH /assets/a.png -> 200'],
    ])
    const second = await play(imgix, {}, { updates: [update] })
    expect([second.results, second.calls.slice(2)]).toEqual([['skipped p/a.png'], ['GET /assets/a.png -> 200']])
    expect(fieldsOf(imgix, 'a.png')).toEqual({ 'imgix-sync': record('old') })
  })

  test('of an asset that the Source does not have: at once, and with a remedy', async () => {
    const { updates, calls } = await play(await emulate(), {}, { updates: [update] })
    expect(errorOf(updates[0])).toBeInstanceOf(ImgixError)
    expect(errorOf(updates[0])).toMatchObject({
      message: expect.stringMatching(/404 the Source has no such asset$/),
      remedy: 'run once with mode: all, which uploads what the Source lacks',
    })
    expect(calls).toEqual(['GET /assets/a.png -> 404'])
  })

  test('an answer without the fields to merge into changes nothing', async () => {
    const imgix = await emulate()
    imgix.put('a.png', 'x')
    imgix.fault({ on: { method: 'GET' }, do: { answerBody: { body: '{"data":{"attributes":{}}}' } } })
    const { updates, calls } = await play(
      imgix,
      {},
      { updates: [{ ...update, attributes: { ...NO_ATTRIBUTES, categories: ['x'] } }] },
    )
    expect(errorOf(updates[0])?.message).toMatch(
      /imgix's answer has no categories that could be kept, so nothing was changed/,
    )
    expect(calls).toEqual(['GET /assets/a.png -> 200'])
  })
})

describe("what an upload's answer leaves out", () => {
  const wanted = { ...NO_ATTRIBUTES, categories: ['new'], customFields: { dep: 'shop' } }
  const step = { attributes: wanted, hasFields: undefined }
  const merged = { categories: ['Old', 'new'], custom_fields: { x: 'y', dep: 'shop' } }
  const lookedAt = 'GET /assets/a.png -> 200'
  const answer = (imgix: Emulator, attributes: Record<string, unknown>): void => {
    const body = JSON.stringify({ data: { attributes: { origin_path: '/a.png', ...attributes }, type: 'assets' } })
    imgix.fault({ on: { path: /\/upload\// }, do: { answerBody: { body } } })
  }

  test.each([
    ['a list', { custom_fields: { x: 'y' } }],
    ['a list, which is empty', { custom_fields: { x: 'y' }, categories: [] }],
    ['an object, which is null', { custom_fields: null, categories: ['Old'] }],
    ['both', { custom_fields: {}, categories: null }],
  ])('is looked up: %s', async (_, attributes) => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { x: 'y' })
    answer(imgix, attributes)
    const { results, calls } = await play(imgix, { 'a.png': 'abc' }, { step })
    expect([results, calls.includes(lookedAt)]).toEqual([['done a.png'], true])
    expect(imgix.assets.get('a.png')?.updatable).toMatchObject(merged)
  })

  test.each([
    ['shows it all', {}, { custom_fields: { x: 'y' }, categories: ['Old'] }],
    ['shows nothing of what is known to have nothing', { hasFields: false }, { custom_fields: null, categories: [] }],
    [
      'shows nothing of what is not merged into',
      { attributes: NAMED },
      { custom_fields: null, categories: null, name: null },
    ],
  ])('is not asked for where the answer %s', async (_, more, attributes) => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { x: 'y' })
    answer(imgix, attributes)
    const { calls } = await play(imgix, { 'a.png': 'abc' }, { step: { ...step, ...more } })
    expect(calls).toEqual(['POST /upload/a.png -> 200', 'PATCH /assets/a.png -> 200'])
  })

  test('is looked up, too, where the asset was seen to have something before its upload', async () => {
    const imgix = await emulate()
    seed(imgix, 'a.png', 'old', { x: 'y' })
    answer(imgix, { custom_fields: null, categories: null })
    const { calls } = await play(imgix, { 'a.png': 'abc' }, { step: { ...step, hasRecord: true } })
    expect(calls.filter((line) => line === lookedAt)).toHaveLength(2)
    expect(imgix.assets.get('a.png')?.updatable).toMatchObject(merged)
  })

  test('is nothing where nothing may be replaced', async () => {
    const imgix = await emulate()
    const { calls } = await play(imgix, { 'a.png': 'abc' }, { step, settings: { conflictPolicy: 'skip' } })
    expect(calls).toEqual(['GET /assets/a.png -> 404', 'POST /upload/a.png -> 200', 'PATCH /assets/a.png -> 200'])
  })

  test('can not be looked up by a key that may not look: the answer has to do', async () => {
    const imgix = await emulate()
    imgix.fault({ on: { method: 'GET' }, times: Infinity, do: { answer: { status: 403 } } })
    const { results } = await play(imgix, { 'a.png': 'abc' }, { step: { ...step, hasRecord: undefined } })
    expect(results).toEqual(['done a.png'])
    expect(imgix.assets.get('a.png')?.updatable).toMatchObject({ categories: ['new'], custom_fields: { dep: 'shop' } })
  })
})

describe('an asset that comes late', () => {
  const late = (imgix: Emulator, times: number): void =>
    imgix.fault({ on: { method: 'GET', path: /\/assets\// }, times, do: { answer: { status: 404 } } })

  test('is looked for again', async () => {
    const imgix = await emulate()
    late(imgix, 1)
    const { results, calls } = await play(imgix, { 'a.png': 'abc' }, { step: FULL, routes: ['session'] })
    expect(results).toEqual(['done a.png'])
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
    const settings = { stop: { soft: cancel.signal, hard: new AbortController().signal } }
    const ending = play(imgix, { 'a.png': 'abc' }, { step: FULL, routes: ['session'], settings })
    await expect.poll(() => imgix.transcript.at(-1)).toMatch(/^GET .* -> 404$/)
    cancel.abort(new Error('cancelled'))
    const { results, calls, uploads } = await ending
    expect([uploads['a.png']?.result, results]).toEqual(['done', ['not-done a.png']])
    expect(calls.filter((line) => line.startsWith('GET'))).toEqual(['GET /assets/a.png -> 404'])
  })
})

describe('a refusal', () => {
  const files = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`${at}.png`, 'x']))

  test.each(['GET', 'PATCH'])('of a record (%s) stands for all, and no upload suffers', async (method) => {
    const imgix = await emulate()
    imgix.fault({ on: { method, path: /\/assets\// }, times: Infinity, do: { answer: { status: 403 } } })
    const { uploads, stoppedBy, updates, calls } = await play(imgix, files, {
      step: FULL,
      routes: method === 'GET' ? ['session'] : ['direct'],
    })
    expect([stoppedBy, Object.values(uploads).filter(({ result }) => result === 'done').length]).toEqual([
      undefined,
      60,
    ])
    expect(updates.map(({ result }) => result)).toEqual(Array(60).fill('failed'))
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
