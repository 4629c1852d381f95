import { describe, expect, test } from 'vitest'
import type { Emulator, EmulatorOptions, Fault } from '../../emulator/server.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { explain } from '../../src/report/explain.ts'
import { emulate } from '../helpers/emulator.ts'
import { waitShortly } from '../helpers/short-waits.ts'
import { apiOf, carryOut, errorOf, uploadPlan } from '../helpers/sync.ts'
import { record } from '../helpers/updates.ts'

waitShortly()

type OnConflict = 'overwrite' | 'skip' | 'fail'

/** Uploads `a`, which the Source holds already as 'old bytes', and says what became of it. */
async function conflict(
  onConflict: OnConflict,
  { routes = ['direct', 'session'], ...options }: EmulatorOptions & { routes?: ('direct' | 'session')[] } = {},
) {
  const imgix = await emulate({ keepBodies: true, ...options })
  imgix.put('a', 'old bytes')
  const { uploads } = await carryOut(uploadPlan({ a: 'new' }, routes), apiOf(imgix), { conflictPolicy: onConflict })
  const outcome = uploads.a
  const { result } = outcome ?? {}
  const route = outcome?.result === 'done' ? outcome.route : undefined
  const reason = outcome?.result === 'skipped' ? outcome.reason : undefined
  const error = errorOf(outcome)
  const calls = imgix.transcript.map((line) =>
    line.replace(/\/api\/v1\/sources\/\w+|[0-9a-f]{8}-[\w-]+|\?X-Amz.*(?= ->)/g, ''),
  )
  return { result, route, reason, error, calls, bytes: imgix.objects.get('a')?.bytes }
}

test('overwrite replaces', async () => {
  expect(await conflict('overwrite')).toMatchObject({ result: 'done', route: 'direct', bytes: 3 })
})

test('an account whose API has no overwrite: one try by upload session', async () => {
  const { result, route, bytes, calls } = await conflict('overwrite', { overwrite: false })
  expect({ result, route, bytes, calls: calls.slice(0, 2) }).toEqual({
    result: 'done',
    route: 'session',
    bytes: 3,
    calls: ['POST /upload/a?overwrite=true -> 409', 'POST /upload-sessions/create/a -> 200'],
  })
})

