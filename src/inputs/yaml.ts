import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from 'yaml'
import { type Placed, TEXT_MAX_BYTES } from './text-file.ts'

/** A value and its offset in the text. An alias is replaced by the value of its anchor. */
export type YamlNode =
  | { readonly kind: 'map'; readonly at: number; readonly entries: readonly YamlEntry[] }
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly YamlNode[] }
  | YamlScalar
export type YamlScalar = {
  readonly kind: 'scalar'
  readonly at: number
  readonly value: unknown
  /** the text of the scalar without quotes; '' for a missing value */
  readonly source: string
}
/** `line`: from 1 */
export type YamlEntry = { readonly key: string; readonly at: number; readonly line: number; readonly value: YamlNode }

/** `at`: offset in the text */
export type YamlProblem = { readonly at: number; readonly message: string }
/** Notes a problem at an offset in the text. */
export type Report = (at: number, message: string) => undefined

// values of the document, with every alias counted as the values of its anchor
const VALUES_MAX = 100_000
const TOO_DEEP = 'nested too deeply'

/**
 * Reads a YAML 1.2 document of the core schema, without custom tags, merge keys and duplicate keys.
 * @returns `root` is undefined for a document that is empty or can't be read
 */
export function readYaml(text: string): {
  root: YamlNode | undefined
  problems: YamlProblem[]
  /** Sorts problems by place, one for each place: a value with several aliases is read several times. */
  place: (problems: readonly YamlProblem[]) => Placed[]
} {
  const content = text.replace(/^\uFEFF/, '')
  const lines = new LineCounter()
  lines.addNewLine(0)
  for (const { index } of content.matchAll(/\n/g)) lines.addNewLine(index + 1)
  const lineOf = (at: number): number => lines.linePos(at).line
  const place = (problems: readonly YamlProblem[]): Placed[] => {
    const places = new Map(problems.toReversed().map((problem) => [problem.at, problem]))
    const sorted = [...places.values()].sort((one, other) => one.at - other.at)
    return sorted.map(({ at, message }) => ({ line: lineOf(at), column: lines.linePos(at).col, message }))
  }
  const excess = findExcess(content)
  if (excess !== undefined) return { root: undefined, problems: [excess], place }
  const { errors, warnings, contents } = parse(content)
  const problems = explain([...errors, ...warnings], content, lineOf)
  if (problems.length > 0 || contents === null) return { root: undefined, problems, place }
  return { ...createReader(lineOf)(contents), place }
}

