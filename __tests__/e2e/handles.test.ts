import { once } from 'node:events'
import { rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hosted } from '../helpers/github.ts'
import { began, closed, opened, purged, put, scenario, uploaded, url } from '../helpers/scenario.ts'
import { listenTcp } from '../helpers/server.ts'

const never = Number.POSITIVE_INFINITY
/** Says so, where standard error has to be empty, if the process is ended and does not end by itself. */
const byItself = {
  nodeArgs: [
    '--import',
    `data:text/javascript,const { exit } = process; process.exit = (code) => (console.error('exit'), exit(code))`,
  ],
}
const fourFiles = { 'a.png': 'a', 'b.png': 'b', 'big.mp4': Buffer.alloc(2_000_000), 'old.png': null }
const bySession = { 'session-threshold': '1MB' }

describe('a run that is done ends by itself, on connections that the server keeps for a minute', () => {
  test('all went well', async () => {
    const { push, imgix, asked } = await scenario({ files: { 'old.png': 'old' } })
    const run = await push(fourFiles, bySession, byItself)
    expect([run.code, run.signal, run.errors]).toEqual([0, null, []])
    const lines = [uploaded('a.png'), uploaded('b.png'), opened('big.mp4'), put('big.mp4'), closed()]
    expect(asked().sort()).toEqual([...began, ...lines, ...Array(4).fill(purged)].sort())
    await expect.poll(() => imgix.connections).toEqual(imgix.connections.map(() => ({ closedBy: 'client' })))
    expect(imgix.connections.length).toBeGreaterThan(1)
  })

  test('some failed, at every stage', async () => {
    const { push, imgix } = await scenario({ files: { 'old.png': 'old' } })
    imgix.fault({ on: { path: /a\.png/ }, times: never, do: { answer: { status: 400 } } })
    imgix.fault({ on: { method: 'PUT' }, times: never, do: { resetAfterBytes: 1_000_000 } })
    imgix.fault({ on: { path: '/api/v1/purge' }, do: { hang: true } })
    const run = await push(fourFiles, { ...bySession, 'max-attempts': '1', timeout: '2' }, byItself)
    expect([run.code, run.signal]).toEqual([1, null])
    expect(run.outputs).toMatchObject({ 'uploaded-count': '1', 'purged-count': '1', 'failed-count': '3' })
    await expect.poll(() => imgix.connections).toEqual(imgix.connections.map(() => ({ closedBy: expect.any(String) })))
  })

  test.each([
    ['inputs that are wrong', { concurrency: '0' }, 1],
    ['a dry run', { 'dry-run': 'true' }, 0],
    ['nothing to do', { files: 'none/**' }, 0],
  ])('%s', async (_, inputs, code) => {
    const { push, imgix } = await scenario()
    const run = await push({ 'a.png': 'a' }, inputs, byItself)
    expect([run.code, run.signal]).toEqual([code, null])
    await expect.poll(() => imgix.connections.filter(({ closedBy }) => closedBy !== 'client')).toEqual([])
  })
})

test('a run that git ends does not wait for what it asked GitHub meanwhile', async () => {
  const { site, imgix, github, job } = await hosted()
  github.fault({ on: {}, times: never, do: { hang: true } })
  rmSync(join(site.dir, '.git'), { recursive: true })
  const event = { name: 'push', payload: {}, ref: 'refs/heads/main', sha: '' }
  const run = await job(event, { nodeArgs: byItself.nodeArgs })
  expect([run.code, run.signal, imgix.transcript]).toEqual([1, null, []])
  expect(run.errors).toEqual([expect.stringContaining('no git repository')])
})

describe('a run that is cancelled ends by itself, though an answer never comes', () => {
  const half = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"da'
  const switched = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
  const drip = (socket: Socket, start: string): void => {
    socket.write(start)
    const timer = setInterval(() => socket.write(' '), 100)
    socket.on('close', () => clearInterval(timer))
  }

  test.each([
    ['nothing of it', () => {}],
    ['half of it', (socket: Socket) => socket.write(half)],
    ['half of it, and the server says no more', (socket: Socket) => socket.end(half)],
    ['half of it, and more by drops', (socket: Socket) => drip(socket, half)],
    ['but the switch to another protocol', (socket: Socket) => socket.write(switched)],
  ])('%s', async (_, answer) => {
    const asked = new AbortController()
    const ended: Promise<unknown>[] = []
    const server = await listenTcp((socket) => {
      ended.push(once(socket, 'close'))
      socket.once('data', () => {
        answer(socket)
        asked.abort()
      })
    })
    const { push } = await scenario()
    const signal = { on: asked.signal, send: 'SIGINT' } as const
    const run = await push({ 'a.png': 'a' }, { 'api-url': server.url }, { signal, ...byItself })
    expect([run.code, run.signal]).toEqual([1, null])
    expect(run.errors).toEqual([expect.stringMatching(/^cancelled: 0 uploaded, 0 purged in /)])
    await Promise.all(ended)
    expect(ended).toHaveLength(1)
  })

  test('neither that of a transfer nor that of the purge of what is stored', async () => {
    const { push, imgix } = await scenario()
    imgix.fault({ on: { method: 'PUT' }, do: { hang: true } })
    imgix.fault({ on: { path: '/api/v1/purge' }, do: { hang: true } })
    const signal = { after: (out: string) => out.includes('uploaded a.png'), send: 'SIGTERM' } as const
    const run = await push({ 'a.png': 'a', 'big.mp4': fourFiles['big.mp4'] }, bySession, { signal, ...byItself })
    expect([run.code, run.signal]).toEqual([1, null])
    expect(run.results).toEqual([
      ...['planned big.mp4', `planned ${url('a.png')}`],
      `planned ${url('big.mp4')}`,
      'uploaded a.png',
    ])
    await expect.poll(() => imgix.connections.filter(({ closedBy }) => closedBy !== 'client')).toEqual([])
  })
})
