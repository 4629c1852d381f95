import { describe, expect, test } from 'vitest'
import type { Fault } from '../../emulator/server.ts'
import {
  cancelled,
  closed,
  gotSource,
  opened,
  purged,
  put,
  scenario,
  sought,
  uploaded,
  url,
} from '../helpers/scenario.ts'
import { runsWaitShortly } from '../helpers/short-waits.ts'

runsWaitShortly()

type Stage = keyof typeof stages
type Row = {
  at: readonly Stage[]
  deed: Fault['do']
  /** what the transcript has for the request */
  status: number | 'reset' | 'hang'
  /** the server did all the same what it was asked for */
  done?: true
  content?: Buffer
  inputs?: Record<string, string>
}

/** Where it goes wrong: the request, its line in the transcript, and how the error of it begins. */
const stages = {
  source: { on: { method: 'GET' }, line: answeredSource, told: "the Source can't be read: " },
  upload: { on: { path: /\/upload\// }, line: of(uploaded), told: 'a.png: not uploaded: ' },
  open: {
    on: { path: /\/create\// },
    line: of(opened),
    told: 'a.png: not uploaded: ',
  },
  put: { on: { method: 'PUT' }, line: of(put), told: 'a.png: not uploaded: ' },
  close: {
    on: { path: /\/close\// },
    line: closed,
    told: 'a.png: not uploaded: ',
  },
  purge: { on: { path: '/api/v1/purge' }, line: answeredPurge, told: `${url('a.png')}: not purged: ` },
} satisfies Record<string, { on: Fault['on']; line: (status: number | string) => string; told: string }>

const everywhere = Object.keys(stages) as Stage[]
const ofTheApi = everywhere.filter((stage) => stage !== 'put')
const directly: readonly Stage[] = ['source', 'upload', 'purge']
const bySession: readonly Stage[] = ['source', 'open', 'put', 'close', 'purge']
/** Asks the server before it is sent. */
const large = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => at % 251))
const html = { headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' }
const refusal = { status: 200, body: JSON.stringify({ errors: [{ title: 'Busy', detail: 'Later.', id: 'c0ffee' }] }) }

function answeredSource(status: number | string): string {
  return gotSource.replace('200', String(status))
}

function answeredPurge(status: number | string): string {
  return purged.replace('200', String(status))
}

function of(line: (path: string, status: number | string) => string) {
  return (status: number | string): string => line('a.png', status)
}

/** Pushes one file, two tries a request, at each stage of a row by itself. @returns what came of it, by stage */
async function pushAtEach({ at, deed, content = Buffer.from('a picture'), inputs }: Row, times: number) {
  const runs = at.map(async (stage) => {
    const { push, asked, intact, imgix } = await scenario()
    imgix.fault({ on: stages[stage].on, times, do: deed })
    const threshold = { 'session-threshold': directly.includes(stage) ? '30MB' : '1B' }
    const { code, errors, results } = await push({ 'a.png': content }, { ...threshold, 'max-attempts': '2', ...inputs })
    const pending = [...imgix.sessions.values()].filter(({ status }) => status === 'PENDING').length
    const told = errors.map((error) => whatFailed(error).replace(new URL(imgix.apiUrl).host, 'HOST'))
    return [stage, { asked: asked(), stored: intact(), pending, code, told, results }] as const
  })
  return Object.fromEntries(await Promise.all(runs))
}

/** A message without its advice, which the run must give. */
function whatFailed(message: string): string {
  if (/^\d+ of \d+/.test(message)) return message
  expect(message).toContain('; run the job again')
  return message.replace(/; run the job again[^(]*/, ' ')
}

/** The lines of a run without faults, up to a stage and after it. */
function around(stage: Stage): { before: string[]; after: string[] } {
  const order = directly.includes(stage) ? directly : bySession
  const lines = (name: Stage): string[] => [stages[name].line(200), ...(name === 'source' ? [sought()] : [])]
  const at = order.indexOf(stage)
  const after = [...lines(stage).slice(1), ...order.slice(at + 1).flatMap(lines)]
  return { before: order.slice(0, at).flatMap(lines), after }
}

function byStage<T>(at: readonly Stage[], expected: (stage: Stage) => T): Record<string, T> {
  return Object.fromEntries(at.map((stage) => [stage, expected(stage)]))
}

describe('once: tried again, and the file is there, whole and purged', () => {
  test.each([
    ['reset before it is read', { at: everywhere, deed: { resetAfterBytes: 0 }, status: 'reset' }],
    [
      'reset in its body',
      { at: ['upload', 'put'], deed: { resetAfterBytes: 1_500_000 }, status: 'reset', content: large },
    ],
    [
      'reset after its body',
      { at: everywhere, deed: { loseAnswer: true }, status: 'reset', done: true, content: large },
    ],
    ['an answer that is cut', { at: ofTheApi, deed: { cutAnswer: 25 }, status: 'reset', done: true }],
    ['JSON that is cut', { at: ofTheApi, deed: { answerBody: { body: '{"data":{"id":' } }, status: 200, done: true }],
    ['a page with 200', { at: ofTheApi, deed: { answer: { status: 200, ...html } }, status: 200 }],
    ['errors with 200', { at: ofTheApi, deed: { answer: refusal }, status: 200 }],
    ['no answer', { at: everywhere, deed: { hang: true }, status: 'hang', content: large, inputs: { timeout: '2' } }],
  ] satisfies [string, Row][])('%s', async (_, row: Row) => {
    expect(await pushAtEach(row, 1)).toEqual(
      byStage(row.at, (stage) => {
        const { before, after } = around(stage)
        const { line } = stages[stage]
        const second = stage === 'purge' && row.done ? 409 : 200 // a duplicate
        return {
          asked: [...before, line(row.status), line(second), ...after],
          stored: ['a.png'],
          pending: stage === 'open' && row.done ? 1 : 0, // nobody knows its id; it closes itself after 8 hours
          ...{ code: 0, told: [], results: [`purged ${url('a.png')}`, 'uploaded a.png'] },
        }
      }),
    )
  })
})

describe('at every try: one line that says so, and no purge of what is not stored', () => {
  test.each([
    [
      'reset before it is read',
      { at: everywhere, deed: { resetAfterBytes: 0 }, status: 'reset' },
      'no answer from HOST (ECONNRESET) (2 tries)',
    ],
    [
      'an empty 502',
      { at: everywhere, deed: { answer: { status: 502, headers: { 'retry-after': '0' }, body: '' } }, status: 502 },
      'WHO failed (502, 2 tries)',
    ],
    [
      'a page with 200',
      { at: ofTheApi, deed: { answer: { status: 200, ...html } }, status: 200 },
      "imgix's answer can't be used (200 with an answer that is not JSON, 2 tries)",
    ],
    [
      'errors with 200',
      { at: ofTheApi, deed: { answer: refusal }, status: 200 },
      "imgix's answer can't be used (200 with errors and no data Busy: Later, 2 tries, request id c0ffee)",
    ],
  ] satisfies [string, Row, string][])('%s', async (_, row: Row, says) => {
    expect(await pushAtEach(row, 2)).toEqual(
      byStage(row.at, (stage) => {
        const { told, line } = stages[stage]
        // refused after a try that may have been carried out: the session's state tells
        const asksState = stage === 'close' && row.status === 200
        const who = stage === 'put' ? 'the storage of the bucket' : 'imgix'
        const isOpen = stage === 'put' || stage === 'close'
        const isStored = stage === 'close' || stage === 'purge'
        const file = stage === 'purge' ? 'uploaded' : stage === 'source' ? 'planned' : 'failed'
        const ends = { source: [], purge: ['1 of 1 purge failed'] }[stage as string] ?? ['1 of 1 file failed']
        return {
          asked: [
            ...[...around(stage).before, line(row.status), line(row.status)],
            ...(asksState ? ['GET /api/v1/sources/SRC/upload-sessions/status/ID -> 200'] : []),
            ...(isOpen ? [cancelled()] : []),
          ],
          stored: isStored ? ['a.png'] : [],
          pending: 0,
          code: 1,
          told: [`${told}${says.replace('WHO', who)}`, ...ends],
          // without the Source no URL is known
          results:
            stage === 'source'
              ? []
              : [`${stage === 'purge' ? 'failed' : 'planned'} ${url('a.png')}`, `${file} a.png`].sort(),
        }
      }),
    )
  })
})
