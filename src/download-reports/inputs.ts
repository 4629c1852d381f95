import { REPORT_TYPES } from '../imgix/reports.ts'
import { parseFolder } from '../inputs/paths.ts'
import { createInputReader } from '../inputs/reader.ts'
import { oneOf, parseApiUrl, wholeNumber } from '../inputs/values.ts'
import { type Period, parsePeriod } from './period.ts'

export type Inputs = {
  readonly apiKey: string
  readonly type: string
  readonly period: Period
  /** POSIX, relative to the workspace */
  readonly folder: string
  readonly onIncomplete: 'wait' | 'skip'
  readonly waitTimeoutMs: number
  /** for a day without a report, and a report without files */
  readonly onMissing: 'fail' | 'warn'
  readonly concurrency: number
  readonly maxAttempts: number
  readonly timeoutMs: number
  readonly apiUrl: string
  readonly proxyFor: (url: URL) => URL | undefined
}

// The defaults of reports/action.yml, for inputs that the runner does not set. A test compares the two.
export const DEFAULTS = {
  period: 'latest',
  folder: 'imgix-reports',
  'on-incomplete': 'wait',
  'wait-timeout': '1800',
  'on-missing': 'fail',
  concurrency: '4',
  'max-attempts': '5',
  timeout: '60',
  'api-url': 'https://api.imgix.com',
} as const

// Types that are not yet in the reference of REPORT_TYPES: docs.imgix.com/en-US/apis/management/reports, read 2026-11
const NEWER_TYPES = ['credit_analytics_daily', 'credit_analytics_mtd'] as const

/** Reads and checks every input.
 *  @throws InputError with all problems at once */
export function readInputs(workspace: string): Inputs {
  const reader = createInputReader(DEFAULTS)
  const { apiKey, read } = reader
  const inputs: Inputs = {
    apiKey,
    type: read('type', oneOf(...REPORT_TYPES, ...NEWER_TYPES)),
    period: read('period', parsePeriod),
    folder: read('folder', (text) => parseFolder(text, workspace)),
    onIncomplete: read('on-incomplete', oneOf('wait', 'skip')),
    waitTimeoutMs: read('wait-timeout', wholeNumber(1, 21_600)) * 1000,
    onMissing: read('on-missing', oneOf('fail', 'warn')),
    concurrency: read('concurrency', wholeNumber(1, 16)),
    maxAttempts: read('max-attempts', wholeNumber(1, 20)),
    timeoutMs: read('timeout', wholeNumber(1, 3600)) * 1000,
    apiUrl: read('api-url', parseApiUrl),
    proxyFor: reader.proxyFor,
  }
  if (apiKey === '' && !reader.isNoted('api-key')) {
    reader.add("api-key: '' is not allowed; a Management API key with the permission Analytics")
  }
  reader.check()
  return inputs
}
