import type { Client } from '../imgix/client.ts'
import { ImgixError } from '../imgix/errors.ts'
import { getReport } from '../imgix/reports.ts'
import { isExpired } from '../imgix/storage-codes.ts'
import type { Report } from './choose.ts'
import { removeFiles, writePart } from './part-file.ts'
import { createIsOlder, createPartNames } from './part-names.ts'

/** One file of a report. Numbers start at 1. */
type Part = { readonly report: Report; readonly number: number; readonly of: number; readonly name: string }
export type PartOutcome =
  | { part: Part; ok: true; bytes: number; attempts: number; seconds: number }
  | { part: Part; ok: false; error: unknown }

export type Fetching = {
  readonly client: Client
  /** absolute path of an existing folder */
  readonly folder: string
  readonly concurrency: number
  readonly signal: AbortSignal
  /** @param parts how many files the report has */
  readonly onReport: (report: Report, parts: number) => void
  readonly onReportFailed: (report: Report, error: unknown) => void
  readonly onExpired: (part: Part) => void
  /** @param names of files of an earlier fetch */
  readonly onRemoved: (report: Report, names: readonly string[]) => void
  readonly onPart: (outcome: PartOutcome) => void
}

type Sourced = { part: Part; url: string; whole: Whole }
/** All parts of one report. `left`: those that are not fetched yet */
type Whole = { readonly names: readonly string[]; left: number; isIntact: boolean }

/**
 * Downloads the files of reports into a folder, `concurrency` at a time. The URLs of a report expire, so they are read
 * just before its downloads. After a failure the others continue.
 * @throws ImgixError if the key may not read reports, and what `reports` throws
 */
export async function fetchReports(reports: AsyncIterable<Report>, fetching: Fetching): Promise<void> {
  const parts = listParts(reports, fetching)
  const work = async (): Promise<void> => {
    for await (const sourced of parts) {
      const outcome = await tidyUp(sourced, await fetchPart(sourced, fetching), fetching)
      if (outcome.ok || !fetching.signal.aborted) fetching.onPart(outcome)
    }
  }
  const endings = await Promise.allSettled(Array.from({ length: fetching.concurrency }, work))
  for (const ending of endings) if (ending.status === 'rejected') throw ending.reason
}

async function* listParts(reports: AsyncIterable<Report>, fetching: Fetching): AsyncGenerator<Sourced> {
  const nameParts = createPartNames()
  for await (const report of reports) {
    let urls: readonly string[]
    try {
      urls = await readUrls(report, fetching)
    } catch (error) {
      if (isForbidden(error) || fetching.signal.aborted) throw error
      fetching.onReportFailed(report, error)
      continue
    }
    fetching.onReport(report, urls.length)
    const nameOf = nameParts(report)
    const names = urls.map((url, index) => nameOf(index + 1, url))
    const whole: Whole = { names, left: names.length, isIntact: true }
    for (const [index, url] of urls.entries()) {
      yield { part: { report, number: index + 1, of: urls.length, name: String(names[index]) }, url, whole }
    }
  }
}

/** @returns whether the key may not read reports at all */
function isForbidden(error: unknown): boolean {
  return error instanceof ImgixError && (error.status === 401 || error.status === 403)
}

/** @throws ImgixError */
async function readUrls({ id }: Report, { client, signal }: Fetching): Promise<readonly string[]> {
  const { attributes } = await getReport(client, id, { fields: ['files'], signal })
  const files = attributes.files ?? []
  if (Array.isArray(files) && files.every((url) => typeof url === 'string')) return files
  const path = `/api/v1/reports/${encodeURIComponent(id)}`
  throw new ImgixError({ method: 'GET', path, status: 200, reason: 'with files that are not a list of URLs' })
}

async function fetchPart({ part, url }: Pick<Sourced, 'part' | 'url'>, fetching: Fetching): Promise<PartOutcome> {
  const startedAt = performance.now()
  try {
    const { attempts, bytes } = await getPart({ part, url }, fetching).catch(async (error: unknown) => {
      if (!isExpired(error)) throw error
      fetching.onExpired(part)
      return getPart({ part, url: await renewUrl(part, fetching) }, fetching)
    })
    return { part, ok: true, bytes, attempts, seconds: (performance.now() - startedAt) / 1000 }
  } catch (error) {
    return { part, ok: false, error }
  }
}

/** Removes the parts of an earlier fetch when the report is whole: nobody must take them for its own.
 *  @returns the outcome, or the failure of that */
async function tidyUp({ part, whole }: Sourced, outcome: PartOutcome, fetching: Fetching): Promise<PartOutcome> {
  whole.left -= 1
  whole.isIntact &&= outcome.ok
  if (whole.left > 0 || !whole.isIntact) return outcome
  try {
    const removed = await removeFiles(fetching.folder, createIsOlder(whole.names))
    if (removed.length > 0) fetching.onRemoved(part.report, removed)
    return outcome
  } catch (error) {
    return { part, ok: false, error }
  }
}

function getPart({ part, url }: Pick<Sourced, 'part' | 'url'>, { client, folder, signal }: Fetching) {
  const own = `${part.report.key}\n${part.report.id}\n${part.name}`
  return writePart({ folder, name: part.name }, (receive) => client.get({ url, own, receive, signal }))
}

/** @throws ImgixError, also if the number of files has changed */
async function renewUrl({ report, number, of }: Part, fetching: Fetching): Promise<string> {
  const urls = await readUrls(report, fetching)
  const url = urls[number - 1]
  if (url !== undefined && urls.length === of) return url
  const path = `/api/v1/reports/${encodeURIComponent(report.id)}`
  const reason = `with ${urls.length} files where there were ${of}`
  throw new ImgixError({ method: 'GET', path, status: 200, reason })
}
