import type { Answer } from './call.ts'
import { errorAnswer } from './documents.ts'

export type Fault = {
  /** A string is compared with the raw path, a RegExp is tested against it; absent, all match. */
  on: { method?: string; path?: string | RegExp }
  /** Matching requests to leave alone first; default 0. */
  after?: number
  /** Requests it then applies to; default 1. */
  times?: number
  do: Deed
}
export type Deed =
  | { answer: { status: number; headers?: Record<string, string>; body?: string } }
  | { loseAnswer: true }
  | { resetAfterBytes: number }
  | { hang: true }
  | { cutAnswer: number }
  /** So many bytes of the body, and then nothing. */
  | { stallAnswer: number }
  | { delayMs: number }
  /** Nothing goes wrong here: it may elsewhere, when so much of the body has come. */
  | { meanwhile: () => void; atBytes?: number }
  | { answerBody: { status?: number; headers?: Record<string, string>; body: string } }

export type Faults = { add: (fault: Fault) => void; take: (method: string, path: string) => Deed | undefined }

/** Faults apply in the order they were added; the first that applies uses the request up, so two single faults on one
 *  path hit two requests in turn. */
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

/** The answer of `answer`, and of `answerBody` in place of the real one. */
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
