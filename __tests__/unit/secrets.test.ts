import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSecrets, holdsSecret } from '../../src/runner/secrets.ts'
import { spellingsOf } from '../helpers/spellings.ts'

const KEY = `ak_0123+/456'789&abc<de>f"ghi%41`
const SIGNATURE = '0123456789abcdef'.repeat(4)
const QUERY = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAEXAMPLE000000001%2F20261121%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20261121T000000Z&X-Amz-Signature=${SIGNATURE}`
const KEY_ID = 'AKIAEXAMPLE000000001'
const PATH = '/put/s3cr3t-of-the-path-1/img/a%20b.png'
const URL_GIVEN = `https://bucket.example.com${PATH}?${QUERY}`

function hiding(...hidden: string[]) {
  const masked: string[] = []
  const secrets = createSecrets((secret) => masked.push(secret))
  for (const secret of hidden) secrets.hide(secret)
  secrets.hideUrl(URL_GIVEN, 'img/a b.png')
  return { masked, ...secrets }
}

test('a secret is masked whole and line by line, once', () => {
  expect(hiding('first one\r\nsecond one\n\n', 'second one', '', ' ').masked).toEqual([
    'first one\r\nsecond one\n\n',
    'first one',
    'second one',
    KEY_ID,
  ])
})

test.each(spellingsOf(KEY))('a key is hidden for people and for machines: %s', (spelling) => {
  const { redact, redactName } = hiding(KEY)
  for (const hide of [redact, redactName]) {
    // what base64 has of a user stays
    expect(hide(`Key (${spelling}) is "wrong".`)).toMatch(/^Key \([\w+/]{0,24}\*\*\*[\w+/= ]{0,6}\) is "wrong"\.$/)
    expect(hide(spelling)).toContain('***')
    expect(hide(JSON.stringify({ detail: `x\n${spelling}\\` }))).not.toMatch(/0123|MDEy|AxMj/)
    expect(() => JSON.parse(hide(JSON.stringify({ detail: `x\n${spelling}\\` })))).not.toThrow()
  }
})

