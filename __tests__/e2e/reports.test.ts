import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { emulate } from '../helpers/emulator.ts'
import { CSV, daysAgo, record, runReports } from '../helpers/reports.ts'
import { temporaryFolder } from '../helpers/scenario.ts'

const listed =
  'GET /api/v1/reports?page[size]=100&sort=-period_end&fields[reports]=completed,period_end,period_start,report_key,report_type&filter[report_type]=cdn_logs -> 200'
const [OLD, MISSING, DAY] = [daysAgo(5), daysAgo(4), daysAgo(3)]
const [OLD_KEY, KEY] = [record(OLD).key, record(DAY).key]
const readDay = (key: string): string => `GET /api/v1/reports/id-${key}?fields[reports]=files -> 200`
const got = (key: string, part: string, status: number | string = 200): string =>
  `GET /imgix-reports/id-${key}/${part} -> ${status}`

test('the reports of a range, in parts: files, outputs and summary', async () => {
  const imgix = await emulate()
  const parts = [{ body: Buffer.from('1') }, { body: Buffer.from('2'), extension: '.csv.gz' }]
  imgix.reports.push(record(DAY, { files: parts }), record(OLD), record(MISSING, { periodStart: 1e12 }))
  const run = await runReports(imgix, {
    period: `${OLD}..${DAY}`,
    folder: 'logs/imgix',
    'on-missing': 'warn',
    concurrency: '1',
  })
  const names = [`${OLD_KEY}-01.csv`, `${KEY}-01.csv`, `${KEY}-02.csv.gz`]
  expect([run.code, run.errors]).toEqual([0, []])
  expect(readdirSync(join(run.workspace, 'logs/imgix')).sort()).toEqual(names.toSorted())
  expect(readFileSync(join(run.workspace, 'logs/imgix', `${OLD_KEY}-01.csv`))).toEqual(CSV)
  expect(run.output('files')).toEqual(names.map((name) => `logs/imgix/${name}`))
  expect([run.output('report-keys'), run.output('missing'), run.outputs.count]).toEqual([
    [OLD_KEY, KEY],
    [MISSING],
    '3',
  ])
  const first = readDay(OLD_KEY)
  const second = readDay(KEY)
  expect(imgix.transcript).toEqual([
    ...[listed, first, got(OLD_KEY, 'part-1.csv'), second, got(KEY, 'part-1.csv'), got(KEY, 'part-2.csv.gz')],
  ])
  expect(run.masks.filter((mask) => mask.includes('Signature='))).toHaveLength(3)
  expect(run.log).toContain('2 reports fetched (3 files, 25 B), 1 day without a report')
  expect(run.summary).toContain('### ✅ imgix reports: 2 reports fetched (3 files, 25 B), 1 day without a report')
  expect(run.summary).toContain(`</code></td><td>fetched</td><td>${DAY}</td><td>2, 2 B</td>`)
  expect(run.annotations.map(({ level, message }) => [level, message])).toEqual([
    ['warning', '1 report left out, without a key or a valid period'],
    ['warning', `no cdn_logs report of ${MISSING}: imgix lists none: choose another period, or let on-missing be warn`],
  ])
})

test('a cut body and an old URL are got over; what fails is told once at the end', async () => {
  const imgix = await emulate()
  imgix.reports.push(record(DAY, { files: [{ body: CSV }, { body: CSV }, { body: CSV }] }))
  imgix.fault({ on: { path: /part-1/ }, do: { cutAnswer: 5 } })
  imgix.fault({ on: { path: /part-2/ }, do: { answer: { status: 403, body: '' } } })
  imgix.fault({ on: { path: /part-3/ }, times: 9, do: { answer: { status: 404, body: '' } } })
  const run = await runReports(imgix, { 'max-attempts': '2' })
  expect([run.code, run.output('failed'), run.output('report-keys'), run.outputs.count]).toEqual([1, [KEY], [], '2'])
  expect(run.errors).toEqual([
    `${KEY}, part 3 of 3: the storage does not give the file; run the job again; if it stays, tell imgix's support (404)`,
    '0 reports fetched (2 files, 46 B), 1 failed',
  ])
  expect(readdirSync(join(run.workspace, 'imgix-reports')).sort()).toEqual([`${KEY}-01.csv`, `${KEY}-02.csv`])
})

test('a report that is not complete: waited for; a cancelled wait tells what there is', async () => {
  const imgix = await emulate()
  const pending = record(DAY, { completed: false })
  imgix.reports.push(record(OLD), pending)
  const complete = (): void => {
    pending.completed = true
  }
  imgix.fault({ on: { path: '/api/v1/reports' }, after: 1, do: { meanwhile: complete } })
  const run = await runReports(imgix)
  expect([run.code, run.output('report-keys')]).toEqual([0, [KEY]])
  expect(run.log).toContain(`waits for ${KEY}, 30 min at most`)
  pending.completed = false
  const cancelled = await runReports(
    imgix,
    {},
    { signal: { after: (log) => log.includes('waits for'), send: 'SIGINT' } },
  )
  expect([cancelled.code, cancelled.output('incomplete'), cancelled.errors]).toEqual([
    ...[1, [KEY], ['cancelled: nothing fetched, 1 not complete']],
  ])
})

test('no report at all, a key without the permission, and inputs that are wrong: each with its reason', async () => {
  const imgix = await emulate()
  const none = await runReports(imgix)
  expect([none.code, none.errors[0]]).toEqual([1, expect.stringMatching(/^imgix lists no cdn_logs report: .*premium/)])
  const odd = await emulate()
  odd.reports.push(record(DAY, { periodStart: 1e12 }))
  const unreadable = await runReports(odd)
  expect(unreadable.errors[0]).toBe(
    "imgix lists 1 cdn_logs report, none with a key and a valid period: tell imgix's support",
  )
  const forbidden = await runReports(await emulate({ permissions: ['sources'] }))
  expect([forbidden.code, forbidden.errors]).toEqual([
    1,
    [
      expect.stringMatching(
        /^api-key: the key lacks the permission Analytics; .* whether the account has reports \(403 Forbidden/,
      ),
    ],
  ])
  const workspace = temporaryFolder()
  mkdirSync(join(workspace, 'a'))
  symlinkSync('/tmp', join(workspace, 'a', 'out'))
  const wrong = await runReports(imgix, { 'api-key': '', type: 'x\n::error::y', folder: 'a/out/b' }, { workspace })
  expect([wrong.code, wrong.errors.map((line) => line.split(':')[0])]).toEqual([1, ['type', 'folder', 'api-key']])
  expect(imgix.transcript).toEqual([listed])
})
