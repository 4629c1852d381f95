import { randomBytes } from 'node:crypto'
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Emit } from '../events.ts'
import * as core from '../runner/core.ts'
import { redactLines } from '../runner/outputs.ts'
import { explain } from './explain.ts'
import { buildReport, type Report } from './json-report.ts'
import type { RunState } from './ledger.ts'

const PIECE_ITEMS = 100

/** A path for the report of this step: two steps of a job don't share one. */
export function reportPath(tempDir: string): string {
  return join(tempDir, `imgix-sync-report-${randomBytes(4).toString('hex')}.json`)
}

/** The path of the summary that belongs to a report. */
export function summaryPath(report: string): string {
  return report.replace(/-report-(\w+)\.json$/, '-summary-$1.md')
}

/** Writes the summary whole or not at all. */
export function writeSummaryFile(markdown: string, path: string): void {
  writeWhole([redactLines(markdown)], path)
}

/** Writes the report between the stages, so that a run that is killed leaves one.
 *  @param state as it is after each event */
export function createReportFile(state: Readonly<RunState>, tempDir: string): { path: string; hear: Emit } {
  const path = reportPath(tempDir)
  return {
    path,
    hear({ kind }) {
      if (kind !== 'selected' && kind !== 'planned' && kind !== 'sync-ended') return
      try {
        writeReport(buildReport(state), path)
      } catch (error) {
        core.debug(explain(error)) // the last report fails in the same way, and the run reports that failure
      }
    },
  }
}

/** Writes the report whole or not at all. */
export function writeReport(report: Report, path: string): void {
  writeWhole(piecesOf(report), path)
}

function writeWhole(pieces: Iterable<string>, path: string): void {
  // in a folder that others can write to, such as /tmp, a link can have its place
  rmSync(`${path}.tmp`, { force: true })
  const file = openSync(`${path}.tmp`, 'wx')
  try {
    for (const piece of pieces) writeFileSync(file, piece)
  } finally {
    closeSync(file)
  }
  renameSync(`${path}.tmp`, path)
}

/** Takes all texts that can be secret out of sentences, and only known secrets out of names. */
function withoutSecrets(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  return key === 'error' || key === 'reason' ? core.redact(value) : core.redactName(value)
}

/** The report as indented JSON, in pieces: of tens of thousands of files the whole would be tens of megabytes. */
function* piecesOf({ files, urls, updates, assets, ...rest }: Report): Generator<string> {
  yield JSON.stringify(rest, withoutSecrets, 2).slice(0, -'\n}'.length)
  for (const [name, items] of Object.entries({ files, urls, updates, assets })) {
    yield `,\n  "${name}": [`
    for (let start = 0; start < items.length; start += PIECE_ITEMS) {
      const list = JSON.stringify(items.slice(start, start + PIECE_ITEMS), withoutSecrets, 2)
      yield (start === 0 ? '' : ',') + list.slice(1, -'\n]'.length).replaceAll('\n', '\n  ')
    }
    yield items.length === 0 ? ']' : '\n  ]'
  }
  yield '\n}\n'
}
