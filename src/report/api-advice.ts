import type { ImgixError } from '../imgix/errors.ts'
import { isTransient } from '../imgix/http/retry.ts'
import { type Advice, AGAIN, again, fix, general, LATER, TOO_LARGE, times } from './remedies.ts'
import { kindOf, type RequestKind } from './requests.ts'
import { adviseOnChange, HOURLY } from './source-advice.ts'

/** The newer names of the permissions, as imgix's documents use both. */
const NEWER_NAMES: Readonly<Record<string, string>> = {
  'Asset Manager Edit': 'Asset Edit',
  'Asset Manager Edit and Purge': 'Asset Edit and Asset Purge',
  'Asset Manager Browse': 'Asset Browse',
  Purge: 'Asset Purge',
}

/** Answers of the API. */
export function adviseOnAnswer(error: ImgixError, status: number, permission: string): Advice {
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
  return adviseOnRefusal(error, { status, kind })
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

/** What imgix refuses for good. */
function adviseOnRefusal(error: ImgixError, { status, kind }: { status: number; kind: RequestKind }): Advice {
  switch (kind) {
    case 'upload':
      return adviseOnUpload(status)
    case 'purge':
      return status === 404
        ? fix('this host has no purge call', 'check api-url')
        : fix(
            'imgix does not purge this URL',
            "check domains and urls: the host must be a domain of this account's Sources",
          )
    case 'attributes':
      return fix('imgix does not accept the change', "check the metadata file; if it is right, tell imgix's support")
    case 'source':
    case 'change':
    case 'creation':
      return adviseOnChange(error, status)
    default:
      return general(
        status === 404
          ? again('imgix does not find it', `check source-id and api-url, or ${LATER}`)
          : again('imgix refuses the request', `check the inputs; if they are right, tell imgix's support`),
      )
  }
}

function adviseOnUpload(status: number): Advice {
  switch (status) {
    case 404:
      return again('imgix does not find the Source, or this path in it', `check source-id and api-url, or ${LATER}`)
    case 409:
      return fix(
        'imgix does not replace what the Source already holds at this path',
        'delete it in the bucket, or see on-conflict',
      )
    case 413:
      return fix('the file is larger than imgix takes', TOO_LARGE)
    case 415:
    case 422:
      return fix('imgix does not accept the file', 'open it and export it again, or leave it out by `files`')
    default:
      return fix('imgix refuses the upload', "check the file and its name; if they are right, tell imgix's support")
  }
}
