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
  type YAMLSeq,
} from 'yaml'
import type { Placed } from './text-file.ts'

/** A value and its offset in the text. An alias is replaced by the value of its anchor. */
export type YamlNode = YamlMap | YamlList | YamlScalar
type YamlMap = { readonly kind: 'map'; readonly at: number; readonly entries: readonly YamlEntry[] }
type YamlList = { readonly kind: 'list'; readonly at: number; readonly items: readonly YamlNode[] }
export type YamlScalar = {
  readonly kind: 'scalar'
  readonly at: number
  readonly value: unknown
  /** the text of the scalar without quotes; '' for a missing value */
  readonly source: string
}
export type YamlEntry = { readonly key: string; readonly at: number; readonly value: YamlNode }

/** `at`: offset in the text */
export type YamlProblem = { readonly at: number; readonly message: string }

const BYTES_MAX = 1_000_000
// values of the document, with every alias counted as the values of its anchor
const VALUES_MAX = 100_000
const TOO_MANY = `more than ${VALUES_MAX} values, those that aliases stand for included`
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
  const lineCounter = new LineCounter()
  const place = (problems: readonly YamlProblem[]): Placed[] => {
    const places = new Map(problems.toReversed().map(({ at, message }) => [at, message]))
    return [...places]
      .sort(([one], [other]) => one - other)
      .map(([at, message]) => {
        const { line, col } = lineCounter.linePos(at)
        return { line: Math.max(1, line), column: Math.max(1, col), message }
      })
  }
  const unreadable = (problems: YamlProblem[]) => ({ root: undefined, problems, place })
  if (Buffer.byteLength(text) > BYTES_MAX) return unreadable([{ at: 0, message: 'the file is larger than 1 MB' }])
  const content = text.replace(/^\uFEFF/, '')
  const excess = findExcess(content)
  if (excess !== undefined) {
    for (const { index } of content.matchAll(/\n/g)) lineCounter.addNewLine(index + 1)
    return unreadable([excess])
  }
  const document = parse(content, lineCounter)
  const unparsed = explain([...document.errors, ...document.warnings], content, (at) => lineCounter.linePos(at).line)
  if (unparsed.length > 0 || document.contents === null) return unreadable(unparsed)
  const problems: YamlProblem[] = []
  try {
    return { root: createReader(problems)(document.contents), problems, place }
  } catch (error) {
    if (!(error instanceof Exhausted)) throw error
    return unreadable([{ at: error.at, message: error.message }])
  }
}

function parse(content: string, lineCounter: LineCounter): Document.Parsed {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0 // every character can be an error, and stack traces take memory
  try {
    return parseDocument(content, {
      lineCounter,
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
const MARKS = new Set('[]{},:&*!|>\'"%@?#\n')

/** @returns the place from which on there is too much to parse */
function findExcess(text: string): YamlProblem | undefined {
  let marks = 0
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    if (MARKS.has(character) || (character === '-' && text.charAt(at + 1) <= ' ')) marks += 1
    if (character === '[' || character === '{') depth += 1
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1)
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
    const line = lineOf(pos[0])
    if (lines.has(line)) continue
    const at = code === 'BAD_ALIAS' ? startOfWord(text, pos[0]) : pos[0]
    lines.set(line, { at, message: WORDS[code] ?? message.replace(/\s+/g, ' ').slice(0, 200) })
  }
  return [...lines.values()]
}

/** The parser reports the end of an alias. */
function startOfWord(text: string, end: number): number {
  return Math.max(text.lastIndexOf(' ', end - 1), text.lastIndexOf('\n', end - 1)) + 1
}

const WORDS: Partial<Record<YAMLError['code'], string>> = {
  BAD_ALIAS: 'a text that starts with * must be in quotes',
  MULTIPLE_DOCS: 'a second document; allowed is one',
  RESOURCE_EXHAUSTION: TOO_DEEP,
  TAG_RESOLVE_FAILED: 'tags are not known here; a text that starts with ! must be in quotes',
}

/** A document that grows beyond bounds. */
class Exhausted extends Error {
  override name = 'Exhausted'
  readonly at: number
  constructor(at: number) {
    super(TOO_MANY)
    this.at = at
  }
}

type Anchor = { node: YamlNode; values: number } | 'open'

function createReader(problems: YamlProblem[]): (node: ParsedNode) => YamlNode {
  const anchors = new Map<string, Anchor>()
  let values = 0

  function read(node: ParsedNode): YamlNode {
    const at = node.range[0]
    const before = values
    if (isAlias(node)) return readAlias(node.source, at)
    count(1, at)
    if (node.anchor !== undefined) anchors.set(node.anchor, 'open')
    const read = isScalar(node) ? readScalar(node, at) : isMap(node) ? readMap(node, at) : readList(node, at)
    if (node.anchor !== undefined) anchors.set(node.anchor, { node: read, values: values - before })
    return read
  }

  function count(more: number, at: number): void {
    values += more
    if (values > VALUES_MAX) throw new Exhausted(at)
  }

  function readAlias(name: string, at: number): YamlNode {
    const anchor = anchors.get(name)
    if (anchor === undefined || anchor === 'open') {
      const what = anchor === undefined ? 'there is no such anchor before it' : 'it stands for what it is part of'
      problems.push({ at, message: `the alias ${quote(`*${name}`)} has no value: ${what}` })
      return { kind: 'scalar', at, value: undefined, source: '' }
    }
    count(anchor.values, at)
    return { ...anchor.node, at }
  }

  function readScalar(node: { value: unknown; source?: string | undefined }, at: number): YamlScalar {
    return { kind: 'scalar', at, value: node.value, source: node.source ?? '' }
  }

  function readList(node: YAMLSeq.Parsed, at: number): YamlNode {
    return { kind: 'list', at, items: node.items.map((item) => read(item)) }
  }

  function readMap(node: YAMLMap.Parsed, at: number): YamlNode {
    const entries: YamlEntry[] = []
    const keys = new Set<string>()
    for (const pair of node.items) {
      const key = readKey(pair.key)
      const value = pair.value ? read(pair.value) : readScalar({ value: null }, pair.key.range[1])
      if (key === undefined) continue
      if (keys.has(key)) problems.push({ at: pair.key.range[0], message: `${quote(key)} is there twice` })
      else entries.push({ key, at: pair.key.range[0], value })
      keys.add(key)
    }
    return { kind: 'map', at, entries }
  }

  /** A number or a boolean becomes a key by its text. */
  function readKey(node: ParsedNode): string | undefined {
    const at = node.range[0]
    const key = isAlias(node) ? undefined : read(node)
    if (key?.kind !== 'scalar') {
      const quotes = isAlias(node) ? '; a text that starts with * must be in quotes' : ''
      problems.push({ at, message: `a key must be a text${quotes}` })
      return undefined
    }
    const text = typeof key.value === 'string' ? key.value : key.source
    if (text === '<<') problems.push({ at, message: 'merge keys (<<) are not known here' })
    else if (text.trim() === '' || !text.isWellFormed()) problems.push({ at, message: 'a key must be a text' })
    else return text
    return undefined
  }

  return read
}

/** Formats a text of the document for a message: one line of at most 60 characters. */
/** The user of a URL, also without its scheme, is not shown. It is looked for before the text is cut. */
const USER = /^\s*[a-z][\w+.-]*:[/\\]{0,3}[^/?#]*@/i

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
