import type { ImgixError } from '../imgix/errors.ts'
import { isTransient } from '../imgix/http/retry.ts'
import { isExpired, isPassing } from '../imgix/storage-answers.ts'

/** An error as its reader needs it. */
export type Advice = {
  /** what is wrong */
  readonly problem: string
  /** what to do, as an order */
  readonly remedy: string
  /** running the job again is the remedy, or a part of it */
  readonly again: boolean
}

export const AGAIN = 'run the job again'
const LATER = `${AGAIN} later`
const SOON = `${AGAIN} in some minutes`
/** The remedy for an error that only imgix can correct. */
export const STAYS = `${AGAIN}; if it stays, tell imgix's support`
const TOO_LARGE = 'make the file smaller, or leave it out by `files`'

export const fix = (problem: string, remedy: string): Advice => ({ problem, remedy, again: false })
export const again = (problem: string, remedy: string): Advice => ({ problem, remedy, again: true })

/** What answers mean, by status, or by the first digit for the others. What is worth another try counts as 5xx. */
type Answers = Readonly<Record<number, Advice>>

const UPLOAD: Answers = {
  404: again('imgix does not find the Source, or this path in it', `check source-id and api-url, or ${LATER}`),
  409: fix(
    'imgix does not replace what the Source already holds at this path',
    'delete it in the bucket, or see on-conflict',
  ),
  413: fix('the file is larger than imgix takes', TOO_LARGE),
  415: fix('imgix does not accept the file', 'open it and export it again, or leave it out by `files`'),
  422: fix('imgix does not accept the file', 'open it and export it again, or leave it out by `files`'),
  4: fix('imgix refuses the upload', "check the file and its name; if they are right, tell imgix's support"),
}
const PURGE: Answers = {
  404: fix('this host has no purge call', 'check api-url'),
  4: fix(
    'imgix does not purge this URL',
    "check domains and urls: the host must be a domain of this account's Sources",
  ),
}
const METADATA: Answers = {
  404: again('imgix does not find the asset', LATER),
  4: fix(
    'imgix does not accept the change',
    "check the metadata file, if there is one; if it is right, tell imgix's support",
  ),
}

const SUBDOMAINS = 'correct the file; subdomains may belong to another account'
const HOURLY = again('imgix accepts 60 creates and 60 updates of Sources an hour, and no more for now', LATER)
const NO_SOURCE = fix(
  'source-id: imgix has no such Source that this key can see',
  "take the id from the end of the Source's dashboard URL",
)
const CHANGE: Answers = { 404: NO_SOURCE, 429: HOURLY, 4: fix('imgix does not accept the change', SUBDOMAINS) }
const CREATION: Answers = {
  404: again('imgix does not create the Source', `check api-url, or ${LATER}`),
  409: again('imgix does not create the Source', `${SUBDOMAINS}; if another run has just created it, ${AGAIN}`),
  429: HOURLY,
  4: fix('imgix does not create the Source', SUBDOMAINS),
}

const CREDENTIALS = "check the upload credentials of the Source, and the runner's clock"
const NOT_ACCEPTED = fix(
  'the storage does not accept the file',
  "check the file, and the bucket in the Source's settings",
)
/** Of the storage of the bucket, behind a presigned URL. A success whose document has the code of an error is none. */
const PUT: Answers = {
  2: NOT_ACCEPTED,
  3: again(
    'the storage answered with a redirect, which is not followed',
    "check the bucket's region in the Source's settings; a new bucket redirects for some hours, so run the job again later",
  ),
  401: fix('the storage refuses the upload', CREDENTIALS),
  403: fix('the storage refuses the upload', CREDENTIALS),
  404: fix('the storage does not find the bucket', "check the bucket in the Source's settings"),
  413: fix('the file is larger than the storage takes', TOO_LARGE),
  4: NOT_ACCEPTED,
  5: again('not uploaded: the storage of the bucket failed', SOON),
}
const NOT_WHOLE = again('the file did not arrive', `${AGAIN}; if it stays, check the network and the proxy`)
/** Of the storage of reports. */
const DOWNLOAD: Answers = {
  2: NOT_WHOLE,
  3: NOT_WHOLE,
  4: again('the storage does not give the file', STAYS),
  5: again('the storage of the report failed', SOON),
}

