import { createSas, verifySas } from './sas.ts'
import {
  awsDialect,
  type Credentials,
  type Dialect,
  presign,
  type SignedRequest,
  type Verdict,
  verifyPresigned,
} from './sigv4.ts'

/** What a storage signs, and how it answers a PUT. Read 2026-11 in the storages' own references. */
export type Storage = {
  presign(request: Presigned): string
  verify(request: SignedRequest, nowMs: number): Verdict
  /** the refusal of a URL that has expired */
  readonly expired: { readonly status: number; readonly code: string; readonly message: string }
  /** of one PUT */
  readonly maxBytes: number
  readonly tooLarge: string
  readonly stored: { readonly status: number; readonly headers: Record<string, string> }
  /** before the XML of an error */
  readonly start: string
  readonly errorHeaders: (code: string) => Record<string, string>
}
type Presigned = Parameters<typeof presign>[0]
export type StorageName = 's3' | 'gcs' | 'r2' | 'azure'

export const bucketCredentials = {
  accessKeyId: 'AKIAEMULATEDBUCKET01',
  secretAccessKey: 'emulated/bucket/secret/key/for/loopback01',
  region: 'us-east-1',
}
const azureAccount = { name: 'emulated', key: Buffer.from('emulated/account/key').toString('base64') }

const gib = 1024 ** 3
const xml = '<?xml version="1.0" encoding="UTF-8"?>\n'

function bySignature(dialect: Dialect, credentials: Credentials, more: Partial<Storage> = {}): Storage {
  return {
    presign: (request) => presign(request, credentials, dialect),
    verify: (request, nowMs) => verifyPresigned(request, credentials, nowMs, dialect),
    expired: dialect.expired,
    maxBytes: 5 * gib,
    tooLarge: 'EntityTooLarge',
    stored: { status: 200, headers: {} },
    start: xml,
    errorHeaders: () => ({}),
    ...more,
  }
}

const googleDialect: Dialect = {
  name: 'GOOG4',
  prefix: 'X-Goog',
  scope: ['storage', 'goog4_request'],
  expired: { status: 400, code: 'ExpiredToken', message: 'The provided token has expired.' },
}
const r2Dialect: Dialect = {
  ...awsDialect,
  expired: { status: 400, code: 'ExpiredRequest', message: 'Request has expired' },
}

export const storages: Readonly<Record<StorageName, Storage>> = {
  s3: bySignature(awsDialect, bucketCredentials),
  gcs: bySignature(
    googleDialect,
    { ...bucketCredentials, accessKeyId: 'GOOG1EMULATED', region: 'auto' },
    {
      stored: { status: 200, headers: { 'content-type': 'text/html; charset=UTF-8' } },
      start: "<?xml version='1.0' encoding='UTF-8'?>",
    },
  ),
  // 5 GiB less 5 MiB
  r2: bySignature(r2Dialect, { ...bucketCredentials, region: 'auto' }, { maxBytes: 5 * gib - 5 * 1024 ** 2 }),
  azure: {
    presign: (request) => createSas(request, azureAccount),
    verify: (request, nowMs) => verifySas(request, azureAccount, nowMs),
    expired: { status: 403, code: 'AuthenticationFailed', message: 'Signature not valid in the specified time frame' },
    maxBytes: 5000 * 1024 ** 2,
    tooLarge: 'RequestBodyTooLarge',
    stored: { status: 201, headers: { 'x-ms-request-server-encrypted': 'true' } },
    start: '\uFEFF<?xml version="1.0" encoding="utf-8"?>',
    errorHeaders: (code) => ({ 'x-ms-error-code': code }),
  },
}
