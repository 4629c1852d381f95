import type { Client, Ends } from './client.ts'
import { contradictsResource } from './contradictions.ts'
import { BY_NUMBER, type Filters, type ListQuery, listPages, type NumberPage, type Pages, writeQuery } from './lists.ts'
import { type Attributes, type Resource, requestResource } from './resources.ts'

export const REPORT_TYPES = ['cdn_logs', 'image_analytics', 'mild_errors', 'source_analytics'] as const

export const REPORT_ATTRIBUTES = {
  completed: 'boolean',
  /** URLs of the report's parts, each of at most 64 MB (presigned ones are secrets) */
  files: 'list',
  /** s since 1970 */
  period_end: 'integer',
  period_start: 'integer',
  report_key: 'string',
  report_type: REPORT_TYPES,
} as const

export const REPORT_FILTERS = { completed: 'boolean', report_type: REPORT_TYPES } as const
export const REPORT_SORTS = ['period_end', 'period_start', 'report_key', 'report_type'] as const

export type ReportResource = Resource<Attributes<typeof REPORT_ATTRIBUTES>>
export type ReportQuery = ListQuery<
  keyof typeof REPORT_ATTRIBUTES,
  (typeof REPORT_SORTS)[number],
  Filters<typeof REPORT_FILTERS>,
  NumberPage
>

/** Lists the account's reports page by page; a day's are there by 04:00 UTC of the next. Permission Analytics, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/reports */
export function listReports(client: Client, query: ReportQuery = {}, ends: Ends = {}): Pages<ReportResource> {
  const list = { path: 'reports', type: 'reports', permission: 'Analytics', paging: BY_NUMBER, query } as const
  return listPages(client, list, ends)
}

/** Reads one report. Permission Analytics, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/reports */
export function getReport(
  client: Client,
  reportId: string,
  { fields, ...ends }: Pick<ReportQuery, 'fields'> & Ends = {},
): Promise<ReportResource> {
  const path = `reports/${encodeURIComponent(reportId)}${writeQuery('reports', { fields })}`
  const contradiction = contradictsResource('reports', 'report', reportId)
  return requestResource(client, { path, permission: 'Analytics', contradiction, ...ends })
}
