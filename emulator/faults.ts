import type { Answer } from './call.ts'
import { errorAnswer } from './documents.ts'

export type Fault = {
  /** A string equals the raw path, a RegExp matches it; absent, every path matches. */
  on: { method?: string; path?: string | RegExp }
  /** Number of matching requests before the first fault; default 0. */
  after?: number
  /** Number of requests with the fault; default 1. */
  times?: number
  do: Deed
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
  | { answerBody: { status?: number; headers?: Record<string, string>; body: string } }

export type Faults = { add: (fault: Fault) => void; take: (method: string, path: string) => Deed | undefined }

/** Faults apply in the order in which they were added. One request has at most one fault, so two single faults on one path
 *  apply to two requests in turn. */
export function createFaults(): Faults {
  const armed: { fault: Fault; seen: number }[] = []
  return {
    add: (fault) => void armed.push({ fault, seen: 0 }),
    take(method, path) {
      for (const entry of armed) {
        const { on, after = 0, times = 1, do: deed } = entry.fault
        if (entry.seen >= after + times || !matches(on, method, path)) continue
        entry.seen += 1
        if (entry.seen > after) return deed
      }
      return undefined
    },
  }
}

/** The answer of the faults `answer` and `answerBody`, or the real one. */
export function faultyAnswer(deed: Deed, real?: Answer): Answer {
  if ('answer' in deed) {
    const { status, headers, body } = deed.answer
    const standard = errorAnswer(status, `The emulator was told to answer ${status}.`)
    return { status, headers: { ...standard.headers, ...headers }, body: body ?? standard.body }
  }
  if (!real) throw new Error('a fault that changes an answer needs one')
  if (!('answerBody' in deed)) return real
  const { status = real.status, headers, body } = deed.answerBody
  return { status, headers: { ...real.headers, ...headers }, body }
}

function matches(on: Fault['on'], method: string, path: string): boolean {
  if (on.method !== undefined && on.method !== method) return false
  if (on.path instanceof RegExp) return new RegExp(on.path.source, on.path.flags.replace(/[gy]/g, '')).test(path)
  return on.path === undefined || on.path === path
}