function parse(content: string): Document.Parsed {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0 // every character can be an error, and stack traces take memory
  try {
    return parseDocument(content, {
      prettyErrors: false,
      schema: 'core', // also for a document with %YAML 1.1
      resolveKnownTags: false,
      merge: false,
      uniqueKeys: false, // its time is quadratic; readMap checks the keys
      logLevel: 'error',
    })
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

// The parser has no limit, and takes time and memory for each token. Text between tokens does not count.
const MARKS_MAX = 3 * VALUES_MAX
const DEPTH_MAX = 500
const MARKS = /[[\]{},:&*!|>'"%@?#\n]|-(?=[\0- ]|$)/g

/** @returns the place from which on there is too much to parse */
function findExcess(text: string): YamlProblem | undefined {
  if (Buffer.byteLength(text) > TEXT_MAX_BYTES) return { at: 0, message: 'the file is larger than 1 MB' }
  let marks = 0
  let depth = 0
  for (const { 0: mark, index: at } of text.matchAll(MARKS)) {
    marks += 1
    if (mark === '[' || mark === '{') depth += 1
    else if (mark === ']' || mark === '}') depth = Math.max(0, depth - 1)
    if (marks > MARKS_MAX) return { at, message: `more than ${MARKS_MAX} lines and marks such as : and ,` }
    if (depth > DEPTH_MAX) return { at, message: TOO_DEEP }
  }
  return undefined
}

/** Keeps the first problem of each line: the others usually follow from it. */
function explain(errors: readonly YAMLError[], text: string, lineOf: (at: number) => number): YamlProblem[] {
  // a pattern without quotes causes many other errors
  const aliases = errors.filter(({ code }) => code === 'BAD_ALIAS')
  const lines = new Map<number, YamlProblem>()
  for (const { code, message, pos } of aliases.length > 0 ? aliases : errors) {
    const [end] = pos
    if (lines.has(lineOf(end))) continue
    // the parser reports the end of an alias
    const at = code === 'BAD_ALIAS' ? 1 + Math.max(...[' ', '\n'].map((mark) => text.lastIndexOf(mark, end - 1))) : end
    lines.set(lineOf(end), { at, message: WORDS[code] ?? message.replace(/\s+/g, ' ').slice(0, 200) })
  }
  return [...lines.values()]
}

const WORDS: Partial<Record<YAMLError['code'], string>> = {
  BAD_ALIAS: 'a text that starts with * must be in quotes',
  MULTIPLE_DOCS: 'a second document; allowed is one',
  RESOURCE_EXHAUSTION: TOO_DEEP,
  TAG_RESOLVE_FAILED: 'tags are not known here; a text that starts with ! must be in quotes',
}

type Anchor = { readonly node: YamlNode; readonly values: number } | 'open'

/** @returns a function that reads a document once; with too many values it has that problem alone */
function createReader(lineOf: (at: number) => number) {
  const anchors = new Map<string, Anchor>()
  const problems: YamlProblem[] = []
  let values = 0
  let excess: YamlProblem | undefined

  const report: Report = (at, message) => void problems.push({ at, message })
  const nothing = (at: number, value?: null): YamlScalar => ({ kind: 'scalar', at, value, source: '' })

  function read(node: ParsedNode): YamlNode {
    const [at] = node.range
    const { anchor } = node as { anchor?: string }
    const alias = isAlias(node) ? anchors.get(node.source) : undefined
    const before = values
    values += typeof alias === 'object' ? alias.values : 1
    if (values > VALUES_MAX) {
      const message = `more than ${VALUES_MAX} values, those that aliases stand for included`
      excess ??= { at, message }
    }
    if (excess !== undefined) return nothing(at)
    if (typeof alias === 'object') return { ...alias.node, at }
    if (isAlias(node)) {
      const what = alias === undefined ? 'there is no such anchor before it' : 'it stands for what it is part of'
      report(at, `the alias ${quote(`*${node.source}`)} has no value: ${what}`)
      return nothing(at)
    }
    if (anchor !== undefined) anchors.set(anchor, 'open')
    const result: YamlNode = isScalar(node)
      ? { kind: 'scalar', at, value: node.value, source: node.source ?? '' }
      : isMap(node)
        ? { kind: 'map', at, entries: readEntries(node) }
        : { kind: 'list', at, items: node.items.map(read) }
    if (anchor !== undefined) anchors.set(anchor, { node: result, values: values - before })
    return result
  }

  function readEntries(node: YAMLMap.Parsed): YamlEntry[] {
    const keys = new Set<string>()
    return node.items.flatMap(({ key: keyNode, value: valueNode }) => {
      const [at, , end] = keyNode.range
      const key = readKey(keyNode)
      const value = valueNode ? read(valueNode) : nothing(end, null)
      if (key === undefined) return []
      if (keys.has(key)) return report(at, `${quote(key)} is there twice`) ?? []
      keys.add(key)
      return { key, at, line: lineOf(at), value }
    })
  }

  /** A number or a boolean becomes a key by its text. */
  function readKey(node: ParsedNode): string | undefined {
    const [at] = node.range
    if (isAlias(node)) return report(at, 'a key must be a text; a text that starts with * must be in quotes')
    const key = read(node)
    const text = key.kind !== 'scalar' ? '' : typeof key.value === 'string' ? key.value : key.source
    if (text === '<<') return report(at, 'merge keys (<<) are not known here')
    return text.trim() === '' || !text.isWellFormed() ? report(at, 'a key must be a text') : text
  }

  return (document: ParsedNode): { root: YamlNode | undefined; problems: YamlProblem[] } => {
    const root = read(document)
    return excess === undefined ? { root, problems } : { root: undefined, problems: [excess] }
  }
}

/** The user of a URL, also without its scheme, is not shown. */
const USER = /^\s*[a-z][\w+.-]*:[/\\]{0,3}[^/?#]*@/i

/** Formats a text of the document for a message: one line of at most 60 characters. */
export function quote(text: string): string {
  const line = text.replace(USER, '***@').replace(/\s+/g, ' ')
  return `'${line.length > 60 ? `${line.slice(0, 60)}…` : line}'`
}

/** Describes a value for a message. */
export function describe(node: YamlNode): string {
  if (node.kind === 'map') return node.entries.length === 0 ? 'an empty map' : 'a map'
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : 'a list'
  if (node.value === null || node.value === undefined) return node.source === '' ? 'without a value' : 'null'
  if (typeof node.value !== 'string') return `the ${typeof node.value} ${quote(node.source)}`
  return node.value.trim() === '' ? 'empty' : `the text ${quote(node.value)}`
}

export function refuse(node: YamlNode, name: string, allowed: string, report: Report): undefined {
  return report(node.at, `${name} is ${describe(node)}; allowed is ${allowed}`)
}
