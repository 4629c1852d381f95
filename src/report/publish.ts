import { randomBytes } from 'node:crypto'
import { closeSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { annotate } from '../runner/annotations.ts'
import * as core from '../runner/core.ts'
import { setListOutput } from '../runner/outputs.ts'
import { type Report, urlsHaving } from './json-report.ts'

const PIECE_ITEMS = 100

/** A path for the report of this step: two steps of a job don't share one. */
export function reportPath(tempDir: string): string {
  return join(tempDir, `imgix-sync-report-${randomBytes(4).toString('hex')}.json`)
}

/** Writes the report whole or not at all. */
export function writeReport(report: Report, path: string): void {
  const file = openSync(`${path}.tmp`, 'w')
  try {
    for (const piece of piecesOf(report)) writeFileSync(file, piece)
  } finally {
    closeSync(file)
  }
  renameSync(`${path}.tmp`, path)
}

/** What is said goes without all that may be secret; a name stays as it is, but for what is known to be secret. */
function withoutSecrets(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  return key === 'error' || key === 'reason' ? core.redact(value) : core.redactName(value)
}

/** The report as indented JSON, in pieces: of tens of thousands of files the whole would be tens of megabytes. */
function* piecesOf({ files, urls, ...rest }: Report): Generator<string> {
  yield JSON.stringify(rest, withoutSecrets, 2).slice(0, -'\n}'.length)
  yield* piecesOfList('files', files)
  yield* piecesOfList('urls', urls)
  yield '\n}\n'
}

function* piecesOfList(name: string, items: readonly unknown[]): Generator<string> {
  yield `,\n  "${name}": [`
  for (let start = 0; start < items.length; start += PIECE_ITEMS) {
    const list = JSON.stringify(items.slice(start, start + PIECE_ITEMS), withoutSecrets, 2)
    yield (start === 0 ? '' : ',') + list.slice(1, -'\n]'.length).replaceAll('\n', '\n  ')
  }
  yield items.length === 0 ? ']' : '\n  ]'
}

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

/** One warning for each file that is uploaded although a guard found a problem.
 *  @param problems by path */
export function warnOfGuarded(problems: ReadonlyMap<string, string>): void {
  const annotations = [...problems].map(([file, problem]) => ({
    line: `${file}: ${problem}`,
    file,
    title: 'imgix sync: guard',
  }))
  annotate('warning', annotations)
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
