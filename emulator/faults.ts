import { createHash } from 'node:crypto'
import type { Answer } from './call.ts'
import { errorAnswer } from './documents.ts'

export type Fault = {
  /** A string equals the raw path, a RegExp matches it; absent, every path matches. */
  on: { method?: string; path?: string | RegExp }
  /** Number of matching requests before the first fault; default 0. */
  after?: number
  /** Number of requests with the fault; default 1. */
  times?: number
  /** Instead of a number: this share of the matching requests. A seed picks the same requests and the same deeds again. */
  chance?: { share: number; seed: number }
  do: Deed | readonly Deed[]
}
export type Deed =
  | { answer: { status: number; headers?: Record<string, string>; body?: string } }
  | { loseAnswer: true }
  | { resetAfterBytes: number }
  | { hang: true }
  | { cutAnswer: number }
  /** Number of bytes of the body after which the answer stalls. */
  | { stallAnswer: number }
  | { delayMs: number }
  /** Calls a function when so many bytes of the body have arrived. The request itself has no fault. */
  | { meanwhile: () => void; atBytes?: number }
  /** Sends these bytes instead of an answer, and closes. The request is not carried out. */
  | { raw: string }
  /** Sends the answer in ten pieces, so many milliseconds apart. */
  | { dripMs: number }
  /** Replaces each text in the data and the errors of the answer, except in the fields named. */
  | { everyText: string; except?: readonly string[] }
  | { answerBody: { status?: number; headers?: Record<string, string>; body: string } }

export type Faults = { add: (fault: Fault) => void; take: (method: string, path: string) => Deed | undefined }

/** Faults apply in the order in which they were added. One request has at most one fault, so two single faults on one path
 *  apply to two requests in turn. */
export function createFaults(): Faults {
  const armed: { fault: Fault; seen: number; places: Map<string, number> }[] = []
  return {
    add: (fault) => void armed.push({ fault, seen: 0, places: new Map() }),
    take(method, path) {
      for (const entry of armed) {
        const { on, after = 0, chance, times = chance ? Infinity : 1 } = entry.fault
        if (entry.seen >= after + times || !matches(on, method, path)) continue
        entry.seen += 1
        const deeds = [entry.fault.do].flat()
        const drawn = chance ? draw(entry.places, chance.seed, `${method} ${path}`) : { luck: 0, index: 0 }
        if (entry.seen > after && drawn.luck < (chance?.share ?? 1)) return deeds[drawn.index % deeds.length]
      }
      return undefined
    },
  }
}

/** Draws by the request and its number at its place, so that overlapping requests do not change what is drawn. */
function draw(places: Map<string, number>, seed: number, request: string): { luck: number; index: number } {
  const place = request.replace(/[0-9a-f]{8}(-[0-9a-f]{4,12}){4}/, 'ID')
  const number = (places.get(place) ?? 0) + 1
  places.set(place, number)
  const hash = createHash('sha256').update(`${seed} ${place} ${number}`).digest()
  return { luck: hash.readUInt32BE(0) / 2 ** 32, index: hash.readUInt32BE(4) }
}

/** The answer of the faults `answer` and `answerBody`, or the real one. */
export function faultyAnswer(deed: Deed, real?: Answer): Answer {
  if ('answer' in deed) {
    const { status, headers, body } = deed.answer
    const standard = errorAnswer(status, `The emulator was told to answer ${status}.`)
    return { status, headers: { ...standard.headers, ...headers }, body: body ?? standard.body }
  }
  if (!real) throw new Error('a fault that changes an answer needs one')
  if ('everyText' in deed) return { ...real, body: withTexts(String(real.body), deed) }
  if (!('answerBody' in deed)) return real
  const { status = real.status, headers, body } = deed.answerBody
  return { status, headers: { ...real.headers, ...headers }, body }
}

function withTexts(
  body: string,
  { everyText, except = [] }: { everyText: string; except?: readonly string[] },
): string {
  if (body === '') return body
  const replace = (key: string, value: unknown): unknown =>
    typeof value === 'string' && !except.includes(key) ? everyText : value
  const { data, errors, ...rest } = JSON.parse(body) as Record<string, unknown>
  return JSON.stringify({ ...rest, ...JSON.parse(JSON.stringify({ data, errors }, replace)) })
}

function matches(on: Fault['on'], method: string, path: string): boolean {
  if (on.method !== undefined && on.method !== method) return false
  if (on.path instanceof RegExp) return new RegExp(on.path.source, on.path.flags.replace(/[gy]/g, '')).test(path)
  return on.path === undefined || on.path === path
}
