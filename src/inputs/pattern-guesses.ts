import type { Meaning } from './pattern-meaning.ts'
import type { NameIndex } from './pattern-names.ts'
import { splitSign } from './patterns.ts'

/**
 * Guesses what a pattern that matches no file means. The caller checks the guesses against the files.
 * @param isLost no pattern matches any file: then a pattern without folders can mean every folder, as in gitignore
 */
export function guessMeanings(pattern: string, look: NameIndex, isLost: boolean): Meaning[] {
  const { exclude, body } = splitSign(pattern)
  const guesses: [form: string | undefined, because: string][] = [
    [body.replace(/\/+$/, ''), 'it ends with a slash, so it matches folders only'],
    [asWritten(body, look.find(body, 'case')), 'case matters'],
    [
      look.find(body, 'form') && body.normalize().replace(/[^\0-\x7f]+/g, '*'),
      'its letters are of another Unicode form',
    ],
    [body.replaceAll('[', '[[]'), 'brackets are one character'],
    [decode(body), '% is not an escape'],
    [isLost && !body.startsWith('**/') ? `**/${body.replace(/^\.\//, '')}` : undefined, 'it names no folder above'],
  ]
  return guesses.flatMap(([form, because]) =>
    form === undefined || form === body
      ? []
      : [{ forms: [(exclude ? '!' : '') + form], because: [because], isSure: false }],
  )
}

/** Changes the case of a pattern to that of a name that it matches except for case. */
function asWritten(body: string, name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const folders = name.split('/')
  return body
    .split('/')
    .map((segment) => {
      const literal = /^[^*?[\]]*$/.test(segment)
      const found = literal ? folders.find((folder) => isSame(folder, segment)) : undefined
      return found ?? recaseParts(segment, folders)
    })
    .join('/')
}

/** Changes the case of a segment such as `IMG_*.PNG`, part by part, to that in a folder or file name. */
function recaseParts(segment: string, folders: readonly string[]): string {
  return segment.replace(/\[[^\]]*\]|[^*?[\]]+/g, (part) => {
    if (part.startsWith('[')) return part
    for (const folder of folders.toReversed()) {
      const at = folder.toLowerCase().indexOf(part.toLowerCase())
      if (at !== -1 && folder.length === folder.toLowerCase().length) return folder.slice(at, at + part.length)
    }
    return part
  })
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function decode(body: string): string | undefined {
  try {
    return decodeURIComponent(body)
  } catch {
    return undefined // it contains a % that is not an escape
  }
}
