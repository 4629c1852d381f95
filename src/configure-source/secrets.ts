import { isRecord } from '../imgix/errors.ts'
import type { SourceResource } from '../imgix/sources.ts'
import { DEPLOYMENT, UPLOAD_CREDENTIALS } from './attributes.ts'

export type Secrets = {
  /** Hides a secret, and each of its lines, from here on. */
  hide(secret: string): void
  /** Hides what an answer of imgix's tells of credentials. */
  hideThoseOf(source: SourceResource): void
  /** @returns the text with `***` for every secret: what is printed may be read elsewhere than in GitHub's log */
  redact(text: string): string
}

/** @param mask has the runner hide a text in the log */
export function createSecrets(mask: (secret: string) => void): Secrets {
  const secrets = new Set<string>()
  const hide = (secret: string): void => {
    for (const text of [secret, ...secret.split(/\r\n|\r|\n/)]) {
      if (text.trim() === '' || secrets.has(text)) continue
      secrets.add(text)
      mask(text)
    }
  }
  return {
    hide,
    hideThoseOf({ attributes: { secure_url_token: token, deployment, upload_credentials: credentials } }) {
      const objects = [
        { rules: DEPLOYMENT, values: deployment },
        { rules: UPLOAD_CREDENTIALS, values: credentials },
      ]
      const found = objects.flatMap(({ rules, values }) =>
        Object.entries(isRecord(values) ? values : {}).flatMap(([name, value]) =>
          Object.hasOwn(rules, name) && rules[name]?.credential !== undefined ? [value] : [],
        ),
      )
      for (const value of [token, ...found]) if (typeof value === 'string') hide(value)
    },
    redact: (text) =>
      [...secrets]
        .sort((one, other) => other.length - one.length)
        .reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text),
  }
}
