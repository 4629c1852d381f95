import { isRecord, textOf } from './errors.ts'

/** A document that came with a success. */
type Document = Readonly<Record<string, unknown>>

/** What in a success contradicts its request, in words that follow the status; undefined where nothing does. */
export type Contradiction = (document: Document) => string | undefined

const TYPES = ['assets', 'asset_uploads', 'purges', 'reports', 'sources'] as const
export type Type = (typeof TYPES)[number]

/** An asset's has its origin path, and an id is a part of further URLs. */
const ID_MAX_LENGTH = 8192

type Named = { readonly sourceId: string; readonly originPath: string }

/** The document is about one object of this type. A document without `data` contradicts nothing. */
export function contradictsObject(
  type: Type,
  contradicts: (data: Document, attributes: Document) => string | undefined = () => undefined,
): Contradiction {
  return (document) => {
    if (!('data' in document)) return undefined
    const { data } = document
    if (!isRecord(data)) return 'with data that is no object'
    const { length } = textOf(data.id)
    if (length > ID_MAX_LENGTH) return `with an id of ${length} characters`
    return contradictsType(data, type) ?? contradicts(data, isRecord(data.attributes) ? data.attributes : {})
  }
}

/** The document is about an object of this type, and this one.
 *  @param id of the object; undefined where it is new */
export function contradictsResource(type: Type, noun: string, id?: string): Contradiction {
  const contradicts = contradictsObject(type, (data) => (id === undefined ? undefined : contradictsId(data, id, noun)))
  return (document) => (isObject(document.data) ? contradicts(document) : `with an answer that is no ${noun}`)
}

function isObject(data: unknown): boolean {
  return isRecord(data) && isRecord(data.attributes)
}

/** The document is a list of objects of this type. */
export function contradictsList(type: Type): Contradiction {
  return ({ data }) => {
    if (!Array.isArray(data)) return 'with an answer that is no list'
    if (!data.every(isObject)) return 'with a list of other things than objects'
    return data.map((item) => contradictsType(item, type)).find((reason) => reason !== undefined)
  }
}

/** A type that the reference does not know can be a newer name of a known type. */
function contradictsType({ type }: Document, expected: Type): string | undefined {
  const isAnother = type !== expected && TYPES.some((known) => known === type)
  return isAnother ? `with an object of type ${type} instead of ${expected}` : undefined
}

/** @param what the name of the object, such as 'Source' */
export function contradictsId({ id }: Document, expected: string, what: string): string | undefined {
  const isAnother = typeof id === 'string' && id !== '' && id.toLowerCase() !== expected.toLowerCase()
  return isAnother ? `with another ${what}, ${id}` : undefined
}

/** The document is about this asset, or about none.
 *  @param bytesOf the file; undefined where they are not known */
export function contradictsAsset({ sourceId, originPath }: Named, bytesOf?: () => number | undefined): Contradiction {
  return contradictsObject('assets', ({ id }, attributes) => {
    const { origin_path: path, source_id: source, file_size: size } = attributes
    const own = typeof id === 'string' && id.startsWith(`${sourceId}/`) ? id.slice(sourceId.length) : undefined
    const told = typeof path === 'string' ? path : own
    if (told !== undefined && !isSamePath(told, originPath)) return `with another asset, ${told}`
    if (typeof source === 'string' && source !== sourceId) return `with an asset of another Source, ${source}`
    const bytes = ['string', 'number'].includes(typeof size) ? bytesOf?.() : undefined
    const isOther = bytes !== undefined && Number(size) !== bytes
    return isOther ? `with an asset of another size, ${size} instead of ${bytes} bytes` : undefined
  })
}

/** Slashes before it and percent-encoding are the API's own affair. */
export function isSamePath(told: string, originPath: string): boolean {
  const [one, other] = [told, originPath].map((path) => path.replace(/^\/+/, ''))
  return one === other || one === other?.split('/').map(encodeURIComponent).join('/')
}

/** An asset has the texts that it was given. Numbers and lists can come back in another form. */
export function contradictsChange(set: Document): Contradiction {
  return contradictsObject('assets', (_, attributes) => {
    const names = Object.keys(set).filter((name) => name in attributes && isOther(set[name], attributes[name]))
    return names.length > 0 ? `with another value of ${names.join(', ')} than was set` : undefined
  })
}

function isOther(set: unknown, told: unknown): boolean {
  if (isRecord(set)) {
    if (told !== null && !isRecord(told)) return false
    return Object.entries(set).some(([name, value]) => isOther(value, told?.[name]))
  }
  if (typeof set !== 'string' || !['string', 'undefined'].includes(typeof (told ?? undefined))) return false
  return String(told ?? '').trim() !== set.trim()
}
