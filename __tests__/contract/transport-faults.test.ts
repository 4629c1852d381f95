import { once } from 'node:events'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createTransport, type Outgoing } from '../../src/imgix/http/transport.ts'
import { BodyError } from '../../src/imgix/http/unpack.ts'
import { listen, listenTcp } from '../helpers/server.ts'
import { createTree } from '../helpers/tree.ts'

const MIB = 1 << 20

function transport(timeoutMs = 5000) {
  const created = createTransport(timeoutMs)
  onTestFinished(created.close)
  return created
}

function largeFile(length = 8 * MIB): { file: string } {
  return { file: join(createTree({ 'a.bin': Buffer.alloc(length, 7) }), 'a.bin') }
}

function put(url: string, more: Partial<Outgoing> = {}): Outgoing {
  return { method: 'PUT', url: new URL(url), headers: {}, body: largeFile(), ...more }
}

/** Calls back once the head of a request is there, with what came of its body. */
function onHead(socket: Socket, answer: (rest: number) => void): void {
  let head = ''
  socket.on('data', function read(chunk: Buffer) {
    head += chunk.toString('latin1')
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) return
    socket.off('data', read)
    answer(head.length - end - 4)
  })
}

test("a server that never says 'continue' gets the body all the same", async () => {
  const body = largeFile(2 * MIB)
  const server = await listenTcp((socket) =>
    onHead(socket, (rest) => {
      let bytes = rest
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes === 2 * MIB) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    }),
  )
  const answer = await transport().send(put(server.url, { body }))
  expect([answer.status, answer.text]).toEqual([200, 'ok'])
})

test.each([403, 409, 413])('an early %i with a closed connection is heard, every time', async (status) => {
  const server = await listenTcp((socket) =>
    onHead(socket, () => {
      socket.end(`HTTP/1.1 ${status} No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno`)
      setImmediate(() => socket.destroy())
    }),
  )
  const body = largeFile()
  const agent = transport()
  const answers = await Promise.all(Array.from({ length: 12 }, () => agent.send(put(server.url, { body }))))
  expect(answers.map((answer) => [answer.status, answer.text])).toEqual(answers.map(() => [status, 'no']))
})

test('an early refusal in the middle of the body is heard', async () => {
  const server = await listen(() => {}, {
    onExpect(request, response) {
      response.writeContinue()
      request.once('data', () => {
        request.pause()
        response.writeHead(409).end('there')
      })
    },
  })
  const answer = await transport().send(put(server.url))
  expect([answer.status, answer.text]).toEqual([409, 'there'])
})

test('a server that refuses to be asked after the body has begun: a stream can not be sent again', async () => {
  const server = await listen((_seen, response) => response.end(), {
    onExpect(request, response) {
      response.writeContinue()
      request.once('data', () => {
        request.pause()
        response.writeHead(417, { connection: 'close' }).end()
      })
    },
  })
  const body = { stream: Readable.from(Array.from({ length: 8 }, () => Buffer.alloc(MIB))), size: 8 * MIB }
  await expect(transport().send(put(server.url, { body }))).rejects.toThrow('the stream was read before')
})

test.each([
  ['a connection that is reset', (socket: Socket) => socket.resetAndDestroy(), 'ECONNRESET'],
  ['a connection that is closed', (socket: Socket) => socket.end(), 'ECONNRESET'],
  [
    'an answer that is cut',
    (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"data"'),
    'ECONNRESET',
  ],
  ['an answer that is no HTTP', (socket: Socket) => socket.end('hello'), 'HPE_INVALID_CONSTANT'],
])('%s is an error, not an answer', async (_, answer, code) => {
  const server = await listenTcp((socket) => onHead(socket, () => answer(socket)))
  const sending = transport().send({ method: 'GET', url: new URL(server.url), headers: {} })
  await expect(sending).rejects.toMatchObject({ code })
})

test('a reset in the middle of the body is an error', async () => {
  const server = await listenTcp((socket) => {
    let bytes = 0
    socket.once('data', () => socket.write('HTTP/1.1 100 Continue\r\n\r\n'))
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > 2 * MIB) socket.resetAndDestroy()
    })
  })
  await expect(transport().send(put(server.url))).rejects.toMatchObject({
    code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/),
  })
})