test.each(['first secret\nsecond secret', 'pässwörter', '"in quotes"', "it's a secret", 'part-one&part-two'])(
  'any text may be a secret: %j',
  (secret) => {
    const { redact } = hiding(secret)
    for (const spelling of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
      expect(redact(`a ${spelling} b`)).toBe('a *** b')
  },
)

test('of a key in quotes or with an ampersand what others print of it is hidden, too', () => {
  const { redact } = hiding('"in quotes"', 'part-one&part-two', 'left-one&+right-one')
  expect(redact('in quotes, part-one& and part-two, left-one&+ and ight-one')).toBe('***, *** and ***, *** and ***')
})

test('a short secret takes no word out of other texts, and one letter is not masked', () => {
  const { redact, redactName, masked } = hiding('a', 'short')
  expect([redact('a short text'), redactName('a short text')]).toEqual(['a short text', 'a short text'])
  expect(masked).toEqual(['short', KEY_ID])
})

test('a text that is cut within a secret has nothing of it', () => {
  const { redact } = hiding(KEY)
  expect(redact(`x ${KEY.slice(0, 15)}`)).toBe('x ***')
  expect(redact(`'${KEY.slice(0, 15)}…' is not allowed`)).toBe("'***…' is not allowed")
})

test.each([
  ['the whole', URL_GIVEN],
  ['without scheme', URL_GIVEN.slice('https://'.length)],
  ['path and query', `${PATH}?${QUERY}`],
  ['the path', PATH],
  ['the path, decoded', decodeURIComponent(PATH)],
  ['a part of the path', 's3cr3t-of-the-path-1'],
  ['the query', QUERY],
  ['the signature', SIGNATURE],
  ['the credential', 'AKIAEXAMPLE000000001/20261121/us-east-1/s3/aws4_request'],
])('of a presigned URL that was given nothing is shown: %s', (_, part) => {
  const { redact } = hiding()
  const spellings = [part, encodeURIComponent(part), encodeURIComponent(encodeURIComponent(part))]
  const broken = [part.replace(/(.{30})/g, '$1\n'), part.replace(/(.{7})/g, '$1 ')]
  for (const spelling of [...spellings, JSON.stringify(part), part.replaceAll('&', '&amp;'), ...broken])
    expect(redact(`PUT ${spelling} failed`)).not.toMatch(/s3cr3t-of|0123456789abcdef|AKIAEXAMPLE/)
})

test('names that anybody may read stay, though a presigned URL has them', () => {
  const { redact, redactName, hideUrl } = hiding()
  const name = 'app-4f3c2a1b9e8d7c6f.png'
  hideUrl(`https://storage.example.com/bucket-2026-images/${name}?X-Goog-Signature=${SIGNATURE}&x-id=PutObject`, name)
  const lines = [`uploaded img/${name} (AWS4-HMAC-SHA256)`, 'uploaded img/a b.png (1 B, image/png)', 'PutObject']
  expect(lines.map(redact)).toEqual(lines)
  expect(redactName('https://bucket-2026-images.imgix.net/a.png')).toBe('https://bucket-2026-images.imgix.net/a.png')
})

test.each([
  ['S3', 'X-Amz-Signature=v4lue&X-Amz-Credential=v4lue&X-Amz-Security-Token=v4lue'],
  ['S3, older', 'AWSAccessKeyId=v4lue&Expires=1&Signature=v4lue'],
  ['GCS', 'X-Goog-Signature=v4lue&X-Goog-Credential=v4lue'],
  ['GCS, older', 'GoogleAccessId=v4lue&Signature=v4lue'],
  [
    'Azure',
    'sp=v4lue&st=v4lue&se=v4lue&skoid=v4lue&sktid=v4lue&skt=v4lue&ske=v4lue&sks=v4lue&sv=v4lue&sr=v4lue&sig=v4lue',
  ],
])('whoever signed a URL, its parameters are hidden: %s', (_, query) => {
  const { redact, redactName } = hiding()
  const spellings = [query, query.toUpperCase(), query.toLowerCase(), query.replaceAll('&', '&amp;')]
  for (const text of [...spellings, encodeURIComponent(query), encodeURIComponent(encodeURIComponent(query))]) {
    expect(redact(`PUT /a.png?${text} failed`)).toMatch(/^PUT \/a\.png\?.*\*\*\* failed$/)
    expect(redact(`PUT /a.png?${text} failed`)).not.toMatch(/v4lue/i)
    // a name that looks like one is a name
    expect(redactName(`img/${text}.png`)).toBe(`img/${text}.png`)
  }
})

test.each([
  ['{"X-Amz-Signature":"0123456789abcdef0"}', '{"X-Amz-Signature":"***"}'],
  ['<AWSAccessKeyId>AKIAEXAMPLE000000001</AWSAccessKeyId>', '<AWSAccessKeyId>***</AWSAccessKeyId>'],
  ['sig=abc123\n  def4567890&se=1 is bad', 'sig=***&se=*** is bad'],
  ['Signature: does not match', 'Signature: does not match'],
  ['https://me:pass@host.example/a', 'https://***@host.example/a'],
  ['at https%3A%2F%2Fme%3Apass%40host.example', 'at https%3A%2F%2F***%40host.example'],
  ['root: //me:pass@host.example/a', 'root: //***@host.example/a'],
  ["'https:/me:pass@host.example'", "'https:/***@host.example'"],
  ['https:\\\\me:pass@host.example', 'https:\\\\***@host.example'],
  ['a//b@2x.png and img/@scope/b', 'a//b@2x.png and img/@scope/b'],
  ['C:\\me@2x.png', 'C:\\me@2x.png'],
  ['got ghs_16C7e42F292c6912E7710c838347Ae178B4a', 'got ***'],
  ['github_pat_11ABCDEFG0123456789_abcdefghijk, gho%5F16C7e42F292c6912E771', '***, ***'],
  [`the key "ak_${'0123456789abcdef'.repeat(4)}"`, 'the key "***"'],
  ['ak_47_bags.png and ghs_short.png', 'ak_47_bags.png and ghs_short.png'],
  ['https://host.example/me@2x.png', 'https://host.example/me@2x.png'],
  ['design=1&also=2', 'design=1&also=2'],
])('%s', (text, expected) => {
  expect(hiding().redact(text)).toBe(expected)
})

test.each([
  ['one line', 'a1B%25'.repeat(700_000)],
  ['many lines', Array.from({ length: 300_000 }, (_, at) => `line ${at * 7919}`).join('\n')],
])('a secret of an answer that is far too long, of %s, is hidden as far as anybody shows it', (_, secret) => {
  const { masked, redact } = hiding(secret)
  expect(masked.length).toBeLessThan(1010)
  expect(redact(`it is ${secret.slice(0, 20_000)}`)).toBe('it is ***')
})

test('of presigned URLs the last ones are kept, so that memory stays flat', () => {
  const { hideUrl, redact } = hiding(KEY)
  const signatureOf = (index: number): string => createHash('sha256').update(String(index)).digest('hex')
  for (let index = 0; index < 10_000; index += 1)
    hideUrl(`https://h.example/a?X-Amz-Signature=${signatureOf(index)}`, 'a')
  expect([9999, 7000, 0].map((index) => redact(signatureOf(index)))).toEqual(['***', '***', signatureOf(0)])
  expect(redact(KEY)).toBe('***')
})

const hash = (index: number): string => createHash('sha256').update(String(index)).digest('hex')

test.each<[string, number, (index: number) => string]>([
  ['S3', 1, (index) => `https://h.example/${index}.png?${QUERY.replace(SIGNATURE, hash(index))}`],
  ['S3, older', 1, (index) => `https://h.example/a?AWSAccessKeyId=${KEY_ID}&Expires=1&Signature=${hash(index)}`],
  ['GCS', 1, (index) => `https://h.example/a?X-Goog-Credential=GOOG1E0123456789/2026&X-Goog-Signature=${hash(index)}`],
  ['GCS, a name', 32, (index) => `https://h.example/a?GoogleAccessId=imgix%40example&Signature=${hash(index)}`],
  ['Azure', 32, (index) => `https://h.example/a?sv=2026-01-01&sr=b&sig=${hash(index)}`],
  ['no parameter of a signature', 32, (index) => `https://h.example/put/${hash(index)}`],
  ['keys without end', 32, (index) => `https://h.example/a?AWSAccessKeyId=AKIA${hash(index)}&Signature=${hash(index)}`],
])('10,000 presigned URLs are masked a few times, and none is printed: %s', (_, masks, urlOf) => {
  const { masked, hideUrl, redact } = hiding()
  for (let index = 0; index < 10_000; index += 1) {
    const url = urlOf(index)
    hideUrl(url, 'a')
    if (index % 100 !== 99) continue // a look takes longer than a URL
    const { pathname, search } = new URL(url)
    for (const text of [url, encodeURIComponent(url), `${pathname}${search}`, hash(index)])
      expect(redact(`PUT ${text} failed`)).not.toContain(hash(index))
  }
  expect(new Set(masked)).toHaveLength(masked.length)
  expect(masked.length - 1).toBeLessThanOrEqual(masks)
})

test.each([
  ['S3', `AWSAccessKeyId=${KEY_ID}`],
  ['S3, encoded', `X-Amz-Credential=${KEY_ID}%2F20261121%2Fus-east-1%2Fs3%2Faws4_request`],
])('a URL that others print lacks the id of its key, whole and in part: %s', (_, query) => {
  const { masked, hideUrl } = hiding()
  const url = `https://h.example/a?${query}&X-Amz-Signature=${SIGNATURE}`
  hideUrl(url, 'a')
  for (const text of [url, query, encodeURIComponent(url)])
    expect(masked.reduce((shown, mask) => shown.replaceAll(mask, '***'), text)).not.toContain(KEY_ID)
})

test('a name that anybody may read is no mask, though a URL calls it the id of a key', () => {
  const { masked, hideUrl } = hiding()
  for (const id of ['images-2026-source', 'error', 'uploaded']) {
    const url = `https://h.example/a?AWSAccessKeyId=${id}&Signature=${SIGNATURE}`
    hideUrl(url, 'images-2026-source')
    expect(masked.at(-1)).toBe(url)
  }
})

test.each([
  ['equal', 'abcd', 'abcd', true],
  ['equal, and nothing', '', '', false],
  ['equal, and one letter', 'a', 'a', false],
  ['a part, and short', 'abcdefg', 'x/abcdefg', false],
  ['a part', 'abcdefgh', 'x/abcdefgh/y', true],
  ['in base64', 'abcdefgh', Buffer.from('x:abcdefgh').toString('base64'), true],
  ['another', 'abcdefgh', 'abcdefg', false],
])('whether a text holds a secret: %s', (_, secret, text, expected) => {
  expect(holdsSecret(text, secret)).toBe(expected)
})

// a pattern that takes longer than by the length of a text would not end within the time of a test
test.each([
  ...[
    'a',
    ' ',
    '%',
    '%25',
    '%2525',
    '\\',
    '&#',
    '&amp;',
    '\u001b[',
    'sig=',
    'sig=1 12345678 ',
    'x-amz-',
    'X-Amz-Signature=',
  ],
  ...['https://', 'a@', 'https://a', KEY, KEY.slice(0, 9), SIGNATURE.slice(0, 20), '…', '\ud800'],
])('16 MB of %j are looked through in a time that goes by their length', (part) => {
  const { redact, redactName } = hiding(KEY)
  const text = part.repeat(Math.ceil(16e6 / part.length))
  redact(text)
  redactName(text.slice(0, 200_000))
})
