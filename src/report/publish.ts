import { annotate } from '../runner/annotations.ts'
import * as core from '../runner/core.ts'
import { setListOutput } from '../runner/outputs.ts'
import { type Report, urlsHaving } from './json-report.ts'

/** Sets every output of the contract. */
export function setOutputs(report: Report, path: string): void {
  const files = (result: string) => report.files.filter((file) => file.result === result)
  const lists = {
    uploaded: files('uploaded').map(({ originPath }) => originPath),
    skipped: files('skipped').map(({ originPath }) => originPath),
    purged: urlsHaving(report.urls, 'purged'),
    stale: report.urls.filter(({ verdict }) => verdict === 'stale').map(({ url }) => url),
    failed: [...files('failed').map((file) => file.path), ...urlsHaving(report.urls, 'failed')],
  }
  for (const [name, list] of Object.entries(lists)) {
    setListOutput(name, list, '; the output report names a file that has them')
    if (name !== 'stale') core.setOutput(`${name}-count`, String(list.length))
  }
  core.setOutput('base', report.base)
  core.setOutput('head', report.head)
  core.setOutput('base-strategy', report.baseStrategy)
  core.setOutput('report', path)
}

/** One annotation for each file and URL that failed.
 *  @param ended the lines that say what ended the run: they have annotations of their own */
export function annotateFailures(report: Report, ended: readonly string[]): void {
  const failed = [...report.files, ...report.urls].filter(
    ({ result, error }) => result === 'failed' && !ended.includes(error ?? ''),
  )
  const annotations = failed.map((item) =>
    'originPath' in item
      ? { line: `${item.path}: ${item.error}`, file: item.path, title: 'imgix sync: file failed' }
      : { line: `${item.url}: ${item.error}`, title: 'imgix sync: purge failed' },
  )
  annotate('error', annotations, (left) => `and ${left} more failures: the report has them all`)
}
