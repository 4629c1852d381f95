import { findCauses, findEnding, findWarnings } from './causes.ts'
import { untouchedSentence } from './changes-lines.ts'
import { isTold } from './explain.ts'
import type { Report } from './json-report.ts'
import { failuresOf, isOfAsset, type RunState } from './ledger.ts'
import type { Links } from './links.ts'
import { leftLines, updatedSentence } from './result-lines.ts'

/** What a summary tells beside the report. */
export type Beside = ReturnType<typeof summaryOf>

/** @param problems what ended the run, a line each */
export function summaryOf(state: RunState, report: Report, problems: readonly string[]) {
  const { error, verify, changes, onlyAtSource, plannedSeconds, repositoryUrl } = state
  const { hints = [], tracked, baseReason, base, head } = changes
  const isTracked = (path: string): boolean => tracked === undefined || tracked.has(path)
  const links: Links = { repositoryUrl, base, head, isTracked }
  const left = failuresOf(state).filter((failed) => !isTold(failed.error, problems))
  const having = (kind: string): number => left.filter(({ step }) => step.kind === kind).length
  const causes = findCauses(state, report.urls)
  const updated = updatedSentence(report)
  const reason = error === undefined ? state.reason : undefined
  return {
    ...{ error, problems, verify, onlyAtSource, plannedSeconds, baseReason, hints, links },
    causes: [
      ...(report.cancelled ? [] : findEnding(error, problems)),
      // the error that ended the run also stands for the steps that it ended
      ...causes.filter(({ problem }) => !problems.some((line) => line.startsWith(problem))),
    ],
    warnings: { count: state.warnings.length, causes: findWarnings(state) },
    /** The next push takes what this run left: it compares with the commit of the last successful run. */
    catchesUp: state.mode === 'all' || changes.baseStrategy === 'last-success',
    isBaseKnown: changes.baseStrategy !== '',
    /** how many failed beside what the error that ended the run stands for */
    failed: {
      file: having('upload') + state.plan.skipped.filter(({ result }) => result === 'failed').length,
      purge: having('purge'),
      /** with an attribute, a record or a call that failed */
      asset: left.filter(isOfAsset).length,
    },
    updated,
    /** what else a reader wants to know */
    lines: [reason, untouchedSentence(changes), updated, ...leftLines(report)].filter((line) => line !== undefined),
    pictures: state.summary === 'pictures',
  }
}
