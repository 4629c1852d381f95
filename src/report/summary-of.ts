import { findCauses } from './causes.ts'
import { untouchedSentence } from './changes-lines.ts'
import type { Report } from './json-report.ts'
import { failuresOf, isOfAsset, type RunState } from './ledger.ts'
import type { Links } from './links.ts'
import { updatedSentence } from './result-lines.ts'

/** What a summary tells beside the report. */
export type Beside = ReturnType<typeof summaryOf>

/** @param problems what ended the run, a line each */
export function summaryOf(state: RunState, report: Report, problems: readonly string[]) {
  const { error, verify, changes, onlyAtSource, plannedSeconds, repositoryUrl } = state
  const { hints = [], tracked, baseReason, base, head } = changes
  const isTracked = (path: string): boolean => tracked === undefined || tracked.has(path)
  const links: Links = { repositoryUrl, base, head, isTracked }
  return {
    ...{ error, problems, verify, onlyAtSource, plannedSeconds, baseReason, hints, links },
    // the error that ended the run also stands for the steps that it ended
    causes: findCauses(state, report.urls).filter(({ problem }) => !problems.some((line) => line.startsWith(problem))),
    /** The next push takes what this run left: it compares with the commit of the last successful run. */
    catchesUp: state.mode === 'all' || changes.baseStrategy === 'last-success',
    isBaseKnown: changes.baseStrategy !== '',
    /** how many assets have an attribute, a record or a call that failed */
    failedAssets: failuresOf(state).filter(isOfAsset).length,
    reason: error === undefined ? state.reason : undefined,
    updated: updatedSentence(report),
    untouched: untouchedSentence(changes),
    pictures: state.summary === 'pictures',
  }
}
