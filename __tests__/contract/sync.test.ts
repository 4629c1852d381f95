import { describe, expect, test } from 'vitest'
import type { RunEvent } from '../../src/events.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { emulate } from '../helpers/emulator.ts'
import { purgeStep } from '../helpers/plan.ts'
import { apiOf, cancelAfterUpload, carryOut, errorOf, resultsOf, uploadPlan, withUploads } from '../helpers/sync.ts'

test('an upload, then its purge', async () => {
  const imgix = await emulate()
  const outcomes = await carryOut(uploadPlan({ 'a b.png': 'bytes' }), apiOf(imgix))
  expect(imgix.transcript).toEqual([
    `POST /api/v1/sources/${imgix.sourceId}/upload/a%20b.png?overwrite=true -> 200`,
    'POST /api/v1/purge -> 200',
  ])
  expect(imgix.objects.get('a b.png')).toMatchObject({ bytes: 5, contentType: 'image/png' })
  expect(outcomes.uploads['a b.png']).toMatchObject({ result: 'done', route: 'direct', attempts: 1 })
  expect(outcomes.purges['https://assets-demo.imgix.net/a%20b.png']).toMatchObject({ result: 'done', attempts: 1 })
  expect(outcomes.stoppedBy).toBeUndefined()
})

test('one bad file does not stop the others, and is not purged', async () => {
  const imgix = await emulate()
  imgix.fault({ on: { path: /upload\/b/ }, do: { answer: { status: 400 } } })
  const outcomes = await carryOut(uploadPlan({ a: '1', b: '2', c: '3' }), apiOf(imgix))
  expect(resultsOf(outcomes)).toEqual({
    ...{ a: 'done', b: 'failed', c: 'done' },
    ...{ 'purge a': 'done', 'purge b': 'not-done', 'purge c': 'done' },
  })
  expect(outcomes.purges['https://assets-demo.imgix.net/b']).toMatchObject({ reason: 'its upload failed' })
  expect(errorOf(outcomes.uploads.b)).toBeInstanceOf(ImgixError)
  expect(outcomes.stoppedBy).toBeUndefined()
})

test('a purge that fails fails alone', async () => {
  const imgix = await emulate()
  imgix.fault({ on: { path: /purge/ }, do: { answer: { status: 400 } } })
  const outcomes = await carryOut(uploadPlan({ a: '1', b: '2' }), apiOf(imgix))
  expect(resultsOf(outcomes)).toEqual({ a: 'done', b: 'done', 'purge a': 'failed', 'purge b': 'done' })
})

test('deleted files are purged at once, URLs of the inputs after the uploads', async () => {
  const imgix = await emulate()
  const plan = uploadPlan({ a: '1' })
  const purges = [
    purgeStep('https://assets-demo.imgix.net/of-inputs'),
    purgeStep('https://assets-demo.imgix.net/deleted', { path: 'deleted' }),
  ]
  imgix.fault({ on: { path: /upload\/a/ }, do: { delayMs: 100 } })
  await carryOut({ ...plan, purges }, apiOf(imgix))
  expect(imgix.purges.map(({ url }) => url)).toEqual(
    ['deleted', 'a', 'of-inputs'].map((name) => `https://assets-demo.imgix.net/${name}`),
  )
})

test.each([
  ['401', { answer: { status: 401 } }],
  ['403', { answer: { status: 403 } }],
] as const)('an upload that is answered with %s stops the run', async (_, deed) => {
  const imgix = await emulate()
  imgix.fault({ on: { path: /upload\/b/ }, do: deed })
  const plan = uploadPlan({ a: '1', b: '2', c: '3' })
  const outcomes = await carryOut(
    { ...plan, purges: [purgeStep('https://assets-demo.imgix.net/of-inputs')] },
    apiOf(imgix, { maxAttempts: 3, sourceIsKnown: false }),
  )
  expect(outcomes.stoppedBy).toBeInstanceOf(ImgixError)
  expect(outcomes.stoppedBy).toBe(errorOf(outcomes.uploads.b))
  const results = resultsOf(outcomes)
  expect([results.a, results.b, results.c, results['purge b'], results['purge c'], results['purge of-inputs']]).toEqual(
    ['done', 'failed', 'not-done', 'not-done', 'not-done', 'not-done'],
  )
  expect(imgix.transcript.filter((line) => line.includes('upload/c'))).toEqual([])
})

