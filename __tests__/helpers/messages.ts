import { readdirSync, readFileSync } from 'node:fs'
import { parseAst } from 'vitest/node'

export type Text = { readonly file: string; readonly text: string }

/** The texts of at least three words in a folder of code, with `…` for each value that is put in. */
export function textsIn(folder: URL): Text[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .flatMap((name) => {
      const file = name.replaceAll('\\', '/')
      const code = readFileSync(new URL(file, folder), 'utf8')
      return literalsOf(parseAst(code, { lang: 'ts' }).body).map((text) => ({ file, text }))
    })
}

const WORDS = /[a-z'’]+ .*[a-z'’]+ /s

function literalsOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(literalsOf)
  if (typeof node !== 'object' || node === null) return []
  const inner = Object.values(node).flatMap(literalsOf)
  const own = textOf(node as Node)
  return own !== undefined && WORDS.test(own) ? [own, ...inner] : inner
}

type Node = { type?: string; value?: unknown; quasis?: readonly { value: { cooked: string } }[] }

function textOf({ type, value, quasis = [] }: Node): string | undefined {
  if (type === 'TemplateLiteral') return quasis.map((part) => part.value.cooked).join('…')
  return type === 'Literal' && typeof value === 'string' ? value : undefined
}

/** Whether one of two texts holds the other; `…` stands for any value. */
export function holds(one: string, other: string): boolean {
  return toPattern(one).test(other) || toPattern(other).test(one)
}

function toPattern(text: string): RegExp {
  const parts = text.split(/…+/).map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(parts.filter((part) => part !== '').join('.*'), 's')
}
