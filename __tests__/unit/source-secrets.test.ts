import { expect, test } from 'vitest'
import { credentialsIn } from '../../src/configure-source/attributes.ts'

test('what an answer tells of credentials, whatever it has of them', () => {
  const attributes = {
    name: 'Assets',
    secure_url_token: 'token',
    deployment: { type: 's3', s3_bucket: 'b', s3_access_key: 'AKIA', s3_secret_key: null, gcs_secret_key: 's' },
    upload_credentials: { type: 's3', s3_access_key: 'AKIAUP' },
  }
  expect(credentialsIn({ id: 'SRC', type: 'sources', attributes })).toEqual(['token', 'AKIA', 's', 'AKIAUP'])
  expect(credentialsIn({ id: 'SRC', type: 'sources', attributes: {} })).toEqual([])
})
