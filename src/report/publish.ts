import { randomBytes } from 'node:crypto'
import { closeSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as core from '@actions/core'
import { printable } from '../runner/text.ts'
import { type Report, urlsHaving } from './json-report.ts'

const OUTPUT_MAX_BYTES = 200_000
const PIECE_ITEMS = 100
// GitHub shows ten annotations of a kind for a step; the log and the report have the others.
const ANNOTATIONS_MAX = 50

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

/** The report as indented JSON, in pieces: of tens of thousands of files the whole would be tens of megabytes. */
function* piecesOf({ files, urls, ...rest }: Report): Generator<string> {
  yield JSON.stringify(rest, null, 2).slice(0, -'\n}'.length)
  yield* piecesOfList('files', files)
  yield* piecesOfList('urls', urls)
  yield '\n}\n'
}

function* piecesOfList(name: string, items: readonly unknown[]): Generator<string> {
  yield `,\n  "${name}": [`
  for (let start = 0; start < items.length; start += PIECE_ITEMS) {
    const list = JSON.stringify(items.slice(start, start + PIECE_ITEMS), null, 2)
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
    const json = JSON.stringify(list)
    const fits = Buffer.byteLength(json) <= OUTPUT_MAX_BYTES
    if (!fits)
      core.notice(
        `the output ${name} is left empty: its ${list.length} entries are over 200 kB; the output report names a file that has them`,
      )
    core.setOutput(name, fits ? json : '')
    if (name !== 'stale') core.setOutput(`${name}-count`, String(list.length))
  }
  core.setOutput('base', report.base)
  core.setOutput('head', report.head)
  core.setOutput('base-strategy', report.baseStrategy)
  core.setOutput('report', path)
}

/** One warning for each file that is uploaded in spite of what a guard found.
 *  @param problems by path */
export function warnOfGuarded(problems: ReadonlyMap<string, string>): void {
  for (const [index, [path, problem]] of [...problems].entries()) {
    const line = printable(`${path}: ${problem}`)
    if (index < ANNOTATIONS_MAX) core.warning(line, { file: path, title: 'imgix sync: guard' })
    else core.info(line)
  }
}

/** One annotation for each file and URL that failed.
 *  @param ended what ended the run, which is told once and by itself */
export function annotate(report: Report, ended: readonly string[]): void {
  const failed = [...report.files, ...report.urls].filter(
    ({ result, error }) => result === 'failed' && !ended.includes(error ?? ''),
  )
  for (const item of failed.slice(0, ANNOTATIONS_MAX)) {
    if ('originPath' in item) {
      core.error(printable(`${item.path}: ${item.error}`), { file: item.path, title: 'imgix sync: file failed' })
    } else core.error(printable(`${item.url}: ${item.error}`), { title: 'imgix sync: purge failed' })
  }
  const left = failed.length - ANNOTATIONS_MAX
  if (left > 0) core.info(`and ${left} more failures: the report has them all`)
}