test('a 404 of the first upload to a Source that nobody has seen stops the run', async () => {
  const imgix = await emulate()
  imgix.fault({ on: { path: /upload\/a/ }, do: { answer: { status: 404 } } })
  const outcomes = await carryOut(
    uploadPlan({ a: '1', b: '2' }),
    apiOf(imgix, { maxAttempts: 3, sourceIsKnown: false }),
  )
  expect(outcomes.stoppedBy).toBe(errorOf(outcomes.uploads.a))
  expect(resultsOf(outcomes)).toMatchObject({ a: 'failed', b: 'not-done' })
})

test("a 404 after a 2xx is one file's, though nobody has read the Source", async () => {
  const imgix = await emulate()
  imgix.fault({ on: { path: /upload\/b/ }, do: { answer: { status: 404 } } })
  const outcomes = await carryOut(
    uploadPlan({ a: '1', b: '2', c: '3' }),
    apiOf(imgix, { maxAttempts: 3, sourceIsKnown: false }),
  )
  expect(outcomes.stoppedBy).toBeUndefined()
  expect(resultsOf(outcomes)).toMatchObject({ a: 'done', b: 'failed', c: 'done' })
})

test('what is under way when the run is stopped may still be answered', async () => {
  const imgix = await emulate()
  imgix.fault({ on: { path: /upload\/a/ }, do: { delayMs: 150 } })
  imgix.fault({ on: { path: /upload\/b/ }, do: { answer: { status: 401 } } })
  const outcomes = await carryOut(uploadPlan({ a: '1', b: '2', c: '3' }), apiOf(imgix), { concurrency: 2 })
  expect(resultsOf(outcomes)).toEqual({
    ...{ a: 'done', b: 'failed', c: 'not-done' },
    ...{ 'purge a': 'not-done', 'purge b': 'not-done', 'purge c': 'not-done' },
  })
})

test("a 404 of one upload to a Source that imgix has shown is that file's", async () => {
  const imgix = await emulate()
  imgix.fault({ on: { path: /upload\/a/ }, do: { answer: { status: 404 } } })
  const outcomes = await carryOut(uploadPlan({ a: '1', b: '2' }), apiOf(imgix))
  expect(resultsOf(outcomes)).toEqual({ a: 'failed', b: 'done', 'purge a': 'not-done', 'purge b': 'done' })
  expect(outcomes.stoppedBy).toBeUndefined()
})

test('a cancellation: no more uploads, what is stored is purged', async () => {
  const imgix = await emulate()
  const { cancel, emit } = cancelAfterUpload()
  const stop = { soft: cancel.signal, hard: new AbortController().signal }
  const outcomes = await carryOut(uploadPlan({ a: '1', b: '2', c: '3' }), apiOf(imgix), { stop, emit })
  expect(resultsOf(outcomes)).toEqual({
    ...{ a: 'done', b: 'not-done', c: 'not-done' },
    ...{ 'purge a': 'done', 'purge b': 'not-done', 'purge c': 'not-done' },
  })
  expect(outcomes.uploads.b).toMatchObject({ reason: 'the run ended before it was done', attempts: 0 })
})

test('after the grace nothing goes on', async () => {
  const imgix = await emulate()
  const { cancel, emit } = cancelAfterUpload()
  const stop = { soft: cancel.signal, hard: cancel.signal }
  const outcomes = await carryOut(uploadPlan({ a: '1', b: '2' }), apiOf(imgix), { stop, emit })
  expect(resultsOf(outcomes)).toEqual({ a: 'done', b: 'not-done', 'purge a': 'not-done', 'purge b': 'not-done' })
  expect(imgix.purges).toEqual([])
})

