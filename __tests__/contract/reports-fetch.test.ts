import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Emulator } from '../../emulator/server.ts'
import type { Report as ReportRecord } from '../../emulator/state.ts'
import { fetchReports } from '../../src/download-reports/fetch.ts'
import type { FetchedReport, PartOutcome } from '../../src/download-reports/run-state.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { FileError } from '../../src/imgix/http/body.ts'
import { emulate } from '../helpers/emulator.ts'
import { createTestClient } from '../helpers/imgix.ts'
import { CSV, record, report } from '../helpers/reports.ts'
import { temporaryFolder } from '../helpers/scenario.ts'
import { waitShortly } from '../helpers/short-waits.ts'
import { captureStdout } from '../helpers/stdout.ts'

waitShortly()

const DAY = '2026-11-21'
const three = [1, 2, 3].map((number) => ({ body: Buffer.from(`part ${number}`) }))

type Fetched = { outcomes: PartOutcome[]; told: string[]; folder: string; hidden: string[] }

async function fetchAll(
  imgix: Emulator,
  {
    folder = temporaryFolder(),
    days = [DAY],
    maxAttempts = 2,
    timeoutMs = 10_000,
    concurrency = 2,
    signal = new AbortController().signal,
  } = {},
): Promise<Fetched> {
  const client = createTestClient({ apiUrl: imgix.apiUrl, apiKey: imgix.apiKey, maxAttempts, timeoutMs })
  async function* reports() {
    yield* days.map((day) => report(day))
  }
  const fetched = new Map<string, FetchedReport>()
  const printed = captureStdout()
  const inputs = { concurrency, folder: 'logs' }
  await fetchReports(reports(), { client, folder, inputs, signal, fetched })
  const lines = printed().trimEnd().split('\n')
  const started = [...fetched.values()].map(({ report: { key }, of, error }) =>
    error === undefined ? `${key} has ${of}` : `${key}: ${(error as Error).message}`,
  )
  const told = [...started, ...lines.filter((line) => !/^($|::|fetched |failed )/.test(line))]
  const outcomes = [...fetched.values()].flatMap(({ parts }) => parts)
  outcomes.sort((a, b) => (a.name < b.name ? -1 : 1))
  return { outcomes, told, folder, hidden: client.hidden }
}

async function imgixWith(...records: Partial<ReportRecord>[]): Promise<Emulator> {
  const imgix = await emulate()
  for (const more of records) imgix.reports.push(record(DAY, more))
  return imgix
}

/** Names and contents, those of files that begin with a dot too. */
function contentOf(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

function errorOf({ outcomes }: Fetched, number: number): Error {
  const outcome = outcomes.find((each) => each.number === number)
  return outcome !== undefined && !outcome.ok ? (outcome.error as Error) : expect.fail(`part ${number} did not fail`)
}

test('every part of a report, and nothing beside them', async () => {
  const { outcomes, told, folder, hidden } = await fetchAll(await imgixWith({ files: three }))
  expect(contentOf(folder)).toEqual({
    'cdn_logs_20261121-01.csv': 'part 1',
    'cdn_logs_20261121-02.csv': 'part 2',
    'cdn_logs_20261121-03.csv': 'part 3',
  })
  expect(outcomes.map((outcome) => outcome.ok && [outcome.bytes, outcome.attempts])).toEqual([
    [6, 1],
    [6, 1],
    [6, 1],
  ])
  expect(told).toEqual(['cdn_logs_20261121 has 3'])
  expect(new Set(hidden).size).toBe(3)
})

const mine = ['cdn_logs_20261121-3.csv', 'cdn_logs_20261121-04.txt', 'cdn_logs_20261122-03.csv', 'notes.csv']

test('parts of an earlier, larger fetch of the same report are gone, and nothing else is', async () => {
  const folder = temporaryFolder()
  await fetchAll(await imgixWith({ files: three }), { folder })
  for (const name of [...mine, 'CDN_LOGS_20261121-10.CSV.gz']) writeFileSync(join(folder, name), 'mine')
  mkdirSync(join(folder, 'cdn_logs_20261121-05.csv'))
  const { told } = await fetchAll(await imgixWith({ files: three.slice(0, 1) }), { folder })
  expect(readdirSync(folder).sort()).toEqual([...mine, 'cdn_logs_20261121-01.csv', 'cdn_logs_20261121-05.csv'].sort())
  expect(told[0]).toBe('cdn_logs_20261121 has 1')
  expect(told[1]).toMatch(/^removed .*cdn_logs_20261121-02\.csv.*, of an earlier fetch of cdn_logs_20261121$/)
})

test('parts that are packed now do not stay beside those that were not', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'cdn_logs_20261121-01.csv.gz'), 'older')
  await fetchAll(await imgixWith({ files: three.slice(0, 1) }), { folder })
  expect(readdirSync(folder)).toEqual(['cdn_logs_20261121-01.csv'])
})