/** What answers mean that have no other meaning for their call. */
const ANY: Answers = {
  2: again(
    "imgix's answer can't be used",
    `${AGAIN}; if it stays, check api-url and the proxy, or tell imgix's support`,
  ),
  3: fix('the API answered with a redirect, which is not followed', 'check api-url'),
  404: again('imgix does not find it', `check api-url, and source-id if it is set, or ${LATER}`),
  429: again(
    'imgix accepts no more requests for now; another job may use the same account',
    `lower rate-limits, where it is an input, or ${LATER}`,
  ),
  4: again('imgix refuses the request', "check the inputs; if they are right, tell imgix's support"),
  5: again('imgix failed', `${AGAIN}; if it stays, see imgix's status page`),
}

type Call = {
  /** of method and path; that of a storage is its host */
  readonly form: RegExp
  /** what does not happen when the call fails; '' where the line about its step says it */
  readonly failed: string
  readonly answers: Answers
}

/** The first that matches counts. */
const CALLS: readonly Call[] = [
  { form: /^PUT /, failed: 'not uploaded', answers: PUT },
  { form: /^GET [^/]/, failed: 'not downloaded', answers: DOWNLOAD },
  { form: /\/api\/v1\/purge$/, failed: 'not purged', answers: PURGE },
  { form: /\/sources\/[^/]+\/upload(-sessions)?(\/|$)/, failed: 'not uploaded', answers: UPLOAD },
  { form: /^PATCH .*\/sources\/[^/]+\/assets\//, failed: '', answers: METADATA },
  { form: /\/api\/v1\/sources\/[^/]+\/assets$/, failed: "the Source's assets can't be listed", answers: {} },
  { form: /^GET .*\/sources\/[^/]+\/assets\//, failed: "the asset can't be read", answers: {} },
  { form: /^GET .*\/api\/v1\/sources\/[^/]+$/, failed: "the Source can't be read", answers: { 404: NO_SOURCE } },
  { form: /^PATCH .*\/sources\/[^/]+$/, failed: "the Source can't be changed", answers: CHANGE },
  { form: /^POST .*\/sources$/, failed: "the Source can't be created", answers: CREATION },
  { form: /\/api\/v1\/sources$/, failed: "the account's Sources can't be listed", answers: {} },
  { form: /\/api\/v1\/reports$/, failed: "the reports can't be listed", answers: {} },
]

function callOf({ method, path }: ImgixError): Call | undefined {
  return CALLS.find(({ form }) => form.test(`${method} ${path}`))
}

/** @returns the problem, after what it kept from being done */
export function withSubject(error: ImgixError, advice: Advice): Advice {
  const failed = callOf(error)?.failed ?? ''
  return failed === '' ? advice : { ...advice, problem: `${failed}: ${advice.problem}` }
}

/** What to do about an answer of the API or of a storage. */
export function adviseOnAnswer(error: ImgixError): Advice | undefined {
  const { permission } = error
  const status = statusOf(error)
  if (permission !== undefined && status === 401)
    return fix('api-key: imgix does not accept the key', 'check that the secret is set and that the key is active')
  if (permission !== undefined && status === 403) return adviseOnPermission(permission)
  const digit = isTransient(status) ? 5 : Math.floor(status / 100)
  const own = callOf(error)?.answers
  const advice = ANY[status] ?? ANY[digit]
  return own?.[status] ?? own?.[digit] ?? (advice && withSubject(error, advice))
}

/** A storage can say the same with another status. */
function statusOf(error: ImgixError): number {
  const { method, status = 0, details } = error
  if (method !== 'PUT') return status
  if (isPassing(error)) return 503
  if (isExpired(error)) return 403
  return details[0]?.title === 'EntityTooLarge' ? 413 : status
}

function adviseOnPermission(permission: string): Advice {
  const newer = permission.replace('Asset Manager', 'Asset').replace(/Purge$/, 'Asset Purge')
  const name = newer === permission ? permission : `${permission} (in newer accounts: ${newer})`
  const also = permission === 'Analytics' ? '; if it has it, ask imgix whether the account has reports' : ''
  return fix(`api-key: the key lacks the permission ${name}`, `add it to the key in imgix's dashboard${also}`)
}
