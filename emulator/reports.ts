import { createHmac } from 'node:crypto'
import { type Admitted, type Answer, type Call, Refusal } from './call.ts'
import { dataAnswer, refuse, sparse } from './documents.ts'
import { pageAnswer, readWhole, type SortKeys, sorted } from './lists.ts'
import { withoutBody } from './sources.ts'
import type { Report, State } from './state.ts'

export const REPORT_FILES = '/imgix-reports/'
const signingKey = 'emulated/reports/key/for/loopback'
const SORTS: SortKeys<Report> = {
  period_end: ({ periodEnd }) => periodEnd,
  period_start: ({ periodStart }) => periodStart,
  report_key: ({ key }) => key,
  report_type: ({ type }) => type,
}

const DAY_SECONDS = 86_400

/** A complete report of the day before, with a file. */
export function yesterdaysReport(): Report {
  const today = Math.floor(Date.now() / 1000 / DAY_SECONDS) * DAY_SECONDS
  const period = { periodStart: today - DAY_SECONDS, periodEnd: today - DAY_SECONDS }
  const files = [{ body: Buffer.from('path,requests\n') }]
  return {
    id: '5f7676862528f12b1bfbf65b',
    type: 'cdn_logs',
    key: 'cdn_logs_yesterday',
    completed: true,
    files,
    ...period,
  }
}

/** Lists the account's reports by page, from 0. As in imgix, a filter matches a part of the text, and an unknown filter is
 *  ignored. */
export function listReports(state: State, call: Call): Admitted {
  const query = new URLSearchParams(call.query)
  const page = readWhole(query, 'page[number]', { min: 0, default: 0 })
  const pageSize = Math.min(readWhole(query, 'page[size]', { min: 1, default: 20 }), state.settings.listLimit)
  return withoutBody(call, () => {
    const found = sorted(state.reports.filter(passes(query)), SORTS, query)
    return pageAnswer(found, { page, pageSize }, (report) => documentOf(state, report, query))
  })
}

export function getReport(state: State, call: Call, id: string): Admitted {
  const report = state.reports.find((each) => each.id === id) ?? refuse(404, 'Resource not found.')
  return withoutBody(call, () => dataAnswer(documentOf(state, report, new URLSearchParams(call.query))))
}

/** A GET of a presigned URL of a report, as strict as a bucket: the URL is the only credential that it accepts. */
export function getFile(state: State, call: Call): Admitted {
  const [, id, name = ''] = call.segments ?? []
  if (call.method !== 'GET') refuseXml(405, 'MethodNotAllowed', 'The specified method is not allowed.')
  const stray = Object.keys(call.headers).find((header) => header === 'authorization' || header.startsWith('x-imgix'))
  if (stray !== undefined) refuseXml(400, 'InvalidArgument', `${stray} does not belong here`)
  const query = new URLSearchParams(call.query)
  const expires = query.get('Expires') ?? ''
  if (query.get('Signature') !== sign(call.path, expires)) refuseXml(403, 'SignatureDoesNotMatch', 'Access denied.')
  if (Date.now() >= Number(expires)) refuseXml(400, 'ExpiredToken', 'The provided token has expired.')
  const file = state.reports.find((report) => report.id === id)?.files[Number(/\d+/.exec(name)?.[0]) - 1]
  if (file === undefined) return refuseXml(404, 'NoSuchKey', 'The specified key does not exist.')
  const headers = { 'content-type': 'text/csv', ...file.headers }
  return { keep: false, finish: () => ({ status: 200, headers, body: file.body }) }
}

function documentOf(state: State, report: Report, query: URLSearchParams): Record<string, unknown> {
  const account = { data: { id: '5ae39a60781cee0001020d8f', type: 'accounts' } }
  const files = report.completed ? report.files.map((_, index) => urlOf(state, report, index)) : []
  const attributes = sparse({ ...attributesOf(report), files }, query.get('fields[reports]'))
  return { attributes, id: report.id, relationships: { account }, type: 'reports' }
}

function attributesOf({ completed, key, periodEnd, periodStart, type }: Report) {
  return { completed, period_end: periodEnd, period_start: periodStart, report_key: key, report_type: type }
}

function urlOf({ settings, origin }: State, { id, files }: Report, index: number): string {
  const { url, extension = '.csv' } = files[index] ?? {}
  if (url !== undefined) return url
  const path = `${REPORT_FILES}${id}/part-${index + 1}${extension}`
  const expires = String(Date.now() + settings.urlLifetimeMs)
  return `${settings.storageUrl ?? origin}${path}?Expires=${expires}&Signature=${sign(path, expires)}`
}

function sign(path: string, expires: string): string {
  return createHmac('sha256', signingKey).update(`GET ${path} ${expires}`).digest('hex')
}

function passes(query: URLSearchParams): (report: Report) => boolean {
  const type = query.get('filter[report_type]') ?? ''
  const completed = query.get('filter[completed]')
  return (report) => report.type.includes(type) && (completed === null || String(report.completed) === completed)
}

function refuseXml(status: number, code: string, message: string): never {
  const body = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
  const answer: Answer = { status, headers: { 'content-type': 'application/xml; charset=UTF-8' }, body }
  throw new Refusal(answer)
}
