import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, createClient } from '../imgix/client.ts'
import { ImgixError } from '../imgix/errors.ts'
import { DOCUMENTED_LIMITS } from '../imgix/pace.ts'
import { listReports } from '../imgix/reports.ts'
import { isInWorkspace, parseFolder } from '../inputs/paths.ts'
import { InputError } from '../inputs/reader.ts'
import { waitLine } from '../report/explain.ts'
import * as core from '../runner/core.ts'
import { type Ending, type Front, type Runner, runAction } from '../runner/run.ts'
import { seldom } from '../runner/seldom.ts'
import { count } from '../runner/text.ts'
import { type Report, readReport } from './choose.ts'
import { fetchReports } from './fetch.ts'
import { gatherReports } from './gather.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { reportEnding } from './report.ts'
import type { RunState } from './run-state.ts'
import { choiceSentence, partSentence, removedSentence, waitSentence } from './sentences.ts'

const QUERY = {
  sort: ['-period_end'],
  fields: ['completed', 'period_end', 'period_start', 'report_key', 'report_type'],
  page: { size: 100 },
} as const
/** The most reports of one type. imgix makes one report each day, and keeps it for 90 days. */
const REPORTS_MAX = 10_000
const WAIT_LINE_MS = 300_000

type Run = { inputs: Inputs; client: Client; state: RunState; signal: AbortSignal }

/** Runs the action once: it never throws, and sets the exit code.
 *  @param front of a run that GitHub's runner does not start */
export async function run(front?: Front): Promise<Ending> {
  const state: RunState = { cancelled: false, fetched: new Map() }
  const start = ({ environment: { workspace }, stop }: Runner) => ({
    async carryOut() {
      const inputs = readInputs(workspace)
      state.inputs = inputs
      await carryOut({ inputs, state, signal: stop.soft }, workspace)
    },
    async reportEnding({ cancelled, error }: Ending) {
      state.cancelled = cancelled
      await reportEnding(state, error)
    },
  })
  return runAction(start, front)
}

async function carryOut(run: Omit<Run, 'client'>, workspace: string): Promise<void> {
  const { inputs, state, signal } = run
  const folder = makeFolder(inputs.folder, workspace)
  const client = createClient({
    ...inputs,
    userAgent: 'imgix-sync/1',
    rateLimits: DOCUMENTED_LIMITS,
    redact: core.redact,
    hide: core.hideUrl,
    onLongWait: (waitMs, reason) => core.info(waitLine(waitMs, reason)),
  })
  try {
    await fetchReports(gather({ ...run, client }), {
      client,
      folder,
      concurrency: inputs.concurrency,
      signal,
      onReport: (report, of) => void state.fetched.set(report.id, { report, of, parts: [] }),
      onReportFailed: (report, error) => void state.fetched.set(report.id, { report, error, parts: [] }),
      onExpired: ({ name }) => core.info(`the URL of ${name} has expired: requests another one`),
      onRemoved: ({ key }, names) => core.info(removedSentence(key, names)),
      onPart(outcome) {
        state.fetched.get(outcome.part.report.id)?.parts.push(outcome)
        core.info(partSentence(outcome, inputs.folder))
      },
    })
  } finally {
    client.close()
  }
}

/** @returns its real path
 *  @throws InputError */
function makeFolder(folder: string, workspace: string): string {
  const path = join(workspace, folder)
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    throw new InputError([`folder: '${folder}' is not allowed; a folder that can be written to (${code})`])
  }
  const real = realpathSync.native(path)
  const checked = parseFolder(folder, workspace)
  const isInside = isInWorkspace(realpathSync.native(workspace), real)
  if (typeof checked === 'string' && isInside) return real
  const { allowed } = typeof checked === 'string' ? { allowed: 'a folder inside the workspace' } : checked
  throw new InputError([`folder: '${folder}' is not allowed; ${allowed}`])
}

function gather(run: Run): AsyncGenerator<Report> {
  const { inputs, state, signal } = run
  const logged = new Set<string>() // each poll finds the same again
  const logOnce = (text: string, log = core.info): void => {
    if (!logged.has(text)) log(text)
    logged.add(text)
  }
  const logSeldom = seldom((text: string) => core.info(text), WAIT_LINE_MS)
  let waits = false
  return gatherReports({
    ...inputs,
    signal,
    async list() {
      const { reports, unreadable } = await list(run)
      state.unreadable = unreadable
      if (unreadable > 0)
        logOnce(`${count(unreadable, 'report')} left out, without a key or a valid period`, core.warning)
      return reports
    },
    onChoice(choice) {
      state.choice = choice
      logOnce(`${inputs.type}: ${choiceSentence(choice)}`)
    },
    onWait(...wait) {
      const log = waits ? logSeldom : core.info
      log(waitSentence(...wait))
      waits = true
    },
  })
}

function tooMany(): ImgixError {
  const reason = `with more than ${REPORTS_MAX} reports of a type`
  return new ImgixError({ method: 'GET', path: '/api/v1/reports', status: 200, reason })
}

/** @returns every report of the type that has a day */
async function list({ inputs, client, signal }: Run): Promise<{ reports: Report[]; unreadable: number }> {
  const reports: Report[] = []
  let unreadable = 0
  for await (const page of listReports(client, { ...QUERY, filter: { report_type: inputs.type } }, { signal })) {
    for (const resource of page) {
      const report = readReport(resource, inputs.type)
      if (reports.length === REPORTS_MAX) throw tooMany()
      if (report !== undefined) reports.push(report)
      else if (resource.attributes.report_type === inputs.type) unreadable += 1
    }
  }
  return { reports, unreadable }
}
