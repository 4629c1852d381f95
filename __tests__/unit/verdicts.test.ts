import { describe, expect, test } from 'vitest'
import type { Look, Served } from '../../src/verify/rendering.ts'
import { type Expected, judge } from '../../src/verify/verdicts.ts'

const UPLOADED_AT = Date.UTC(2026, 10, 22, 12, 0, 0, 700)

/** A 200 whose bytes the bucket got so many seconds after the upload began, less the fraction that a header has no room for. */
function served(seconds: number | undefined, more: Partial<Served> = {}): Served {
  const lastModified = seconds === undefined ? undefined : Math.floor((UPLOADED_AT + seconds * 1000) / 1000) * 1000
  return { status: 200, lastModified, etag: undefined, clockAheadMs: 0, ...more }
}

const missing: Look = served(undefined, { status: 404 })
const noAnswer: Look = { problem: 'no answer (ECONNRESET)', final: false }
const uploaded = (before?: Look): Expected => ({ change: 'uploaded', before, uploadedAt: UPLOADED_AT })
const repeated = (before?: Look): Expected => ({ ...uploaded(before), mayRepeat: true })
const outcome = (expected: Expected, after: Look): string => {
  const { verdict, settled } = judge(expected, after)
  return settled ? verdict : `${verdict}, but look again`
}
const STALE = 'stale, but look again'

describe('a file that was uploaded', () => {
  test.each([
    ['a Last-Modified in the second of the upload', uploaded(), served(0), 'fresh'],
    ['and after it', uploaded(), served(90), 'fresh'],
    ['three seconds before it, as clocks differ', uploaded(), served(-3), 'fresh'],
    ['a minute before it', uploaded(), served(-60), STALE],
    [
      'a host whose clock is a minute behind, and the bucket with it',
      uploaded(),
      served(-60, { clockAheadMs: -60_000 }),
      'fresh',
    ],
    ['a minute ahead: what was uploaded before', uploaded(), served(20, { clockAheadMs: 60_000 }), STALE],
    ['the same Last-Modified as before, close to the upload', uploaded(served(-2)), served(-2), STALE],
    ['a later one', uploaded(served(-2)), served(0), 'fresh'],
    ['another one from before the upload', uploaded(served(-600)), served(-300), STALE],
    ['another ETag', uploaded(served(-60, { etag: '"a"' })), served(-60, { etag: '"b"' }), 'fresh'],
    ['the same, once weak', uploaded(served(-60, { etag: '"a"' })), served(-60, { etag: 'W/"a"' }), STALE],
    ['an ETag where there was none', uploaded(served(-60)), served(-60, { etag: '"a"' }), STALE],
    ['an ETag alone, and nothing from before', uploaded(noAnswer), served(undefined, { etag: '"a"' }), 'unverifiable'],
    ['no validators', uploaded(served(undefined)), served(undefined), 'unverifiable'],
    ['no validators, but a 404 before', uploaded(missing), served(undefined), 'fresh'],
    ['a 404', uploaded(missing), missing, STALE],
    ['a 410', uploaded(), served(undefined, { status: 410 }), 'unverifiable'],
    ['a redirect', uploaded(), served(0, { status: 302 }), 'unverifiable'],
    ['a 304, which nobody asked for', uploaded(), served(0, { status: 304 }), 'unverifiable'],
    ['503', uploaded(), served(0, { status: 503 }), 'unverifiable, but look again'],
    ['429', uploaded(), served(0, { status: 429 }), 'unverifiable, but look again'],
    ['as before, of bytes that may be the same', repeated(served(-600)), served(-600), 'unverifiable, but look again'],
    [
      'by the ETag',
      repeated(served(undefined, { etag: '"a"' })),
      served(undefined, { etag: '"a"' }),
      'unverifiable, but look again',
    ],
    ['a 404 instead', repeated(), missing, STALE],
    ['no answer', uploaded(), noAnswer, 'unverifiable, but look again'],
    ['a proxy that refuses', uploaded(), { problem: '403', final: true }, 'unverifiable'],
  ] as const)('%s', (_, expected, after, wanted) => expect(outcome(expected, after)).toBe(wanted))
})

describe('a file that was deleted', () => {
  test.each([
    ['a 404', missing, 'gone'],
    ["a 410: a domain that is not the Source's", served(undefined, { status: 410 }), 'unverifiable'],
    ['a 200', served(-60), 'still-served, but look again'],
    ['403', served(undefined, { status: 403 }), 'unverifiable'],
  ])('%s', (_, after, wanted) => expect(outcome({ change: 'deleted' }, after)).toBe(wanted))
})

describe('a file that was uploaded elsewhere, or by nobody', () => {
  test.each([
    ['as before', { change: 'elsewhere', before: served(-60) }, served(-60), 'unverifiable, but look again'],
    ['newer', { change: 'elsewhere', before: served(-60) }, served(-30), 'fresh'],
    ['a 404 before', { change: 'elsewhere', before: missing }, served(-60), 'fresh'],
    ['not looked at before', { change: 'elsewhere' }, served(-60), 'unverifiable'],
    ['a 404', { change: 'elsewhere' }, missing, STALE],
    ['a URL of the inputs that is a 404 now', { change: 'unknown', before: served(-60) }, missing, 'gone'],
    ['one that was before', { change: 'unknown', before: missing }, missing, 'gone, but look again'],
    ['one that nobody saw before', { change: 'unknown', before: noAnswer }, missing, 'gone, but look again'],
    ["one of a domain that is not the Source's", { change: 'unknown' }, served(0, { status: 410 }), 'unverifiable'],
  ] as const)('%s', (_, expected, after, wanted) => expect(outcome(expected, after)).toBe(wanted))
})
