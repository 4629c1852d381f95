import { findCauses } from './causes.ts'
import { untouchedSentence } from './changes-lines.ts'
import type { Report } from './json-report.ts'
import type { RunState } from './ledger.ts'
import { isSafe, updatedSentence } from './result-lines.ts'
import type { Beside } from './summary.ts'

/** What the summary of a run tells beside its report.
 *  @param problems what ended the run, a line each */
export function summaryOf(state: Readonly<RunState>, report: Report, problems: readonly string[]): Beside {
  const { error, verify, failures, changes, onlyAtSource, plannedSeconds, repositoryUrl } = state
  const { hints = [], tracked, baseReason, base, head } = changes
  // the error that ended the run also stands for the steps that it ended
  const causes = findCauses(state, report.urls).filter(
    ({ problem }) => !problems.some((line) => line.startsWith(problem)),
  )
  return {
    ...{ error, problems, verify, causes, onlyAtSource, plannedSeconds, baseReason, hints },
    // only a push that knows the last successful run compares with that run's commit
    catchesUp: state.mode === 'all' || changes.baseStrategy === 'last-success',
    failedAssets: failures.filter(({ step }) => !isSafe(step)).length,
    reason: error === undefined ? state.reason : undefined,
    updated: updatedSentence(state.updated),
    untouched: untouchedSentence(changes),
    links: { repositoryUrl, base, head, isTracked: (path) => tracked === undefined || tracked.has(path) },
    pictures: state.summary === 'pictures',
  }
}
