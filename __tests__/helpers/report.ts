import type { FileReport, Report, UrlReport } from '../../src/report/json-report.ts'
import { SOURCE_ID } from './imgix.ts'

export function fileReport(path: string, more: Partial<FileReport> = {}): FileReport {
  return {
    ...{ path, originPath: path, change: 'modified', bytes: 1500, via: 'direct', result: 'uploaded' },
    ...{ attempts: 1, seconds: 0.5 },
    ...more,
  }
}

export function urlReport(url: string, more: Partial<UrlReport> = {}): UrlReport {
  return { url, subImage: false, result: 'purged', attempts: 1, ...more }
}

/** A report of a run that ended after 2.5 s, its counts taken from its parts. */
export function reportOf(more: Partial<Report> = {}): Report {
  const { files = [], urls = [] } = more
  const having = (result: string): number => [...files, ...urls].filter((item) => item.result === result).length
  return {
    version: 1,
    mode: 'changed',
    dryRun: false,
    cancelled: false,
    seconds: 2.5,
    base: '1'.repeat(40),
    head: '2'.repeat(40),
    baseStrategy: 'event',
    source: { id: SOURCE_ID, type: 's3', domains: ['a.imgix.net'] },
    counts: {
      uploaded: having('uploaded'),
      skipped: having('skipped'),
      purged: having('purged'),
      failed: having('failed'),
    },
    ...more,
    files,
    urls,
    updates: more.updates ?? [],
    assets: more.assets ?? [],
  }
}