test.each([
  ['that never answers', () => {}],
  [
    'that stops in the middle of its answer',
    (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a'),
  ],
])('a server %s is given up', async (_, answer) => {
  const server = await listenTcp((socket) => onHead(socket, () => answer(socket)))
  const sending = transport(200).send({ method: 'GET', url: new URL(server.url), headers: {} })
  await expect(sending).rejects.toMatchObject({
    code: 'ETIMEDOUT',
    message: expect.stringMatching(/^no progress for /),
  })
})

test('a server that stops reading the body is given up', async () => {
  const body = largeFile(32 * MIB)
  const server = await listenTcp((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      socket.pause()
    })
  })
  await expect(transport(300).send(put(server.url, { body }))).rejects.toMatchObject({ code: 'ETIMEDOUT' })
})

test('a slow answer that goes on is no stall', async () => {
  const server = await listen(async (_seen, response) => {
    for (let part = 0; part < 20; part += 1) {
      response.write('.')
      await sleep(100)
    }
    response.end()
  })
  const answer = await transport(1500).send({ method: 'GET', url: new URL(server.url), headers: {} })
  expect(answer.text).toBe('.'.repeat(20))
})

test('a slow body that goes on is no stall', async () => {
  const server = await listenTcp((socket) => {
    let bytes = 0
    socket.once('data', () => socket.write('HTTP/1.1 100 Continue\r\n\r\n'))
    socket.on('data', async (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes >= 32 * MIB) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      socket.pause()
      await sleep(5)
      socket.resume()
    })
  })
  const answer = await transport(1500).send(put(server.url, { body: largeFile(32 * MIB) }))
  expect(answer.status).toBe(200)
})

test('an answer that is too large is an error', async () => {
  const server = await listen((_seen, response) => response.end(Buffer.alloc(4 * MIB + 1, 32)))
  const get = { method: 'GET', url: new URL(server.url), headers: {} }
  await expect(transport().send(get)).rejects.toThrow(new BodyError('an answer of more than 4194304 bytes'))
  const answer = await transport().send({ ...get, maxBytes: 16 * MIB })
  expect(answer.text).toHaveLength(4 * MIB + 1)
})

test('a redirect is an answer like any other', async () => {
  const server = await listen((_seen, response) => response.writeHead(307, { location: '/elsewhere' }).end())
  const answer = await transport().send(put(server.url))
  expect([answer.status, answer.headers.location]).toEqual([307, '/elsewhere'])
  expect(server.seen.map(({ request }) => request)).toEqual(['PUT /'])
})

test('an abort ends the body, and the server never has all of it', async () => {
  const abort = new AbortController()
  const closed: Promise<unknown>[] = []
  const server = await listen(() => {}, {
    onExpect(request, _response, read) {
      closed.push(once(request, 'close').catch(() => {}))
      read()
      request.once('data', () => abort.abort(new Error('stop here')))
    },
  })
  const sending = transport().send(put(server.url, { signal: abort.signal }))
  await expect(sending).rejects.toThrow(new Error('stop here'))
  await Promise.all(closed)
  expect(server.seen.map(({ complete }) => complete)).toEqual([false])
})

test.each([
  ['before it starts', (abort: AbortController) => abort.abort(new Error('stop here'))],
  [
    'while it waits for the answer',
    (abort: AbortController) => void setTimeout(() => abort.abort(new Error('stop here')), 30),
  ],
])('an abort %s', async (_, happens) => {
  const server = await listen(() => {})
  const abort = new AbortController()
  happens(abort)
  const sending = transport().send({ method: 'GET', url: new URL(server.url), headers: {}, signal: abort.signal })
  await expect(sending).rejects.toThrow(new Error('stop here'))
})

test('one connection serves requests that follow each other', async () => {
  const ports = new Set<number | undefined>()
  const server = await listen((_seen, response, request) => {
    ports.add(request.socket.remotePort)
    response.end()
  })
  const agent = transport()
  for (let sent = 0; sent < 3; sent += 1) await agent.send(put(server.url))
  expect([server.seen.length, ports.size]).toEqual([3, 1])
})

test('onSent and onUnderWay: once each, in that order, before the answer', async () => {
  const events: string[] = []
  const server = await listen((_seen, response) => {
    events.push('answered')
    response.end()
  })
  const agent = transport()
  const more = { onSent: () => events.push('sent'), onUnderWay: () => events.push('under way') }
  await agent.send(put(server.url, more))
  expect(events.filter((event, at) => event !== events[at - 1])).toEqual(['sent', 'under way', 'answered'])
})