test('while a part fails, those of an earlier fetch stay', async () => {
  const folder = temporaryFolder()
  await fetchAll(await imgixWith({ files: three }), { folder })
  const imgix = await imgixWith({ files: three.slice(0, 2) })
  imgix.fault({ on: { path: /part-2/ }, times: 9, do: { answer: { status: 404 } } })
  const { told } = await fetchAll(imgix, { folder })
  expect([readdirSync(folder).length, told]).toEqual([3, ['cdn_logs_20261121 has 2']])
})

test('the URLs of a report are asked for when its turn comes', async () => {
  const imgix = await imgixWith({})
  imgix.reports.push(record('2026-11-20'))
  await fetchAll(imgix, { days: [DAY, '2026-11-20'], concurrency: 1 })
  expect(imgix.transcript.map((line) => /(part|\/reports\/).*/.exec(line)?.[0])).toEqual([
    '/reports/id-cdn_logs_20261121?fields[reports]=files -> 200',
    'part-1.csv -> 200',
    '/reports/id-cdn_logs_20261120?fields[reports]=files -> 200',
    'part-1.csv -> 200',
  ])
})

test.each([
  ['is cut off', { cutAnswer: 3 }, '200 with a body that did not arrive whole (ECONNRESET), 2 tries'],
  ['stalls', { stallAnswer: 3 }, '200 with a body that did not arrive whole (no progress for 0.3 s), 2 tries'],
  ['is refused', { answer: { status: 500, headers: { 'retry-after': '0' } } }, '500, 2 tries'],
])('a part that %s each time fails by itself; what was there before stays', async (_, deed, reason) => {
  const imgix = await imgixWith({ files: three })
  imgix.fault({ on: { path: /part-2/ }, times: 9, do: deed })
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'cdn_logs_20261121-02.csv'), 'of yesterday')
  const fetched = await fetchAll(imgix, { folder, timeoutMs: 300 })
  expect(fetched.outcomes.map(({ ok }) => ok)).toEqual([true, false, true])
  expect(errorOf(fetched, 2)).toBeInstanceOf(ImgixError)
  expect(errorOf(fetched, 2).message).toBe(reason)
  expect(contentOf(folder)).toMatchObject({ 'cdn_logs_20261121-02.csv': 'of yesterday' })
  expect(readdirSync(folder)).toHaveLength(3)
})

test('a shorter file takes the place of a longer one whole, after a try that was cut off', async () => {
  const imgix = await imgixWith({})
  imgix.fault({ on: { path: /part-1/ }, do: { cutAnswer: 20 } })
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'cdn_logs_20261121-01.csv'), 'x'.repeat(1000))
  await fetchAll(imgix, { folder })
  expect(contentOf(folder)).toEqual({ 'cdn_logs_20261121-01.csv': CSV.toString() })
})

const forbidden = { answer: { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' } }

test.each([
  ['403', forbidden],
  ['400 ExpiredToken', { answer: { status: 400, body: '<Error><Code>ExpiredToken</Code></Error>' } }],
])('a URL that is not good any more (%s): the report is asked for another one', async (_, deed) => {
  const imgix = await imgixWith({ files: three })
  imgix.fault({ on: { path: /part-3/ }, do: deed })
  const { outcomes, told } = await fetchAll(imgix)
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true])
  expect(told).toEqual([
    'cdn_logs_20261121 has 3',
    'the URL of cdn_logs_20261121-03.csv has expired: requests another one',
  ])
})

