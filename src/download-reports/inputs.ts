import { REPORT_TYPES } from '../imgix/reports.ts'
import { CLIENT_DEFAULTS } from '../inputs/defaults.ts'
import { parseFolder } from '../inputs/paths.ts'
import { createInputReader } from '../inputs/reader.ts'
import { oneOf, wholeNumber } from '../inputs/values.ts'
import { parsePeriod } from './period.ts'

// The defaults of reports/action.yml, for inputs that the runner does not set. A test compares the two.
export const DEFAULTS = {
  period: 'latest',
  folder: 'imgix-reports',
  'on-incomplete': 'wait',
  'wait-timeout': '1800',
  'on-missing': 'fail',
  concurrency: '4',
  ...CLIENT_DEFAULTS,
} as const

// Types that are not yet in the reference of REPORT_TYPES: docs.imgix.com/en-US/apis/management/reports, read 2026-11
const NEWER_TYPES = ['credit_analytics_daily', 'credit_analytics_mtd'] as const

export type Inputs = Readonly<ReturnType<typeof readInputs>>

/** Reads and checks every input.
 *  @throws InputError with all problems at once */
export function readInputs(workspace: string) {
  const { read, readClient, requireKey, check } = createInputReader(DEFAULTS)
  const inputs = {
    type: read('type', oneOf(...REPORT_TYPES, ...NEWER_TYPES)),
    period: read('period', parsePeriod),
    /** POSIX, relative to the workspace */
    folder: read('folder', (text) => parseFolder(text, workspace)),
    onIncomplete: read('on-incomplete', oneOf('wait', 'skip')),
    waitTimeoutMs: read('wait-timeout', wholeNumber(1, 21_600)) * 1000,
    /** for a day without a report, and a report without files */
    onMissing: read('on-missing', oneOf('fail', 'warn')),
    concurrency: read('concurrency', wholeNumber(1, 16)),
    ...readClient(),
  }
  requireKey('a Management API key with the permission Analytics')
  check()
  return inputs
}
