import { isRecord } from '../imgix/errors.ts'
import type { SourceResource } from '../imgix/sources.ts'
import { DEPLOYMENT, UPLOAD_CREDENTIALS } from './attributes.ts'

/** @returns the credentials in an answer of imgix */
export function credentialsIn({ attributes }: SourceResource): string[] {
  const { secure_url_token: token, deployment, upload_credentials: credentials } = attributes
  const objects = [
    { rules: DEPLOYMENT, values: deployment },
    { rules: UPLOAD_CREDENTIALS, values: credentials },
  ]
  const found = objects.flatMap(({ rules, values }) =>
    Object.entries(isRecord(values) ? values : {}).flatMap(([name, value]) =>
      Object.hasOwn(rules, name) && rules[name]?.credential !== undefined ? [value] : [],
    ),
  )
  return [token, ...found].filter((value) => typeof value === 'string')
}
