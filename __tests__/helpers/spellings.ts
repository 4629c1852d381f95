const base64 = (text: string, encoding: 'base64' | 'base64url' = 'base64'): string =>
  Buffer.from(text).toString(encoding)
const escapeAll = (text: string, write: (code: string) => string): string =>
  Array.from(text, (letter) => write(letter.charCodeAt(0).toString(16).padStart(2, '0'))).join('')
const json = (text: string): string => JSON.stringify(text).slice(1, -1)
const entities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }
const xml = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&${entities[letter]};`)

/** A secret as others may write it: what GitHub's runner masks, and some more. */
export function spellingsOf(secret: string): string[] {
  return [
    ...escapedSpellingsOf(secret),
    ...['', 'x', ':', 'x:', 'xy:', 'x-access-token:'].flatMap((user) => [
      base64(`${user}${secret}`),
      base64(`${user}${secret}:`),
      base64(`${user}${secret}`, 'base64url'),
    ]),
    ...[Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('hex').toUpperCase()],
    ...[base64(secret).replace(/(.{5})(?=.)/g, '$1\n  '), Array.from(base64(secret)).join(' ')],
  ]
}

/** Those whose letters can still be told. */
export function escapedSpellingsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret)
  return [
    ...[secret, secret.toUpperCase(), xml(secret), json(secret), json(json(secret)), secret.replaceAll('"', '\\"')],
    ...[encoded, encodeURIComponent(encoded), escapeAll(secret, (code) => `%${code}`)],
    ...[escapeAll(secret, (code) => `%25${code.toUpperCase()}`), json(encoded), encodeURIComponent(json(secret))],
    ...[escapeAll(secret, (code) => `\\u00${code}`), escapeAll(secret, (code) => `\\x${code}`)],
    ...[escapeAll(secret, (code) => `&#x${code};`), secret.replaceAll("'", "''")],
    ...[secret, encoded].map((text) => text.replace(/(.{5})(?=.)/g, '$1\n  ')),
    Array.from(secret).join(' '),
    ...['\\\n', '\u2800', '\ufe0f'].map((unseen) => secret.replace(/(.{5})(?=.)/g, `$1${unseen}`)),
  ]
}
