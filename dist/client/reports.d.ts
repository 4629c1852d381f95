import type { Client, Ends } from './client.js';
import { type Filters, type ListQuery, type NumberPage, type Pages } from './lists.js';
import { type Attributes, type Resource } from './resources.js';
export declare const REPORT_TYPES: readonly ['cdn_logs', 'image_analytics', 'mild_errors', 'source_analytics'];
export declare const REPORT_ATTRIBUTES: {
    readonly completed: 'boolean';
    /** URLs of the report's parts, each of at most 64 MB (presigned ones are secrets) */
    readonly files: 'list';
    /** s since 1970 */
    readonly period_end: 'integer';
    readonly period_start: 'integer';
    readonly report_key: 'string';
    readonly report_type: readonly ["cdn_logs", "image_analytics", "mild_errors", "source_analytics"];
};
export declare const REPORT_FILTERS: {
    readonly completed: 'boolean';
    readonly report_type: readonly ["cdn_logs", "image_analytics", "mild_errors", "source_analytics"];
};
export declare const REPORT_SORTS: readonly ['period_end', 'period_start', 'report_key', 'report_type'];
export type ReportResource = Resource<Attributes<typeof REPORT_ATTRIBUTES>>;
export type ReportQuery = ListQuery<keyof typeof REPORT_ATTRIBUTES, (typeof REPORT_SORTS)[number], Filters<typeof REPORT_FILTERS>, NumberPage>;
/** Lists the account's reports page by page; a day's are there by 04:00 UTC of the next. Permission Analytics, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/reports */
export declare function listReports(client: Client, query?: ReportQuery, ends?: Ends): Pages<ReportResource>;
/** Reads one report. Permission Analytics, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/reports */
export declare function getReport(client: Client, reportId: string, { fields, ...ends }?: Pick<ReportQuery, 'fields'> & Ends): Promise<ReportResource>;
