import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import type { Body } from '../../src/imgix/http/body.ts'
import { createTransport } from '../../src/imgix/http/transport.ts'
import { temporaryFolder } from '../helpers/scenario.ts'

const BYTES = 6_000_000

/** A server on loopback that is told what to do with each connection; `received` counts the bytes after the headers. */
async function serve(onHeaders: (socket: Socket, received: () => number) => void): Promise<string> {
  const server = createServer((socket) => {
    let text = ''
    let bytes = 0
    socket.on('error', () => {})
    socket.on('data', (data) => {
      if (text.includes('\r\n\r\n')) {
        bytes += data.length
        return
      }
      text += data.toString('latin1')
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      bytes = text.length - end - 4
      onHeaders(socket, () => bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/a.png`
}

function put(url: string, timeoutMs: number, body: Body) {
  const transport = createTransport(timeoutMs)
  onTestFinished(transport.close)
  return transport.send({ method: 'PUT', url: new URL(url), headers: {}, body })
}

function putFile(url: string, timeoutMs: number, bytes = BYTES) {
  const file = join(temporaryFolder(), 'a.png')
  writeFileSync(file, Buffer.alloc(bytes, 1))
  return put(url, timeoutMs, { file })
}

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'

function whenWhole(received: () => number, then: () => void): void {
  const timer = setInterval(() => {
    if (received() < BYTES) return
    clearInterval(timer)
    then()
  }, 5)
  onTestFinished(() => clearInterval(timer))
}

test('a server that reads slowly, and answers at the end, is not given up', async () => {
  const url = await serve((socket, received) => {
    socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    const ticker = setInterval(() => {
      socket.resume()
      setTimeout(() => socket.pause(), 2)
    }, 60)
    onTestFinished(() => clearInterval(ticker))
    whenWhole(received, () => socket.end(OK))
  })
  expect((await putFile(url, 600)).status).toBe(200)
})

test('a success that comes before the body is one only when the body is whole', async () => {
  let whole = false
  const url = await serve((socket, received) => {
    socket.write(OK)
    whenWhole(received, () => {
      whole = true
      socket.end()
    })
  })
  expect((await putFile(url, 5000)).status).toBe(200)
  await expect.poll(() => whole).toBe(true)
})

test('a success before the body, on a connection that then breaks, is no answer', async () => {
  const url = await serve((socket) => {
    socket.write(OK)
    socket.pause()
    setTimeout(() => socket.resetAndDestroy(), 50)
  })
  await expect(putFile(url, 5000, 40_000_000)).rejects.toThrow()
})

test.each(['file', 'stream'])('a server that refuses to be asked first gets the %s without asking', async (kind) => {
  let asked = 0
  const url = await serve((socket, received) => {
    asked += 1
    if (asked === 1) socket.end('HTTP/1.1 417 Expectation Failed\r\ncontent-length: 0\r\n\r\n')
    else whenWhole(received, () => socket.end(OK))
  })
  const stream = Readable.from([Buffer.alloc(BYTES)])
  const sending = kind === 'file' ? putFile(url, 5000) : put(url, 5000, { stream, size: BYTES })
  expect([(await sending).status, asked]).toEqual([200, 2])
})

test('bytes that come in one packet with an answer, and do not belong to it, do no harm', async () => {
  const url = await serve((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone and more'))
  const transport = createTransport(5000)
  onTestFinished(transport.close)
  const answer = await transport.send({ method: 'GET', url: new URL(url), headers: {} })
  expect([answer.status, answer.text]).toEqual([200, 'done'])
})