test('it is asked once', async () => {
  const imgix = await imgixWith({})
  imgix.fault({ on: { path: /part-1/ }, times: 9, do: forbidden })
  const fetched = await fetchAll(imgix)
  expect(errorOf(fetched, 1).message).toMatch(/^403 AccessDenied$/)
  expect(imgix.transcript).toHaveLength(4)
})

test('a report that has other files by then', async () => {
  const imgix = await imgixWith({ files: three })
  const shrink = () => imgix.reports[0]?.files.pop()
  imgix.fault({ on: { path: /part-1/ }, do: forbidden })
  imgix.fault({ on: { path: /\/reports\/id/ }, after: 1, do: { meanwhile: shrink } })
  const error = errorOf(await fetchAll(imgix, { concurrency: 1 }), 1)
  expect(error).toBeInstanceOf(ImgixError)
  expect(error.message).toBe('200 with 2 files where there were 3')
})

test('a report without files, and one that is gone', async () => {
  const imgix = await imgixWith({ files: [] })
  const { outcomes, told } = await fetchAll(imgix, { days: [DAY, '2026-11-20'] })
  expect(outcomes).toEqual([])
  expect(told).toEqual(['cdn_logs_20261121 has 0', expect.stringMatching(/^cdn_logs_20261120: 404 NotFound/)])
})

test('files that are no list of URLs', async () => {
  const imgix = await imgixWith({})
  const attributes = { files: [{ url: 'https://storage.example.com/a.csv' }] }
  const body = JSON.stringify({ data: { id: 'id-cdn_logs_20261121', type: 'reports', attributes } })
  imgix.fault({ on: { path: /\/reports\/id/ }, do: { answerBody: { body } } })
  expect((await fetchAll(imgix)).told).toEqual(['cdn_logs_20261121: 200 with files that are not a list of URLs'])
})

test.each([401, 403])('%i of the API ends it: no further report is asked', async (status) => {
  const imgix = await imgixWith({})
  imgix.fault({ on: { path: /\/reports\/id/ }, do: { answer: { status } } })
  const fetching = fetchAll(imgix, { days: [DAY, '2026-11-20'], concurrency: 4 })
  await expect(fetching).rejects.toThrow(ImgixError)
  await expect(fetching).rejects.toThrow(String(status))
  expect(imgix.transcript).toHaveLength(1)
})

test('a file that is packed is there unpacked, and an archive as it is', async () => {
  const body = gzipSync(CSV)
  const headers = { 'content-encoding': 'gzip' }
  const { folder } = await fetchAll(
    await imgixWith({
      files: [
        { body, headers },
        { body, extension: '.csv.gz' },
      ],
    }),
  )
  expect(readFileSync(join(folder, 'cdn_logs_20261121-01.csv'))).toEqual(CSV)
  expect(readFileSync(join(folder, 'cdn_logs_20261121-02.csv.gz'))).toEqual(body)
})

test('a folder in the place of a file', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'cdn_logs_20261121-01.csv'))
  const error = errorOf(await fetchAll(await imgixWith({}), { folder }), 1)
  expect(error).toBeInstanceOf(FileError)
  expect(error.message).toBe("the file can't be written (EISDIR)")
  expect(readdirSync(folder)).toEqual(['cdn_logs_20261121-01.csv'])
})

test('a folder that is gone', async () => {
  const folder = temporaryFolder()
  rmSync(folder, { recursive: true })
  const error = errorOf(await fetchAll(await imgixWith({}), { folder }), 1)
  expect(error).toBeInstanceOf(FileError)
  expect(error.message).toBe("the file can't be written (ENOENT)")
})

test('a cancelled run leaves no half of a file', async () => {
  const imgix = await imgixWith({ files: three })
  const cancel = new AbortController()
  imgix.fault({ on: { path: /part-1/ }, do: { stallAnswer: 3 } })
  const folder = temporaryFolder()
  const fetching = fetchAll(imgix, { folder, signal: cancel.signal, concurrency: 1 })
  await expect.poll(() => imgix.transcript.length).toBe(2)
  cancel.abort(new Error('the run was cancelled'))
  const { outcomes } = await fetching
  expect([outcomes, contentOf(folder)]).toEqual([[], {}])
})
