import type { Emit, Pace, RunEvent } from '../events.ts'
import { DOCUMENTED_LIMITS } from '../imgix/pace.ts'
import { annotate } from '../runner/annotations.ts'
import * as core from '../runner/core.ts'
import { seldom } from '../runner/seldom.ts'
import { count, printable } from '../runner/text.ts'
import { changesLines, untouchedSentence } from './changes-lines.ts'
import { logWait, reasonOf } from './explain.ts'
import { createFileLog } from './file-log.ts'
import type { RunState } from './ledger.ts'
import { comparedLines, comparedSentence, idlePatternsLine } from './listing-lines.ts'
import { planLines, planSentence, sourceLine } from './plan-lines.ts'

/** Prints what happens.
 *  @param state as it is after each event */
export function createLog(state: RunState): { hear: Emit } {
  const fileLog = createFileLog(state)
  const sayListed = seldom((assets: number) => core.info(`${assets} of the Source's assets listed so far`))
  return {
    hear(event) {
      const print = PRINT[event.kind] as ((event: RunEvent, state: RunState) => void) | undefined
      print?.(event, state)
      if (event.kind === 'listed') sayListed(event.assets)
      fileLog.hear(event)
    },
  }
}

type Printers = { readonly [K in RunEvent['kind']]?: (event: Extract<RunEvent, { kind: K }>, state: RunState) => void }

const NOTE = { info: core.info, notice: core.notice, warning: core.warning }

const PRINT: Printers = {
  idle({ reason }, { changes }) {
    if (changes.baseStrategy === '') core.info(reason) // otherwise the lines of the selection say it
  },
  note: ({ level, text }) => NOTE[level](text),
  selected({ changes }, { mode }) {
    core.group(mode === 'all' ? 'Files' : 'Changed files', changesLines(changes))
    for (const line of [...changes.notices, untouchedSentence(changes) ?? []].flat()) core.notice(line)
    for (const line of changes.warnings) core.warning(line)
    annotateFiles(changes.leftOut ?? new Map())
  },
  unlisted: ({ why }) => core.notice(`every file is taken, as ${printable(why)}`),
  compared: ({ listing }) => core.group(comparedSentence(listing), comparedLines(listing)),
  warned: ({ problems }) => annotateFiles(problems),
  planned({ plan, seconds }, { source, domains, verifySeconds }) {
    const lines = [sourceLine(source, domains), ...planLines(plan)]
    core.group(`Plan: ${planSentence(plan, seconds, verifySeconds)}`, lines)
  },
  'idle-patterns'({ patterns }) {
    if (patterns.length > 0) core.info(idlePatternsLine(patterns))
  },
  'sync-began'({ videos }) {
    if (videos.length > 0) core.notice(videosLine(videos))
  },
  'sessions-closed'({ because }) {
    const text = 'small files go by direct upload alone from here on, as an upload session failed'
    core.info(printable(`${text}: ${reasonOf(because)}`))
  },
  'records-unknown'({ because }) {
    const text = `whether full syncs have left records can't be asked, so only those that the answers of uploads show are renewed`
    core.info(printable(`${text}: ${reasonOf(because)}`))
  },
  waits: ({ waitMs, because }) => logWait(waitMs, because),
  slowed: (event) => core.notice(slowDownLine(event)),
  looked({ left, all, urls, waitMs }) {
    const waits = `${urls.join(', ')}${left > urls.length ? ` and ${left - urls.length} more` : ''}`
    const settled = `${all - left} of ${count(all, 'URL')} settled`
    core.info(printable(`verify: ${settled}, looks at the others again in ${(waitMs / 1000).toFixed(1)} s: ${waits}`))
  },
  'purged-again'({ url, error }) {
    core.info(printable(error === undefined ? `purged again ${url}` : `not purged again ${url}: ${reasonOf(error)}`))
  },
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

const DOCUMENTED: Readonly<Record<string, Pace>> = DOCUMENTED_LIMITS

function isDocumented(name: string, limit: Pace, shards: number): boolean {
  const documented = DOCUMENTED[name]
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
  const isExact = (rate: number): boolean => rate >= 10 || (rate >= 1 && Number.isInteger(rate))
  const [unit, ms] = units.find(([, unitMs]) => isExact((requests * unitMs) / perMs)) ?? ['h', 3_600_000]
  return `${Math.max(1, Math.floor((requests * ms) / perMs))}/${unit}`
}
