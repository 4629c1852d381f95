import { decodeUri } from '../runner/text.ts'
import type { Meaning } from './pattern-meaning.ts'
import { findName, splitSign } from './patterns.ts'

/**
 * Guesses what a pattern that matches no file means. The caller checks the guesses against the files.
 * @param isLost no pattern matches any file: then a pattern without folders can mean every folder, as in gitignore
 */
export function guessMeanings(pattern: string, names: readonly string[], isLost: boolean): Meaning[] {
  const { exclude, body } = splitSign(pattern)
  const hasOtherForm = findName(names, body, 'form') !== undefined
  const guesses: [form: string | undefined, because: string][] = [
    [body.replace(/\/+$/, ''), 'it ends with a slash, so it matches folders only'],
    [asWritten(body, findName(names, body, 'case')), 'case matters'],
    [
      hasOtherForm ? body.normalize().replace(/[^\0-\x7f]+/g, '*') : undefined,
      'its letters are of another Unicode form',
    ],
    [body.replaceAll('[', '[[]'), 'brackets are one character'],
    [decodeUri(body), '% is not an escape'],
    [isLost && !body.startsWith('**/') ? `**/${body.replace(/^\.\//, '')}` : undefined, 'it names no folder above'],
  ]
  return guesses.flatMap(([form, because]) =>
    form === undefined || form === body
      ? []
      : [{ forms: [(exclude ? '!' : '') + form], because: [because], isSure: false }],
  )
}

/** Changes the case of each literal part of a pattern to that in a name that it matches except for case. */
function asWritten(body: string, name = ''): string {
  const lower = name.toLowerCase()
  let from = 0
  return body.replace(/\[[^\]]*\]|[^*?[\]/]+/g, (part) => {
    const at = part.startsWith('[') || lower.length !== name.length ? -1 : lower.indexOf(part.toLowerCase(), from)
    if (at === -1) return part
    from = at + part.length
    return name.slice(at, from)
  })
}
