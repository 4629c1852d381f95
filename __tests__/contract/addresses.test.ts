import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { ImgixError } from '../../src/imgix/errors.ts'
import type { Resolve } from '../../src/imgix/http/hosts.ts'
import { createTestClient, messageOf } from '../helpers/imgix.ts'
import { waitShortly } from '../helpers/short-waits.ts'
import { createTree } from '../helpers/tree.ts'

waitShortly()

/** Linux has the whole of 127/8, and lets connections wait that nobody accepts. */
const onLinux = test.runIf(process.platform === 'linux')

/** Every name has these addresses. */
const leadingTo =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: 4 }))

async function put(port: number, resolve: Resolve, timeoutMs = 5000) {
  const file = join(createTree({ a: 'the bytes' }), 'a')
  const client = createTestClient({ apiUrl: 'http://127.0.0.1:1', resolve, maxAttempts: 2, timeoutMs })
  return client.put({ url: `http://bucket.localhost:${port}/a?X-Amz-Signature=1`, file, contentType: 'image/png' })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** A server in a thread that sleeps: connections beyond its queue have to wait until it is woken. */
async function sleepingServer(): Promise<{ port: number; wake: () => void }> {
  const bell = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(
    `const { workerData, parentPort } = require('node:worker_threads')
    const server = require('node:http').createServer((request, response) => request.resume().on('end', () => response.end()))
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      parentPort.postMessage(server.address().port)
      setImmediate(() => Atomics.wait(workerData, 0, 0))
    })`,
    { eval: true, workerData: bell },
  )
  const [port] = (await once(worker, 'message')) as [number]
  const queue: Socket[] = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}))
  await Promise.all(queue.slice(0, 2).map((socket) => once(socket, 'connect')))
  const wake = (): void => {
    for (const socket of queue) socket.destroy()
    Atomics.store(bell, 0, 1)
    Atomics.notify(bell, 0)
  }
  onTestFinished(async () => {
    wake()
    await worker.terminate()
  })
  return { port, wake }
}

onLinux('a host whose addresses all refuse: each is told with its reason, and nothing was sent', async () => {
  const port = await freePort()
  const error = await put(port, leadingTo('127.0.0.1', '127.0.0.2')).catch((cause) => cause)
  expect(error).toBeInstanceOf(ImgixError)
  expect([messageOf(error), error.perhapsDone]).toEqual([
    `PUT bucket.localhost:${port}: no answer from 127.0.0.1 (ECONNREFUSED) and 127.0.0.2 (ECONNREFUSED), 2 tries`,
    false,
  ])
})

test('a host with one address is told as before', async () => {
  const port = await freePort()
  await expect(put(port, leadingTo('127.0.0.1'))).rejects.toThrow(
    `no answer from bucket.localhost:${port} (ECONNREFUSED), 2 tries`,
  )
})

onLinux('an address that is silent, and one that refuses', async () => {
  const { port } = await sleepingServer()
  await expect(put(port, leadingTo('127.0.0.1', '127.0.0.2'), 800)).rejects.toThrow(
    `no answer from 127.0.0.1 (no connection in time) and 127.0.0.2 (ECONNREFUSED), 2 tries`,
  )
})

onLinux('an address that refuses, and one that is silent until the time limit', async () => {
  const { port } = await sleepingServer()
  await expect(put(port, leadingTo('127.0.0.2', '127.0.0.1'), 800)).rejects.toThrow(
    `no answer from 127.0.0.2 (ECONNREFUSED) and 127.0.0.1 (no connection in time), 2 tries`,
  )
})

onLinux('a host that is far away, with another address that leads nowhere', async () => {
  const { port, wake } = await sleepingServer()
  setTimeout(wake, 600) // the system asks again after a second
  expect(await put(port, leadingTo('127.0.0.1', '127.0.0.2'), 20_000)).toEqual({ attempts: 1 })
})
