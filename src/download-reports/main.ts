import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, createClient } from '../imgix/client.ts'
import { ImgixError } from '../imgix/errors.ts'
import { listReports } from '../imgix/reports.ts'
import { isInWorkspace } from '../inputs/paths.ts'
import { InputError } from '../inputs/reader.ts'
import { logWait } from '../report/explain.ts'
import * as core from '../runner/core.ts'
import { type Ending, type Front, type Runner, runAction } from '../runner/run.ts'
import { type Report, readReport } from './choose.ts'
import { fetchReports } from './fetch.ts'
import { type Gathering, gatherReports } from './gather.ts'
import { readInputs } from './inputs.ts'
import { reportEnding } from './report.ts'
import type { RunState } from './run-state.ts'

/** The most reports of one type. imgix makes one report each day, and keeps it for 90 days. */
const REPORTS_MAX = 10_000
const TOO_MANY = `with more than ${REPORTS_MAX} reports of a type`

/** Runs the action once: it never throws, and sets the exit code.
 *  @param front of a run that GitHub's runner does not start */
export async function run(front?: Front): Promise<Ending> {
  const state: RunState = { cancelled: false, fetched: new Map() }
  const reportResult = ({ cancelled, error }: Ending) => reportEnding({ ...state, cancelled }, error)
  return runAction((runner) => ({ carryOut: () => carryOut(runner, state), reportEnding: reportResult }), front)
}

async function carryOut({ environment: { workspace }, stop }: Runner, state: RunState): Promise<void> {
  const inputs = readInputs(workspace)
  state.inputs = inputs
  const folder = makeFolder(inputs.folder, workspace)
  const { hideUrl: hide, redact } = core
  const client = createClient({ ...inputs, userAgent: 'imgix-sync/1', hide, redact, onLongWait: logWait })
  const signal = stop.soft
  try {
    const reports = gatherReports({ inputs, state, signal, list: () => list(client, inputs.type, signal) })
    await fetchReports(reports, { client, folder, inputs, signal, fetched: state.fetched })
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
  const real = realpathSync.native(path) // it can have become a link to another place since the inputs were read
  if (isInWorkspace(realpathSync.native(workspace), real)) return real
  throw new InputError([`folder: '${folder}' is not allowed; a folder inside the workspace`])
}

/** @returns every report of the type that has a day, and how many have none */
async function list(client: Client, type: string, signal: AbortSignal): ReturnType<Gathering['list']> {
  const reports: Report[] = []
  let unreadable = 0
  const fields = ['completed', 'period_end', 'period_start', 'report_key', 'report_type'] as const
  const query = { sort: ['-period_end'], fields, page: { size: 100 }, filter: { report_type: type } } as const
  for await (const page of listReports(client, query, { signal })) {
    for (const resource of page) {
      const report = readReport(resource, type)
      if (reports.length === REPORTS_MAX)
        throw new ImgixError({
          method: 'GET',
          path: '/api/v1/reports',
          permission: 'Analytics',
          status: 200,
          reason: TOO_MANY,
        })
      if (report !== undefined) reports.push(report)
      else if (resource.attributes.report_type === type) unreadable += 1
    }
  }
  return { reports, unreadable }
}
