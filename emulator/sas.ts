import { createHmac } from 'node:crypto'
import type { SignedRequest, Verdict } from './sigv4.ts'

export type Account = { readonly name: string /** in Base64 */; readonly key: string }

const version = '2022-11-02'

/** Presigns a PUT of one blob by a service SAS.
 *  @param path raw and encoded, `/container/blob` after the first segment, which is the emulator's
 *  @returns the query
 *  @see https://learn.microsoft.com/rest/api/storageservices/create-service-sas */
export function createSas(
  request: { path: string; session: string; expiresSeconds: number; now: Date },
  account: Account,
): string {
  const expiry = new Date(request.now.getTime() + request.expiresSeconds * 1000)
  const fields = { sv: version, sr: 'b', sp: 'cw', se: expiry.toISOString().replace(/\.\d{3}/, '') }
  const query = new URLSearchParams({ ...fields, session: request.session })
  query.set('sig', sign(request.path, query, account))
  return query.toString()
}

/** Checks a SAS as Azure does, with Azure's error codes. */
export function verifySas({ path, query, headers }: SignedRequest, account: Account, nowMs: number): Verdict {
  const parameters = new URLSearchParams(query)
  const given = parameters.get('sig')
  if (given === null) return refuse('ResourceNotFound', 404)
  if (sign(path, parameters, account) !== given) return refuse('AuthenticationFailed')
  if (nowMs >= Date.parse(parameters.get('se') ?? '')) return refuse('AuthenticationFailed')
  if (!parameters.get('sp')?.includes('w')) return refuse('AuthorizationPermissionMismatch')
  return headers['x-ms-blob-type'] === undefined ? refuse('MissingRequiredHeader', 400) : { ok: true }
}

function refuse(code: string, status = 403): Verdict {
  return { ok: false, status, code, message: `${code}, as the documents call it.\nRequestId:1\nTime:now` }
}

function sign(path: string, parameters: URLSearchParams, { name, key }: Account): string {
  const field = (each: string): string => parameters.get(each) ?? ''
  const [, , ...blob] = path.split('/').map(decodeURIComponent)
  const resource = `/blob/${name}/${blob.join('/')}`
  const stringToSign = [
    ...[field('sp'), field('st'), field('se'), resource, field('si'), field('sip'), field('spr'), field('sv')],
    ...[field('sr'), '', field('ses'), field('rscc'), field('rscd'), field('rsce'), field('rscl'), field('rsct')],
  ].join('\n')
  return createHmac('sha256', Buffer.from(key, 'base64')).update(stringToSign, 'utf8').digest('base64')
}
