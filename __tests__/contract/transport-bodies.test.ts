import { createHash } from 'node:crypto'
import { appendFileSync, renameSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { FileError } from '../../src/imgix/http/body.ts'
import { createTransport } from '../../src/imgix/http/transport.ts'
import { listen } from '../helpers/server.ts'
import { createTree } from '../helpers/tree.ts'

const MIB = 1 << 20

function transport(timeoutMs = 5000) {
  const created = createTransport(timeoutMs)
  onTestFinished(created.close)
  return created
}

function bytesOf(length: number, first = 0): Buffer {
  return Buffer.alloc(
    length,
    Uint8Array.from({ length: 251 }, (_, index) => (index + first) % 256),
  )
}

function sha(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

test.each([
  ['an empty file', 0, {}],
  ['one byte', 1, {}],
  ['one chunk', MIB, {}],
  ['one chunk and a byte', MIB + 1, { Expect: '100-continue' }],
  ['several chunks', 5 * MIB + 7, { Expect: '100-continue' }],
])('%s is sent whole, with its exact length', async (_, length, expect100) => {
  const content = bytesOf(length)
  const file = join(createTree({ 'a.bin': content }), 'a.bin')
  const server = await listen((_seen, response) => response.end('done'))
  const headers = { 'content-type': 'image/png' }
  const answer = await transport().send({ method: 'PUT', url: new URL(`${server.url}/a?b=c`), headers, body: { file } })
  const [seen] = server.seen
  expect({ ...seen, headers: lowered(seen?.headers), body: sha(seen?.body ?? Buffer.of(1)) }).toEqual({
    request: 'PUT /a?b=c',
    headers: lowered({
      'Content-Type': 'image/png',
      'Content-Length': String(length),
      ...expect100,
      Host: server.url.slice('http://'.length),
      Connection: 'keep-alive',
    }),
    body: sha(content),
    complete: true,
  })
  expect([answer.status, answer.text, server.seen.length]).toEqual([200, 'done', 1])
})

function lowered(headers: object = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

test.each([
  ['GET', undefined, {}],
  ['DELETE', undefined, {}],
  ['POST', undefined, { 'content-length': '0' }],
  ['POST', { bytes: Buffer.from('{}') }, { 'content-length': '2' }],
] as const)('%s with the body %s', async (method, body, length) => {
  const server = await listen((_seen, response) => response.end())
  const url = new URL(server.url)
  await transport().send({ method, url, headers: {}, body })
  expect(server.seen.map(({ headers }) => lowered(headers))).toEqual([
    { ...length, host: url.host, connection: 'keep-alive' },
  ])
})

// The file is opened and measured by the time that the server is asked for its 'continue': what happens there happens
// while the file is sent.
test.each([
  ['shrinks', (file: string) => truncateSync(file, 3 * MIB - 1)],
  ['shrinks to nothing', (file: string) => truncateSync(file, 0)],
  ['grows', (file: string) => appendFileSync(file, 'x')],
  ['is written anew', (file: string) => writeFileSync(file, bytesOf(3 * MIB, 1))],
])('a file that %s while it is sent is never complete at the server', async (_, happens) => {
  const file = join(createTree({ 'a.bin': bytesOf(3 * MIB) }), 'a.bin')
  const server = await listen((_seen, response) => response.end(), {
    onExpect(_request, _response, read) {
      happens(file)
      read()
    },
  })
  const sending = transport().send({ method: 'PUT', url: new URL(server.url), headers: {}, body: { file } })
  const error = await sending.catch((cause) => cause)
  expect(error).toBeInstanceOf(FileError)
  expect([error.message, error.retryable]).toEqual(['the file changed while it was sent', true])
  expect(server.seen.map(({ complete }) => complete)).toEqual([false])
})

test.each([
  ['vanishes', (file: string) => unlinkSync(file)],
  [
    'is replaced by another',
    (file: string) => {
      writeFileSync(`${file}.new`, 'another')
      renameSync(`${file}.new`, file)
    },
  ],
])('a file that %s while it is sent arrives as it was', async (_, happens) => {
  const content = bytesOf(3 * MIB)
  const file = join(createTree({ 'a.bin': content }), 'a.bin')
  const server = await listen((_seen, response) => response.end(), {
    onExpect(_request, _response, read) {
      happens(file)
      read()
    },
  })
  await transport().send({ method: 'PUT', url: new URL(server.url), headers: {}, body: { file } })
  expect(server.seen.map(({ complete, body }) => [complete, sha(body)])).toEqual([[true, sha(content)]])
})

test.each([
  ['that is not there', 'none.bin', 'the file is no longer in the work tree'],
  ['that is a folder', 'folder', 'it is not a regular file'],
  ['below a file', 'a.bin/b', "the file can't be read (ENOTDIR)"],
])('a file %s is never sent', async (_, name, message) => {
  const root = createTree({ 'a.bin': 'x', 'folder/': '' })
  const server = await listen((_seen, response) => response.end())
  const body = { file: join(root, name) }
  const error = await transport()
    .send({ method: 'PUT', url: new URL(server.url), headers: {}, body })
    .catch((cause) => cause)
  expect(error).toBeInstanceOf(FileError)
  expect([error.message, error.retryable, server.seen]).toEqual([message, false, []])
})
