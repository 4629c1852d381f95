import { quote, type Report, refuse, type YamlNode } from '../inputs/yaml.ts'

/** @param name of the attribute, with the object that it is in
 *  @returns the value for imgix; undefined after a problem */
export type Read = (node: YamlNode, name: string, report: Report) => unknown

const SUBDOMAIN = /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/
const HOST = /^([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/
const PARAMETER = /^[a-z][\w:-]*$/i
/** One year, both for images and for error images. */
const TTL_MAX_S = 31_536_000

function readScalar(allowed: string, isAllowed: (value: unknown) => boolean): Read {
  return (node, name, report) =>
    node.kind === 'scalar' && isAllowed(node.value) ? node.value : refuse(node, name, allowed, report)
}

export const readText: Read = (node, name, report) => {
  const isOther = node.kind === 'scalar' && ['number', 'boolean'].includes(typeof node.value)
  const allowed = `a text of one line${isOther ? ' (put it in quotes)' : ''}`
  return readScalar(allowed, (value) => isLine(value) && value.trim() !== '')(node, name, report)
}

export const readBoolean = readScalar('true or false', (value) => typeof value === 'boolean')

export function readWord(...words: readonly string[]): Read {
  return readScalar(enumerate(words, 'or'), (value) => words.includes(value as string))
}

export const readTtl = readScalar(
  `a whole number of seconds from 1 to ${TTL_MAX_S}`,
  (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= TTL_MAX_S,
)

export const readUrl = readScalar('an absolute URL, such as https://example.com/image.png', isUrl)

export function isUrl(value: unknown): boolean {
  return isLine(value) && /^https?:\/\/[^\s/]\S*$/i.test(value) && URL.canParse(value)
}

export function orNull(read: Read): Read {
  return (node, name, report) =>
    node.kind === 'scalar' && node.value === null && node.source !== '' ? null : read(node, name, report)
}

export const readSubdomains = readList(
  'the part of a host name before .imgix.net, in lower case, such as assets',
  (text) => SUBDOMAIN.test(text),
  1,
)

export const readDomains = readList(
  'a host name of your own, in lower case, such as images.example.com',
  (text) => HOST.test(text) && !text.endsWith('.imgix.net'),
)

function readList(allowed: string, isAllowed: (text: string) => boolean, min = 0): Read {
  const readItem = readScalar(allowed, (value) => typeof value === 'string' && isAllowed(value))
  return (node, name, report) => {
    if (node.kind !== 'list') return refuse(node, name, 'a list of texts', report)
    if (node.items.length < min) return refuse(node, name, `at least one: ${allowed}`, report)
    const texts = new Set<string>()
    for (const item of node.items) {
      const text = readItem(item, `an item of ${name}`, report) as string | undefined
      if (text !== undefined && texts.has(text)) report(item.at, `${quote(text)} is in ${name} twice`)
      else if (text !== undefined) texts.add(text)
    }
    return [...texts]
  }
}

/** Rendering parameters by name, each value as its text. imgix checks names and values. */
export const readParameters: Read = (node, name, report) => {
  if (node.kind !== 'map')
    return refuse(node, name, 'a map from parameters to values, such as { auto: format }', report)
  const parameters = node.entries.map(({ key, at, value }) => {
    if (!PARAMETER.test(key))
      report(at, `${quote(key)} is not a parameter of imgix; ${name} takes names such as auto or fit`)
    return [key, readParameter(value, `${name}.${key}`, report)]
  })
  return Object.fromEntries(parameters)
}

const readParameter: Read = (node, name, report) => {
  const { value, source } = node.kind === 'scalar' ? node : { value: undefined, source: '' }
  // they become parts of a URL as they are written: 001122 is a colour, and 1e3 is not 1000
  if (typeof value === 'boolean' || (typeof value === 'number' && /\d/.test(source))) return source
  if (isLine(value) && value !== '') return value
  return refuse(node, name, 'a text, a number, true or false; several values are one text: format,compress', report)
}

function isLine(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)
}

/** `a, b and c` */
export function enumerate(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  return words.join(', ').replace(/, (?=\w+$)/, ` ${last} `)
}
