import { expect, test } from 'vitest'
import { createSecrets } from '../../src/configure-source/secrets.ts'

function hiding(...hidden: string[]) {
  const masked: string[] = []
  const secrets = createSecrets((secret) => masked.push(secret))
  for (const secret of hidden) secrets.hide(secret)
  return { masked, ...secrets }
}

test('a secret is masked whole and line by line, once', () => {
  expect(hiding('one\r\ntwo\n\n', 'two', '', ' ').masked).toEqual(['one\r\ntwo\n\n', 'one', 'two'])
})

test('the longest secret is taken out first', () => {
  expect(hiding('key', 'key-and-more').redact('a key-and-more, a key, a.b')).toBe('a ***, a ***, a.b')
})

test('what an answer tells of credentials is hidden, whatever it has of them', () => {
  const { hideThoseOf, masked } = hiding()
  const attributes = {
    name: 'Assets',
    secure_url_token: 'token',
    deployment: { type: 's3', s3_bucket: 'b', s3_access_key: 'AKIA', s3_secret_key: null, gcs_secret_key: 's' },
    upload_credentials: { type: 's3', s3_access_key: 'AKIAUP' },
  }
  hideThoseOf({ id: 'SRC', type: 'sources', attributes })
  hideThoseOf({ id: 'SRC', type: 'sources', attributes: {} })
  expect(masked).toEqual(['token', 'AKIA', 's', 'AKIAUP'])
})
