import * as core from '../runner/core.ts'
import { setListOutputs } from '../runner/outputs.ts'
import { type Report, urlsHaving } from './json-report.ts'

/** Sets every output of the contract.
 *  @param paths of the report and of the summary */
export function setOutputs(report: Report, paths: { report: string; summary: string }): void {
  const files = (result: string) => report.files.filter((file) => file.result === result)
  const lists = {
    uploaded: files('uploaded').map(({ originPath }) => originPath),
    skipped: files('skipped').map(({ originPath }) => originPath),
    purged: urlsHaving(report.urls, 'purged'),
    stale: report.urls.filter(({ verdict }) => verdict === 'stale').map(({ url }) => url),
    planned: report.dryRun ? files('planned').map(({ originPath }) => originPath) : [],
    failed: [...files('failed').map((file) => file.path), ...urlsHaving(report.urls, 'failed')],
  }
  setListOutputs(lists, '; the output report names a file that has them')
  for (const [name, list] of Object.entries(lists))
    if (name !== 'stale') core.setOutput(`${name}-count`, String(list.length))
  core.setOutput('base', report.base)
  core.setOutput('head', report.head)
  core.setOutput('base-strategy', report.baseStrategy)
  core.setOutput('report', paths.report)
  core.setOutput('summary', paths.summary)
}
