import type { ImgixError } from '../imgix/errors.ts'
import { isTransient } from '../imgix/http/retry.ts'
import { type Advice, AGAIN, again, fix, general, LATER, TOO_LARGE, times } from './remedies.ts'
import { kindOf, type RequestKind } from './requests.ts'

/** The newer names of the permissions, as imgix's documents use both. */
const NEWER_NAMES: Readonly<Record<string, string>> = {
  'Asset Manager Edit': 'Asset Edit',
  'Asset Manager Edit and Purge': 'Asset Edit and Asset Purge',
  'Asset Manager Browse': 'Asset Browse',
  Purge: 'Asset Purge',
}

const HOURLY = 'imgix accepts 60 creates and 60 updates of Sources an hour, and no more for now'

/** Answers of the API. */
export function adviseOnAnswer(error: ImgixError, status: number, permission: string): Advice | undefined {
  if (status === 401)
    return fix('api-key: imgix does not accept the key', 'check that the secret is set and that the key is active')
  if (status === 403) return adviseOnPermission(permission)
  if (status < 300)
    return general(
      again(
        "imgix's answer can't be used",
        `${AGAIN}; if it stays, check api-url and the proxy, or tell imgix's support`,
      ),
    )
  if (status < 400) return general(fix('the API answered with a redirect, which is not followed', 'check api-url'))
  const kind = kindOf(error)
  if (status === 429) return adviseOnLimit(kind)
  if (status >= 500 || isTransient(status))
    return general(again(`imgix failed ${times(error.attempts)}`, `${AGAIN}; if it stays, see imgix's status page`))
  return adviseOnRefusal(error, status, kind)
}

function adviseOnPermission(permission: string): Advice {
  const newer = NEWER_NAMES[permission]
  const name = newer === undefined ? permission : `${permission} (in newer accounts: ${newer})`
  const also = permission === 'Analytics' ? '; if it has it, ask imgix whether the account has reports' : ''
  return fix(`api-key: the key lacks the permission ${name}`, `add it to the key in imgix's dashboard${also}`)
}

function adviseOnLimit(kind: RequestKind): Advice {
  if (kind === 'change' || kind === 'creation') return again(HOURLY, LATER)
  if (['source', 'sources', 'report', 'reports'].includes(kind))
    return again('imgix accepts no more requests for now; other jobs may use the same account', LATER)
  return again(
    'imgix accepts fewer requests than rate-limits allows, or another job uses the same account',
    `lower rate-limits, or ${LATER}`,
  )
}

const UNREADABLE = fix('imgix does not accept the file', 'open it and export it again, or leave it out by `files`')
const OTHER = 0

const REFUSED = general(again('imgix refuses the request', "check the inputs; if they are right, tell imgix's support"))
/** The Source's id is no part of the path. */
const WITHOUT_SOURCE = {
  404: general(again('imgix does not find it', `check api-url, or ${LATER}`)),
  [OTHER]: REFUSED,
}

/** What imgix refuses for good, by kind and status. */
const REFUSALS: { readonly [K in RequestKind]?: Readonly<Record<number, Advice>> } = {
  upload: {
    404: again('imgix does not find the Source, or this path in it', `check source-id and api-url, or ${LATER}`),
    409: fix(
      'imgix does not replace what the Source already holds at this path',
      'delete it in the bucket, or see on-conflict',
    ),
    413: fix('the file is larger than imgix takes', TOO_LARGE),
    415: UNREADABLE,
    422: UNREADABLE,
    [OTHER]: fix('imgix refuses the upload', "check the file and its name; if they are right, tell imgix's support"),
  },
  purge: {
    404: fix('this host has no purge call', 'check api-url'),
    [OTHER]: fix(
      'imgix does not purge this URL',
      "check domains and urls: the host must be a domain of this account's Sources",
    ),
  },
  attributes: {
    404: again('imgix does not find the asset', LATER),
    [OTHER]: fix(
      'imgix does not accept the change',
      "check the metadata file, if there is one; if it is right, tell imgix's support",
    ),
  },
  report: WITHOUT_SOURCE,
  reports: WITHOUT_SOURCE,
  sources: WITHOUT_SOURCE,
  other: {
    404: general(again('imgix does not find it', `check source-id and api-url, or ${LATER}`)),
    [OTHER]: REFUSED,
  },
}

function adviseOnRefusal(error: ImgixError, status: number, kind: RequestKind): Advice | undefined {
  if (['source', 'change', 'creation'].includes(kind)) return adviseOnChange(error, status)
  const advice = REFUSALS[kind] ?? REFUSALS.other
  return advice?.[status] ?? advice?.[OTHER]
}

/** What imgix refuses of a Source, and of a change to it. */
function adviseOnChange({ method, details }: ImgixError, status: number): Advice {
  if (status === 404 && method !== 'POST')
    return fix(
      'source-id: imgix has no such Source that this key can see',
      "take the id from the end of the Source's dashboard URL",
    )
  if (method === 'GET' || status === 404) return general(again('imgix refuses the request', 'check api-url'))
  // a document of imgix says what is wrong, unless it is about subdomains, or there is none
  const isSaid = status !== 409 && details.length > 0
  const isOfSubdomains = details.some(({ title, detail }) => /subdomain/i.test(`${title} ${detail}`))
  const what = method === 'PATCH' ? 'imgix does not accept the change' : 'imgix does not create the Source'
  if (method === 'POST' && !(isSaid && !isOfSubdomains))
    return again(
      `${what}; its subdomains may belong to another account`,
      'choose other subdomains; if another run has just created it, run the job again',
    )
  const taken = isOfSubdomains ? '; its subdomains may belong to another account' : ''
  return fix(`${what}${taken}`, 'correct the file')
}
