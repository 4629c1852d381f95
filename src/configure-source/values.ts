import { describe, quote, type YamlNode, type YamlScalar } from '../inputs/yaml.ts'

/** Notes a problem at an offset of the file. */
export type Report = (at: number, message: string) => void
/** @param name of the attribute, with the object that it is in
 *  @returns the value for imgix; undefined after a problem */
export type Read = (node: YamlNode, name: string, report: Report) => unknown

const SUBDOMAIN = /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/
const HOST = /^([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/
const PARAMETER = /^[a-z][\w:-]*$/i

export const readText: Read = (node, name, report) => {
  const isText = isScalar(node) && typeof node.value === 'string' && node.value.trim() !== ''
  if (isText && isPrintable(String(node.value))) return node.value
  const quotes = isScalar(node) && ['number', 'boolean'].includes(typeof node.value) ? ' (put it in quotes)' : ''
  return refuse(node, name, `a text of one line${quotes}`, report)
}

export const readBoolean: Read = (node, name, report) =>
  isScalar(node) && typeof node.value === 'boolean' ? node.value : refuse(node, name, 'true or false', report)

export function readWord(...words: readonly string[]): Read {
  const allowed = words.join(', ').replace(/, (?=\w+$)/, ' or ')
  return (node, name, report) =>
    isScalar(node) && words.includes(node.value as string) ? node.value : refuse(node, name, allowed, report)
}

/** @param what the number counts */
export function readWholeNumber(min: number, max: number, what: string): Read {
  return (node, name, report) => {
    const value = isScalar(node) && Number.isInteger(node.value) ? Number(node.value) : Number.NaN
    if (value >= min && value <= max) return value
    return refuse(node, name, `a whole number of ${what} from ${min} to ${max}`, report)
  }
}

export const readUrl: Read = (node, name, report) => {
  const text = isScalar(node) ? node.value : undefined
  if (typeof text === 'string' && isUrl(text)) return text
  return refuse(node, name, 'an absolute URL, such as https://example.com/image.png', report)
}

export function isUrl(text: string): boolean {
  return /^https?:\/\/[^\s/]\S*$/i.test(text) && isPrintable(text) && URL.canParse(text)
}

export function orNull(read: Read): Read {
  return (node, name, report) =>
    isScalar(node) && node.value === null && node.source !== '' ? null : read(node, name, report)
}

export const readSubdomains: Read = (node, name, report) => {
  const allowed = 'the part of a host name before .imgix.net, in lower case, such as assets'
  if (node.kind === 'list' && node.items.length === 0) return refuse(node, name, `at least one: ${allowed}`, report)
  return readList(node, name, report, { matches: (text) => SUBDOMAIN.test(text), allowed })
}

export const readDomains: Read = (node, name, report) =>
  readList(node, name, report, {
    matches: (text) => HOST.test(text) && !text.endsWith('.imgix.net'),
    allowed: 'a host name of your own, in lower case, such as images.example.com',
  })

function readList(
  node: YamlNode,
  name: string,
  report: Report,
  { matches, allowed }: { matches: (text: string) => boolean; allowed: string },
): string[] | undefined {
  if (node.kind !== 'list') return refuse(node, name, 'a list of texts', report)
  const texts = new Set<string>()
  for (const item of node.items) {
    const text = isScalar(item) && typeof item.value === 'string' && matches(item.value) ? item.value : undefined
    if (text === undefined) refuse(item, `an item of ${name}`, allowed, report)
    else if (texts.has(text)) report(item.at, `${quote(text)} is in ${name} twice`)
    else texts.add(text)
  }
  return [...texts]
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
  const { value, source } = isScalar(node) ? node : { value: undefined, source: '' }
  // they become parts of a URL as they are written: 001122 is a colour, and 1e3 is not 1000
  if (typeof value === 'boolean' || (typeof value === 'number' && /\d/.test(source))) return source
  if (typeof value === 'string' && value !== '' && isPrintable(value)) return value
  return refuse(node, name, 'a text, a number, true or false; several values are one text: format,compress', report)
}

export function isScalar(node: YamlNode): node is YamlScalar {
  return node.kind === 'scalar'
}

function isPrintable(text: string): boolean {
  return text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)
}

export function refuse(node: YamlNode, name: string, allowed: string, report: Report): undefined {
  report(node.at, `${name} is ${describe(node)}; allowed is ${allowed}`)
  return undefined
}
