import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { openGitHub } from '../../src/select/github.ts'
import { listen } from '../helpers/server.ts'

type Answer = (response: ServerResponse, url: string, server: () => string) => unknown

async function open(answer: Answer) {
  const server = await listen((seen, response) => answer(response, seen.request, () => server.url))
  const pause = async () => {}
  const settings = { token: 'ghs_token', apiUrl: server.url, repository: 'imgix-sync/site', runId: 1 }
  return { server, github: openGitHub({ ...settings, signal: new AbortController().signal, pause }) }
}

/** Asks for the files of a pull request. @returns them, undefined where they can't be read, and how often it asked */
async function ask(answer: Answer) {
  const { server, github } = await open(answer)
  return { files: await github.pullRequest(1), requests: server.seen.length }
}

const json = { 'content-type': 'application/json' }
const file = { filename: 'a.png', status: 'added' }
const MIB = 1 << 20

test('an answer is read whole, with the pages after it', async () => {
  const { files, requests } = await ask((response, url, server) => {
    const next = url.includes('page=2') ? {} : { link: `<${server()}/files?page=2>; rel="next"` }
    response.writeHead(200, { ...json, ...next }).end(JSON.stringify([{ ...file, patch: 'é'.repeat(MIB) }]))
  })
  const change = { path: 'a.png', change: 'added' }
  expect([files, requests]).toEqual([{ files: [change, change], cut: false, base: '' }, 2])
})

test.each([
  ['of 33 MiB', (response) => response.writeHead(200, json).end(`["${'x'.repeat(33 * MIB)}"]`)],
  ['of a million values', (response) => response.writeHead(200, json).end(`[${'{},'.repeat(1e6)}{}]`)],
  ['of brackets', (response) => response.writeHead(200, json).end('['.repeat(6 * MIB))],
  ['that refuses, of brackets', (response) => response.writeHead(500, json).end('['.repeat(6 * MIB))],
  ['whose next page is on another host', (response) => next(response, 'http://localhost:1/files')],
] satisfies [string, Answer][])('an answer %s is none', async (_, answer) => {
  const { files, requests } = await ask(answer)
  expect([files, requests]).toEqual([undefined, 1])
})

test('a redirect on the same host is followed, as that of a repository that was renamed', async () => {
  const { files, requests } = await ask((response, url) =>
    url.includes('/site/')
      ? response.writeHead(301, { location: '/repositories/1/pulls/1/files' }).end()
      : response.writeHead(200, json).end(JSON.stringify([file])),
  )
  expect([files?.files, requests]).toEqual([[{ path: 'a.png', change: 'added' }], 2])
})

test.each<[string, (server: string) => string, number]>([
  ['to another host', () => 'http://localhost:1/files', 1],
  ['to itself', (server) => `${server}/files`, 6],
])('a redirect %s is no answer', async (_, to, wanted) => {
  const { files, requests } = await ask((response, _url, server) =>
    response.writeHead(302, { ...json, location: to(server()) }).end('[]'),
  )
  expect([files, requests]).toEqual([undefined, wanted])
})

test('a packed answer is read, and bounded by what is in it', async () => {
  const packed = (text: string): Answer => {
    return (response) => response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(text))
  }
  expect((await ask(packed(JSON.stringify([file])))).files?.files).toHaveLength(1)
  expect(await ask(packed(`["${'x'.repeat(33 * MIB)}"]`))).toEqual({ files: undefined, requests: 1 })
})

test('what GitHub says of a deprecated route goes into no log', async () => {
  const printed = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const headers = { ...json, deprecation: 'true', link: '<::error::x>; rel="deprecation"' }
  await ask((response) => response.writeHead(200, headers).end('[]'))
  expect(printed).not.toHaveBeenCalled()
  printed.mockRestore()
})

test('why the runs of a workflow are not known', async () => {
  const { github } = await open((response) => response.writeHead(200, json).end('['.repeat(6 * MIB)))
  const why = "GitHub's API does not answer (an answer with JSON that is nested more than 100 deep)"
  expect(await github.runs('main')).toEqual({ known: false, cause: 'no-answer', why })
})

test('an answer of nothing is no empty list', async () => {
  const { github } = await open((response) => response.writeHead(204).end())
  const asked = [ask((response) => response.writeHead(200, json).end()), github.runs('main')]
  const why = "GitHub's API does not answer (no answer)"
  expect(await Promise.all(asked)).toEqual([
    { files: undefined, requests: 3 },
    { known: false, cause: 'no-answer', why },
  ])
})

test('pages without an end', async () => {
  const { files, requests } = await ask((response, _url, server) => next(response, `${server()}/files`))
  expect([files, requests]).toEqual([undefined, 50])
})

function next(response: ServerResponse, url: string): void {
  response.writeHead(200, { ...json, link: `<${url}>; rel="next"` }).end(JSON.stringify([file]))
}

test('a packed answer that arrives damaged is asked for again', async () => {
  const packed = gzipSync(JSON.stringify([file]))
  let asked = 0
  const { files, requests } = await ask((response) => {
    asked += 1
    const headers = { ...json, 'content-encoding': 'gzip' }
    response.writeHead(200, headers).end(asked === 1 ? packed.subarray(0, -9) : packed)
  })
  expect([files?.files, requests]).toEqual([[{ path: 'a.png', change: 'added' }], 2])
})
