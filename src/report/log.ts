import type { Emit, Pace, RunEvent } from '../events.ts'
import { DOCUMENTED_LIMITS } from '../imgix/pace.ts'
import { annotate } from '../runner/annotations.ts'
import * as core from '../runner/core.ts'
import { seldom } from '../runner/seldom.ts'
import { count, printable } from '../runner/text.ts'
import { changesLines, untouchedSentence } from './changes-lines.ts'
import { reasonOf, waitLine } from './explain.ts'
import { createFileLog } from './file-log.ts'
import type { RunState } from './ledger.ts'
import { comparedLines, comparedSentence, idlePatternsLine } from './listing-lines.ts'
import { planLines, planSentence, sourceLine } from './plan-lines.ts'
import { purgedAgainLine, roundLine } from './verdicts.ts'

/** Prints what happens.
 *  @param state as it is after each event */
export function createLog(state: Readonly<RunState>): { hear: Emit } {
  const fileLog = createFileLog()
  const sayListed = seldom((assets: number) => core.info(`${assets} of the Source's assets listed so far`))
  return {
    hear(event) {
      const line = lineOf(event)
      if (line !== undefined) core.info(line)
      if (event.kind === 'listed') sayListed(event.assets)
      else print(event, state)
      fileLog.hear(event)
    },
  }
}

/** What has more than one line, or an annotation. */
function print(event: RunEvent, { mode, source, domains, changes, verifySeconds }: Readonly<RunState>): void {
  switch (event.kind) {
    case 'idle':
      if (changes.baseStrategy === '') core.info(event.reason) // otherwise the lines of the selection say it
      break
    case 'note':
      if (event.level === 'notice') core.notice(event.text)
      if (event.level === 'warning') core.warning(event.text)
      break
    case 'selected':
      core.group(mode === 'all' ? 'Files' : 'Changed files', changesLines(event.changes))
      for (const line of [...event.changes.notices, untouchedSentence(event.changes) ?? []].flat()) core.notice(line)
      for (const line of event.changes.warnings) core.warning(line)
      annotateFiles(event.changes.leftOut ?? new Map())
      break
    case 'unlisted':
      core.notice(`every file is taken, as ${printable(event.why)}`)
      break
    case 'compared':
      core.group(comparedSentence(event.listing), comparedLines(event.listing))
      break
    case 'warned':
      annotateFiles(event.problems)
      break
    case 'planned': {
      const lines = [sourceLine(source, domains), ...planLines(event.plan)]
      core.group(`Plan: ${planSentence(event.plan, event.seconds, verifySeconds)}`, lines)
      break
    }
    case 'sync-began':
      if (event.videos.length > 0) core.notice(videosLine(event.videos))
      break
    case 'slowed':
      core.notice(slowDownLine(event))
      break
  }
}

/** @returns undefined for what has no line of its own */
function lineOf(event: RunEvent): string | undefined {
  switch (event.kind) {
    case 'note':
      return event.level === 'info' ? event.text : undefined
    case 'idle-patterns':
      return event.patterns.length > 0 ? idlePatternsLine(event.patterns) : undefined
    case 'sessions-closed':
      return sessionsClosedLine(event.because)
    case 'records-unknown':
      return recordsUnknownLine(event.because)
    case 'waits':
      return waitLine(event.waitMs, event.because)
    case 'looked':
      return roundLine(event)
    case 'purged-again':
      return purgedAgainLine(event.url, event.error)
    default:
      return undefined
  }
}

/** One warning for each file.
 *  @param problems by path */
function annotateFiles(problems: ReadonlyMap<string, string>): void {
  const title = 'imgix sync: guard'
  annotate(
    'warning',
    [...problems].map(([file, problem]) => ({ line: `${file}: ${problem}`, file, title })),
  )
}

/** imgix can serve a video by its Video API, which purges do not reach.
 *  @param names a path or a URL each */
export function videosLine(names: readonly string[]): string {
  return printable(
    `${count(names.length, 'video')} changed or deleted (${names[0]}${names.length > 1 ? ', …' : ''}): purges do not reach imgix's Video API, which may go on serving the older bytes under their old names. A new file name is the sure way`,
  )
}

function sessionsClosedLine(because: Error): string {
  return printable(
    `small files go by direct upload alone from here on, as an upload session failed: ${reasonOf(because)}`,
  )
}

/** The Source can have records of full syncs, which stay when the run replaces the bytes that they describe. */
function recordsUnknownLine(because: Error): string {
  return printable(
    `whether full syncs have left records can't be asked, so only those that the answers of uploads show are renewed: ${reasonOf(because)}`,
  )
}

/** Says what to set in rate-limits after imgix refused a pace within it: one value for all classes. */
export function slowDownLine({ slowDowns, limits, shards }: Extract<RunEvent, { kind: 'slowed' }>): string {
  const accepted = new Map(slowDowns.map((each) => [each.limitClass, each.accepted]))
  const value = Object.entries(limits)
    .filter(([name, limit]) => accepted.has(name) || !isDocumented(name, limit, shards))
    .map(([name, limit]) => `${name}=${rate(accepted.get(name) ?? limit, shards)}`)
  const refused = slowDowns.map(
    ({ limitClass, limit, refusals }) =>
      `${count(refusals, `${limitClass} request`)} though rate-limits allows ${rate(limit, shards)}`,
  )
  return `imgix refused (429) ${refused.join(' and ')}: the limits of this account are lower than assumed, or another job uses them, too. If they are lower, set rate-limits: ${value.join(', ')}`
}

function isDocumented(name: string, limit: Pace, shards: number): boolean {
  const documented = Object.entries(DOCUMENTED_LIMITS).find(([other]) => other === name)?.[1]
  return documented !== undefined && rate(documented, 1) === rate(limit, shards)
}

/** A pace as `rate-limits` takes it. */
function rate({ count, perMs }: Pace, shards: number): string {
  const requests = count * shards
  const units = [
    ['s', 1000],
    ['m', 60_000],
    ['h', 3_600_000],
  ] as const
  const [unit, ms] = units.find(([, unitMs]) => (requests * unitMs) / perMs >= 1) ?? ['h', 3_600_000]
  return `${Math.max(1, Math.floor((requests * ms) / perMs))}/${unit}`
}