test('a cancellation in the middle of a session cancels the session', async () => {
  const imgix = await emulate()
  const cancel = new AbortController()
  imgix.fault({ on: { method: 'PUT' }, do: { hang: true } })
  const ending = carryOut(uploadPlan({ a: '1' }, ['session']), apiOf(imgix), {
    stop: { soft: cancel.signal, hard: new AbortController().signal },
  })
  await expect.poll(() => imgix.transcript.at(-1)).toMatch(/^PUT .* -> hang$/)
  cancel.abort(new Error('the run was cancelled'))
  const outcomes = await ending
  expect(resultsOf(outcomes)).toEqual({ a: 'not-done', 'purge a': 'not-done' })
  expect([...imgix.sessions.values()].map(({ status }) => status)).toEqual(['CANCELED'])
})

test('a file that is gone fails alone', async () => {
  const imgix = await emulate()
  const plan = withUploads(uploadPlan({ a: '1', b: '2' }), (step) =>
    step.path === 'a' ? { ...step, absolutePath: '/nonexistent/a' } : step,
  )
  const outcomes = await carryOut(plan, apiOf(imgix, { maxAttempts: 3 }))
  expect(resultsOf(outcomes)).toEqual({ a: 'failed', b: 'done', 'purge a': 'not-done', 'purge b': 'done' })
  expect(errorOf(outcomes.uploads.a)?.message).toBe('the file is no longer in the work tree')
})

test('every step of a large plan has one outcome', async () => {
  const imgix = await emulate()
  const names = Array.from({ length: 60 }, (_, index) => `${index}.png`)
  imgix.fault({ on: { path: /upload\/\d*7\.png/ }, times: 6, do: { answer: { status: 422 } } })
  const outcomes = await carryOut(uploadPlan(Object.fromEntries(names.map((name) => [name, name]))), apiOf(imgix), {
    concurrency: 8,
  })
  const expected = names.flatMap((name) => {
    const bad = name.endsWith('7.png')
    return [
      [name, bad ? 'failed' : 'done'],
      [`purge ${name}`, bad ? 'not-done' : 'done'],
    ]
  })
  expect(resultsOf(outcomes)).toEqual(Object.fromEntries(expected))
})