test.each([
  ['whose sessions refuse it too', { sessionRefusesExisting: true }],
  ['on a Source without sessions', { routes: ['direct' as const] }],
])('an account whose API has no overwrite, %s: that file fails, and says so', async (_, options) => {
  const { result, error, bytes } = await conflict('overwrite', { overwrite: false, ...options })
  expect({ result, bytes }).toEqual({ result: 'failed', bytes: 9 })
  expect(error).toBeInstanceOf(ImgixError)
  expect(explain(error)).toMatch(
    /^imgix does not replace what the Source already holds at this path; delete it in the bucket, or see on-conflict \(409 /,
  )
})

test('an account whose API has no overwrite, on a Source that turns out to have no sessions: the first refusal is told', async () => {
  const { result, error } = await conflict('overwrite', { overwrite: false, source: { type: 'azure' } })
  expect([result, error instanceof ImgixError && error.status]).toEqual(['failed', 409])
})

test.each([
  ['direct upload', ['direct', 'session']],
  ['upload session', ['session']],
] as const)('by %s, skip leaves it and fail fails', async (_, routes) => {
  const skipped = await conflict('skip', { routes: [...routes] })
  expect(skipped).toMatchObject({ result: 'skipped', reason: 'the Source already holds this path', bytes: 9 })
  const failed = await conflict('fail', { routes: [...routes] })
  expect(failed).toMatchObject({ result: 'failed', bytes: 9 })
  expect(failed.error).toBeInstanceOf(ImgixError)
  expect(failed.error?.message).toMatch(/the Source already holds this path, and on-conflict is fail/)
  expect([...skipped.calls, ...failed.calls].filter((call) => /overwrite|create|PUT/.test(call))).toEqual([])
})

describe('an answer that is lost, before 409', () => {
  type Row = { policy: OnConflict; seed?: (imgix: Emulator) => void; faults: Fault[] }
  const DOUBT = 'the Source already holds this path; an earlier try may have stored this file, but nothing proves it'
  const HELD = 'the Source already holds this path'
  const upload = { path: /upload\/a/ }
  const stored: Fault = { on: upload, do: { loseAnswer: true } }
  const gateway: Fault = { on: upload, do: { answer: { status: 503, headers: { 'retry-after': '0' } } } }
  const old = (imgix: Emulator): void => imgix.put('a', 'old!!')
  const byApi = (imgix: Emulator, dateCreated = Math.floor(Date.now() / 1000)): void => {
    imgix.put('a', 'old!!')
    Object.assign(imgix.assets.get('a') ?? {}, { uploadedByApi: true, dateCreated })
  }
  /** in the bucket, unknown to the Asset Manager */
  const inBucket = (imgix: Emulator): void => {
    imgix.put('a', 'old!!')
    imgix.assets.delete('a')
  }

  let latest: Emulator | undefined

  /** Uploads 'new!!' to `a` on an account without overwrite, by the upload endpoint alone. */
  async function play({ policy, seed, faults }: Row) {
    const imgix = await emulate({ overwrite: false })
    latest = imgix
    seed?.(imgix)
    for (const fault of faults) imgix.fault(fault)
    const plan = uploadPlan({ a: 'new!!' }, ['direct'])
    const outcomes = await carryOut(plan, apiOf(imgix, { maxAttempts: 3 }), { conflictPolicy: policy })
    const { a } = outcomes.uploads
    const why = a?.result === 'skipped' ? a.reason : errorOf(a)?.message
    return { result: a?.result, why, bytes: String(imgix.objects.get('a')?.body), purges: imgix.purges.length }
  }

  const done = { result: 'done', why: undefined, bytes: 'new!!', purges: 1 }
  const kept = (policy: OnConflict, reason: string) => ({
    result: policy === 'skip' ? 'skipped' : 'failed',
    why: policy === 'skip' ? reason : expect.stringContaining(policy === 'fail' ? `${reason}, and on-conflict` : '409'),
    ...{ bytes: 'old!!', purges: 0 },
  })
  const POLICIES = ['overwrite', 'skip', 'fail'] as const

  test.each(POLICIES)('%s: nothing was there, so the bytes are ours', async (policy) => {
    expect(await play({ policy, faults: [stored] })).toEqual(done)
    expect(await play({ policy, faults: [gateway, stored] })).toEqual(done)
  })

  test.each(POLICIES)('%s: older bytes of the same size are not ours', async (policy) => {
    expect(await play({ policy, seed: old, faults: [stored] })).toEqual(kept(policy, HELD))
    expect(await play({ policy, seed: byApi, faults: [gateway] })).toEqual(kept(policy, HELD))
  })

  test.each(POLICIES)('%s: nor are those that the Asset Manager does not know, or finds meanwhile', async (policy) => {
    const seed = inBucket
    expect(await play({ policy, seed, faults: [stored] })).toEqual(kept(policy, DOUBT))
    const finds: Fault = { on: upload, do: { meanwhile: () => latest?.put('a', 'old!!') } }
    expect(await play({ policy, seed, faults: [gateway, finds] })).toEqual(kept(policy, DOUBT))
  })

  test.each(POLICIES)('%s: nor where nobody may look', async (policy) => {
    const blind: Fault = { on: { method: 'GET', path: /assets\/a/ }, times: 9, do: { answer: { status: 403 } } }
    expect(await play({ policy, seed: old, faults: [blind, gateway] })).toEqual(kept(policy, DOUBT))
  })

  test.each(POLICIES)('%s: nor what is older than the first try, though it was not there before', async (policy) => {
    const seed = (imgix: Emulator): void => byApi(imgix, Math.floor(Date.now() / 1000) - 5)
    const lags: Fault = { on: { method: 'GET', path: /assets\/a/ }, do: { answer: { status: 404 } } }
    expect(await play({ policy, seed, faults: [lags, gateway] })).toEqual(kept(policy, DOUBT))
  })

  test.each(POLICIES)('%s: our own record proves the bytes, whoever stored them', async (policy) => {
    const seed = (imgix: Emulator): void => {
      imgix.put('a', 'new!!')
      Object.assign(imgix.assets.get('a')?.updatable ?? {}, { custom_fields: { 'imgix-sync': record('new!!') } })
    }
    expect(await play({ policy, seed, faults: [gateway] })).toEqual(done)
  })
})

test('a session: create, PUT, close, with nothing else', async () => {
  const imgix = await emulate()
  const api = apiOf(imgix)
  const { uploads } = await carryOut(uploadPlan({ 'a b': 'bytes' }, ['session']), api)
  expect(uploads['a b']).toMatchObject({ result: 'done', route: 'session', attempts: 1 })
  expect(imgix.transcript.map((line) => line.split(/[ ?]/)[0])).toEqual(['POST', 'PUT', 'POST', 'POST'])
  expect(imgix.objects.get('a b')).toMatchObject({ bytes: 5 })
  expect([...imgix.sessions.values()].map(({ status }) => status)).toEqual(['CLOSED'])
  expect(api.hidden.length).toBe(1)
})

test('a presigned URL that has expired: a new session, the old one cancelled', async () => {
  const imgix = await emulate()
  const body = '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'
  imgix.fault({ on: { method: 'PUT' }, do: { answer: { status: 403, body } } })
  const { uploads } = await carryOut(uploadPlan({ a: 'bytes' }, ['session']), apiOf(imgix))
  expect(uploads.a).toMatchObject({ result: 'done', route: 'session' })
  expect([...imgix.sessions.values()].map(({ status }) => status)).toEqual(['CANCELED', 'CLOSED'])
})

test('a presigned URL that is refused again and again fails that file, and stops nothing', async () => {
  const imgix = await emulate()
  imgix.fault({ on: { method: 'PUT', path: /a/ }, times: 9, do: { answer: { status: 403, body: '' } } })
  const { uploads, stoppedBy } = await carryOut(uploadPlan({ a: 'bytes' }, ['session']), apiOf(imgix))
  expect(uploads.a).toMatchObject({ result: 'failed' })
  expect(errorOf(uploads.a)?.message).toMatch(/^403, 3 tries$/)
  expect(stoppedBy).toBeUndefined()
  expect([...imgix.sessions.values()].map(({ status }) => status)).toEqual(['CANCELED', 'CANCELED', 'CANCELED'])
})

test.each([
  ['PUT', { on: { method: 'PUT' }, times: 9, do: { answer: { status: 400 } } }],
  ['close', { on: { path: /close/ }, times: 9, do: { answer: { status: 400 } } }],
])('a session whose %s fails is cancelled', async (_, fault) => {
  const imgix = await emulate()
  imgix.fault(fault)
  const { uploads } = await carryOut(uploadPlan({ a: 'bytes' }, ['session']), apiOf(imgix))
  expect(uploads.a).toMatchObject({ result: 'failed' })
  expect([...imgix.sessions.values()].map(({ status }) => status)).toEqual(['CANCELED'])
})

test('a PUT that is reset in the middle is sent again from the start', async () => {
  const imgix = await emulate()
  imgix.fault({ on: { method: 'PUT' }, do: { resetAfterBytes: 1_500_000 } })
  const content = Buffer.alloc(3_000_000, 'abcdefg')
  const { uploads } = await carryOut(uploadPlan({ a: content }, ['session']), apiOf(imgix, { maxAttempts: 2 }))
  expect(uploads.a).toMatchObject({ result: 'done', route: 'session', attempts: 2 })
  expect(imgix.objects.get('a')).toMatchObject({ bytes: 3_000_000 })
})
