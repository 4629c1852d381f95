import { connect } from 'node:net'
import { expect, test } from 'vitest'
import type { Emulator } from '../../emulator/server.ts'
import { emulate } from '../helpers/emulator.ts'

/** Says something by hand that fetch would never say. */
function raw(emulator: Emulator, text: string): Promise<string> {
  const socket = connect(Number(new URL(emulator.apiUrl).port), '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    answer += chunk
  })
  socket.write(text)
  return new Promise((resolve) => socket.on('close', () => resolve(answer)))
}

function head(emulator: Emulator, path: string, headers: string): string {
  const lines = `Host: x\r\nConnection: close\r\nAuthorization: Bearer ${emulator.apiKey}\r\n${headers}`
  return `POST /api/v1/sources/${emulator.sourceId}${path} HTTP/1.1\r\n${lines}\r\n`
}

test.each([
  ['no Content-Length', '/upload/a.png', '', '', 411],
  ['chunks', '/upload/a.png', 'Transfer-Encoding: chunked\r\n', '1\r\nx\r\n0\r\n\r\n', 400],
  ['a dot segment', '/upload/a/../b.png', 'Content-Length: 1\r\n', 'x', 400],
  ['an encoded dot segment', '/upload/%2e%2E/b.png', 'Content-Length: 1\r\n', 'x', 400],
  ['a raw quote', '/upload/a"b.png', 'Content-Length: 1\r\n', 'x', 400],
])('%s in an upload is refused', async (_, path, headers, body, status) => {
  const emulator = await emulate()
  expect(await raw(emulator, head(emulator, path, headers) + body)).toContain(`HTTP/1.1 ${status} `)
})

test('a client that waits for 100 Continue is refused before its body, or asked for it', async () => {
  const emulator = await emulate()
  emulator.put('a.png', 'old')
  const headers = 'Content-Length: 5\r\nExpect: 100-continue\r\n'
  const refused = await raw(emulator, head(emulator, '/upload/a.png', headers))
  expect(refused).toMatch(/^HTTP\/1.1 409 [\s\S]*connection: close/i)
  const taken = await raw(emulator, `${head(emulator, '/upload/b.png', headers)}bytes`)
  expect(taken).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/)
  expect(emulator.requests.map(({ status, bytes }) => [status, bytes])).toEqual([
    [409, 0],
    [200, 5],
  ])
})

test('a body that breaks off stores nothing', async () => {
  const emulator = await emulate()
  const socket = connect(Number(new URL(emulator.apiUrl).port), '127.0.0.1')
  socket.write(`${head(emulator, '/upload/a.png', 'Content-Length: 5\r\n')}byt`)
  await expect.poll(() => emulator.requests[0]?.bytes).toBe(3)
  socket.destroy()
  const path = `/api/v1/sources/${emulator.sourceId}/upload/a.png`
  await expect.poll(() => emulator.transcript).toEqual([`POST ${path} -> reset`])
  expect(emulator.objects.size).toBe(0)
})
