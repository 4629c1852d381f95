import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { expect, test } from 'vitest'
import type { Emulator, Fault } from '../../emulator/server.ts'
import { call, emulate } from '../helpers/emulator.ts'

const path = '/api/v1/sources/5b81e81539ddc50001a5d955/upload/a.png'
const line = (status: string | number) => `POST ${path} -> ${status}`

/** An upload's status, or 'lost' when there was no whole answer. */
async function upload(emulator: Emulator, body = 'bytes'): Promise<number | 'lost'> {
  const reply = await call(emulator, 'POST', '/upload/a.png?overwrite=true', { body }).catch(() => undefined)
  return reply?.status ?? 'lost'
}

test.each([
  ['answer', { answer: { status: 503, headers: { 'retry-after': '1' } } }, 503, 503, 0],
  ['loseAnswer', { loseAnswer: true }, 'lost', 'reset', 1],
  ['resetAfterBytes', { resetAfterBytes: 3 }, 'lost', 'reset', 0],
  ['resetAfterBytes 0', { resetAfterBytes: 0 }, 'lost', 'reset', 0],
  ['cutAnswer', { cutAnswer: 20 }, 'lost', 'reset', 1],
  ['cutAnswer 0', { cutAnswer: 0 }, 'lost', 'reset', 1],
  ['delayMs', { delayMs: 20 }, 200, 200, 1],
  ['raw', { raw: 'HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n' }, 503, 503, 0],
  ['raw that is no HTTP', { raw: 'SSH-2.0\r\n' }, 'lost', 'reset', 0],
  ['dripMs', { dripMs: 1 }, 200, 200, 1],
  ['answerBody', { answerBody: { status: 202, body: '{"odd":true}' } }, 202, 202, 1],
] satisfies [string, Fault['do'], number | 'lost', number | 'reset', number][])(
  '%s',
  async (_, deed, seen, noted, objects) => {
    const emulator = await emulate()
    emulator.fault({ on: { method: 'POST', path }, do: deed })
    expect(await upload(emulator)).toBe(seen)
    expect(emulator.objects.size).toBe(objects)
    expect(await upload(emulator)).toBe(200)
    expect(emulator.transcript).toEqual([noted, 200].map((status) => line(status).replace(' ->', '?overwrite=true ->')))
    expect(emulator.requests.map(({ status }) => status)).toEqual([noted, 200])
  },
)

test('hang never answers, and the emulator stops all the same', async () => {
  const emulator = await emulate()
  emulator.fault({ on: {}, do: { hang: true } })
  const outcome = upload(emulator)
  await expect.poll(() => emulator.transcript).toEqual([line('hang').replace(' ->', '?overwrite=true ->')])
  await emulator.stop()
  expect(await outcome).toBe('lost')
})

test('an answer that a fault makes up is an errors document with its headers', async () => {
  const emulator = await emulate()
  emulator.fault({ on: { path: /\/assets$/ }, do: { answer: { status: 429, headers: { 'retry-after': '7' } } } })
  const reply = await call(emulator, 'GET', '/assets')
  expect([reply.status, reply.headers.get('retry-after'), reply.error.title]).toEqual([429, '7', 'TooManyRequests'])
  expect(emulator.violations).toBe(0)
})

test('a cut answer has its headers and a part of its body', async () => {
  const emulator = await emulate()
  emulator.fault({ on: {}, do: { cutAnswer: 10 } })
  const response = await fetch(`${emulator.apiUrl}/api/v1/sources`, {
    headers: { authorization: `Bearer ${emulator.apiKey}` },
  })
  expect([response.status, Number(response.headers.get('content-length')) > 10]).toEqual([200, true])
  await expect(response.text()).rejects.toThrow('terminated')
})

test('faults wait for their turn, in the order they were added', async () => {
  const emulator = await emulate()
  emulator.fault({ on: { path }, after: 1, times: 2, do: { answer: { status: 500 } } })
  emulator.fault({ on: { path }, do: { answer: { status: 502 } } })
  const seen: unknown[] = []
  for (let each = 0; each < 5; each += 1) seen.push(await upload(emulator))
  expect(seen).toEqual([502, 500, 500, 200, 200])
})

test('a fault without end', async () => {
  const emulator = await emulate()
  emulator.fault({ on: { method: 'POST' }, after: 1, times: Number.POSITIVE_INFINITY, do: { answer: { status: 500 } } })
  expect([await upload(emulator), await upload(emulator), await upload(emulator)]).toEqual([200, 500, 500])
})

test.each([
  ['before the body is read', {}, 0],
  ['in the middle of it', { atBytes: 1_500_000 }, 1_500_000],
])('something that happens %s, once, while the request is carried out', async (_, when, least) => {
  const emulator = await emulate()
  const seen: number[] = []
  const meanwhile = (): void => void seen.push(emulator.requests[0]?.bytes ?? -1)
  emulator.fault({ on: {}, do: { meanwhile, ...when } })
  const reply = await call(emulator, 'POST', '/upload/a.png', { body: 'x'.repeat(3_000_000) })
  expect([reply.status, seen.length, emulator.objects.get('a.png')?.bytes]).toEqual([200, 1, 3_000_000])
  expect([Number(seen[0]) >= least, Number(seen[0]) < 3_000_000]).toEqual([true, true])
})

test('connections, and who ended them', async () => {
  const emulator = await emulate()
  const agent = new Agent({ keepAlive: true })
  await once(
    get(emulator.apiUrl, { agent }).on('response', (response) => response.resume()),
    'close',
  )
  expect(emulator.connections).toEqual([{ closedBy: undefined }])
  agent.destroy()
  await expect.poll(() => emulator.connections).toEqual([{ closedBy: 'client' }])
  await once(
    get(emulator.apiUrl, { agent }).on('response', (response) => response.resume()),
    'close',
  )
  await emulator.stop()
  await expect.poll(() => emulator.connections.at(-1)).toEqual({ closedBy: 'server' })
})

test('everyText replaces the texts of what was asked for, and no others', async () => {
  const emulator = await emulate()
  emulator.put('a.png', 'a')
  emulator.fault({ on: {}, do: { everyText: 'x', except: ['type'] } })
  const { json } = await call(emulator, 'GET', '/assets/a.png')
  expect(json).toMatchObject({ data: { id: 'x', type: 'assets', attributes: { origin_path: 'x', file_size: 1 } } })
  expect(json.jsonapi).toEqual({ version: '1.0' })
})

test('a share of the requests, the same ones for the same seed, whatever comes between them', async () => {
  const statuses = [401, 402, 403]
  const play = async (seed: number, between: boolean): Promise<number[]> => {
    const emulator = await emulate()
    const deeds = statuses.map((status) => ({ answer: { status } }))
    emulator.fault({ on: { path: /a\.png$/ }, chance: { share: 0.3, seed }, do: deeds })
    const seen: number[] = []
    for (let left = 60; left > 0; left -= 1) {
      seen.push((await call(emulator, 'GET', '/assets/a.png')).status)
      if (between) await call(emulator, 'GET', '/assets/other-a.png')
    }
    return seen
  }
  const [one, same, other] = [await play(1, false), await play(1, true), await play(2, false)]
  const faulty = one.filter((status) => status !== 404)
  expect([same, new Set(faulty), faulty.length > 8 && faulty.length < 30]).toEqual([one, new Set(statuses), true])
  expect(other).not.toEqual(one)
})