describe('what runs while what else does', () => {
  const urlOf = (name: string): string => `https://assets-demo.imgix.net/${name}`
  const hung = { do: { hang: true } } as const

  test('a place is held for the transfer only: uploads go on while a purge is not answered', async () => {
    const imgix = await emulate()
    imgix.fault({ on: { path: /purge/ }, ...hung })
    const cancel = new AbortController()
    const stop = { soft: cancel.signal, hard: cancel.signal }
    const ending = carryOut(uploadPlan({ a: '1', b: '2', c: '3' }), apiOf(imgix), { concurrency: 1, stop })
    await expect.poll(() => [...imgix.objects.keys()].sort()).toEqual(['a', 'b', 'c'])
    await expect.poll(() => imgix.purges.length).toBe(2)
    cancel.abort(new Error('the run was cancelled'))
    expect(resultsOf(await ending)).toMatchObject({ a: 'done', b: 'done', c: 'done', 'purge a': 'not-done' })
  })

  test('the largest files first', async () => {
    const imgix = await emulate()
    const files = { small: '1', large: '1'.repeat(3000), middle: '1'.repeat(200) }
    await carryOut(uploadPlan(files), apiOf(imgix), { concurrency: 1 })
    expect(imgix.transcript.flatMap((line) => /upload\/(\w+)/.exec(line)?.[1] ?? [])).toEqual([
      'large',
      'middle',
      'small',
    ])
  })

  test('long transfers do not keep the short ones from starting', async () => {
    const imgix = await emulate()
    imgix.fault({ on: { method: 'PUT' }, times: 9, ...hung })
    const cancel = new AbortController()
    const stop = { soft: cancel.signal, hard: new AbortController().signal }
    const long = uploadPlan({ 'a.mp4': '1', 'b.mp4': '2', 'c.mp4': '3' }, ['session'])
    const short = uploadPlan({ 'a.png': '1', 'b.png': '2' })
    const plan = { ...long, files: [...long.files, ...short.files] }
    const ending = carryOut(plan, apiOf(imgix), { concurrency: 2, stop })
    await expect.poll(() => [...imgix.objects.keys()].sort()).toEqual(['a.png', 'b.png'])
    cancel.abort(new Error('the run was cancelled'))
    await ending
  })

  test('URLs of the inputs are purged after all uploads, whatever the order in which those end', async () => {
    const imgix = await emulate()
    for (const name of ['a', 'b'] as const)
      imgix.fault({ on: { path: RegExp(`upload/${name}`) }, do: { delayMs: 100 } })
    const plan = uploadPlan({ a: '1', b: '2', c: '3' })
    await carryOut({ ...plan, purges: [purgeStep(urlOf('of-inputs'))] }, apiOf(imgix), { concurrency: 3 })
    const order = imgix.transcript.map((line) => line.replace(/^POST \/api\/v1\/(sources\/\w+\/)?|\?.*/g, ''))
    expect(order.lastIndexOf('upload/a')).toBeLessThan(order.length - 1)
    expect(imgix.purges.at(-1)?.url).toBe(urlOf('of-inputs'))
  })

  test('purges of what changed elsewhere do not wait for those of uploads', async () => {
    const imgix = await emulate()
    const names = Array.from({ length: 40 }, (_, at) => `${at}.png`)
    imgix.fault({ on: { path: /upload/ }, times: 40, do: { delayMs: 200 } })
    const plan = uploadPlan(Object.fromEntries(names.map((name) => [name, name])))
    const purges = names.map((name) => purgeStep(urlOf(`gone-${name}`), { path: `gone-${name}` }))
    await carryOut({ ...plan, purges }, apiOf(imgix), { concurrency: 40 })
    const isGone = imgix.purges.map(({ url }) => url.includes('gone'))
    expect([isGone.length, isGone.indexOf(false)]).toEqual([80, 40])
  })

  test('a small upload that is under way when the run is cancelled is done if its answer comes, and is purged', async () => {
    const imgix = await emulate()
    imgix.fault({ on: { path: /upload\/a/ }, do: { delayMs: 200 } })
    const cancel = new AbortController()
    const stop = { soft: cancel.signal, hard: new AbortController().signal }
    const ending = carryOut(uploadPlan({ a: '1', b: '2' }), apiOf(imgix), { stop })
    await expect.poll(() => imgix.requests.length).toBe(1)
    cancel.abort(new Error('the run was cancelled'))
    expect(resultsOf(await ending)).toEqual({ a: 'done', b: 'not-done', 'purge a': 'done', 'purge b': 'not-done' })
  })

  test('calls for a file wait for its upload, and for no more', async () => {
    const imgix = await emulate()
    imgix.fault({ on: { path: /purge/ }, do: { delayMs: 200 } })
    const { files, ...plan } = uploadPlan({ a: '1' })
    const calls = [{ kind: 'call', path: 'a', originPath: 'a', call: 'refresh' }] as const
    const events: RunEvent[] = []
    const outcomes = await carryOut({ ...plan, files: files.map((file) => ({ ...file, calls })) }, apiOf(imgix), {
      emit: (event) => void events.push(event),
    })
    const ended = events.flatMap((event) =>
      event.kind === 'ended' ? `${event.outcome.step.kind} ${event.outcome.result}` : [],
    )
    expect(ended).toEqual(['upload done', 'call done', 'purge done'])
    expect(outcomes.stoppedBy).toBeUndefined()
  })

  test('nothing follows an upload that failed, and each step says so', async () => {
    const imgix = await emulate()
    imgix.fault({ on: { path: /upload/ }, do: { answer: { status: 400 } } })
    const { files, ...plan } = uploadPlan({ a: '1' })
    const calls = [{ kind: 'call', path: 'a', originPath: 'a', call: 'refresh' }] as const
    const ended: unknown[] = []
    const emit = (event: RunEvent): void => {
      if (event.kind === 'ended')
        ended.push([event.outcome.step.kind, 'reason' in event.outcome && event.outcome.reason])
    }
    await carryOut({ ...plan, files: files.map((file) => ({ ...file, calls })) }, apiOf(imgix), { emit })
    expect(ended).toEqual([
      ['upload', false],
      ['purge', 'its upload failed'],
      ['call', 'its upload failed'],
    ])
  })
})
