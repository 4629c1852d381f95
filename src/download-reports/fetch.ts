import type { Client } from '../imgix/client.ts'
import { ImgixError } from '../imgix/errors.ts'
import { getReport } from '../imgix/reports.ts'
import { isExpired } from '../imgix/storage-answers.ts'
import { debugRequest } from '../report/explain.ts'
import * as core from '../runner/core.ts'
import type { Report } from './choose.ts'
import type { Inputs } from './inputs.ts'
import { removeFiles, writePart } from './part-file.ts'
import { createIsOlder, createPartNames } from './part-names.ts'
import type { FetchedReport, PartOutcome } from './run-state.ts'
import { partSentence, removedSentence } from './sentences.ts'

export type Fetching = {
  readonly client: Client
  /** real path of an existing folder */
  readonly folder: string
  readonly inputs: Pick<Inputs, 'concurrency' | 'folder'>
  readonly signal: AbortSignal
  /** gets the reports when they are started, by id, and then their parts */
  readonly fetched: Map<string, FetchedReport>
}

type Task = { readonly number: number; readonly name: string; readonly url: string; readonly from: FetchedReport }

/** Downloads the files of reports, `concurrency` at a time. The URLs of a report expire, so they are read just before its
 *  downloads. After a failure the others continue.
 *  @throws ImgixError if the key may not read reports, and what `reports` throws */
export async function fetchReports(reports: AsyncIterable<Report>, fetching: Fetching): Promise<void> {
  const tasks = listTasks(reports, fetching)
  const work = async (): Promise<void> => {
    for await (const task of tasks) {
      const outcome = await fetchPart(task, fetching)
      if (outcome.ok || !fetching.signal.aborted) await record(outcome, task.from, fetching)
    }
  }
  const endings = await Promise.allSettled(Array.from({ length: fetching.inputs.concurrency }, work))
  for (const ending of endings) if (ending.status === 'rejected') throw ending.reason
}

async function* listTasks(reports: AsyncIterable<Report>, fetching: Fetching): AsyncGenerator<Task> {
  const nameParts = createPartNames()
  for await (const report of reports) {
    const from: FetchedReport = { report, parts: [] }
    fetching.fetched.set(report.id, from)
    const urls = await readUrls(report, fetching).catch((error: unknown) => {
      const isForbidden = error instanceof ImgixError && (error.status === 401 || error.status === 403)
      if (isForbidden || fetching.signal.aborted) throw error
      from.error = error
      return undefined
    })
    if (urls === undefined) continue
    from.of = urls.length
    const nameOf = nameParts(report)
    for (const [index, url] of urls.entries()) yield { number: index + 1, name: nameOf(index + 1, url), url, from }
  }
}

/** @throws ImgixError */
async function readUrls(report: Report, { client, signal }: Fetching): Promise<readonly string[]> {
  const { attributes } = await getReport(client, report.id, { fields: ['files'], signal })
  const files = attributes.files ?? []
  if (Array.isArray(files) && files.every((url) => typeof url === 'string')) return files
  return refuse(report, 'with files that are not a list of URLs')
}

function refuse({ id }: Report, reason: string): never {
  throw new ImgixError({
    method: 'GET',
    path: `/api/v1/reports/${encodeURIComponent(id)}`,
    permission: 'Analytics',
    status: 200,
    reason,
  })
}

async function fetchPart(task: Task, fetching: Fetching): Promise<PartOutcome> {
  const { number, name } = task
  const startedAt = performance.now()
  try {
    const { attempts, bytes } = await getPart(task, fetching).catch(async (error: unknown) => {
      if (!isExpired(error)) throw error
      core.info(`the URL of ${name} has expired: requests another one`)
      return getPart({ ...task, url: await renewUrl(task, fetching) }, fetching)
    })
    return { number, name, ok: true, bytes, attempts, seconds: (performance.now() - startedAt) / 1000 }
  } catch (error) {
    return { number, name, ok: false, error }
  }
}

function getPart({ name, url, from: { report } }: Task, { client, folder, signal }: Fetching) {
  const own = `${report.key}\n${report.id}\n${name}`
  return writePart({ folder, name }, (receive) => client.get({ url, own, receive, signal }))
}

/** @throws ImgixError, also if the number of files has changed */
async function renewUrl({ number, from: { report, of } }: Task, fetching: Fetching): Promise<string> {
  const urls = await readUrls(report, fetching)
  const url = urls[number - 1]
  if (url !== undefined && urls.length === of) return url
  return refuse(report, `with ${urls.length} files where there were ${of}`)
}

/** Removes the parts of an earlier fetch when the report is whole: nobody must take them for its own. If that fails, the
 *  last part has failed. */
async function record(outcome: PartOutcome, from: FetchedReport, { folder, inputs }: Fetching): Promise<void> {
  const { report, of, parts } = from
  const last = parts.push(outcome) - 1
  if (parts.length === of && parts.every(({ ok }) => ok)) {
    try {
      const removed = await removeFiles(folder, createIsOlder(parts.map(({ name }) => name)))
      if (removed.length > 0) core.info(removedSentence(report.key, removed))
    } catch (error) {
      parts[last] = { number: outcome.number, name: outcome.name, ok: false, error }
    }
  }
  const told = parts[last] ?? outcome
  if (!told.ok) debugRequest(told.error)
  core.info(partSentence(told, inputs.folder))
}
