import { expect, test } from 'vitest'
import type { CallStep, RecordStep, UpdateStep } from '../../src/events.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import { outcomeLine } from '../../src/report/step-lines.ts'
import { purgeStep, uploadStep } from '../helpers/plan.ts'

const step = uploadStep('a\n.png', { bytes: 1500 })
const error = new ImgixError({ method: 'POST', path: '/x', status: 400, permission: 'Purge' })

test.each([
  ['at once', { result: 'done', route: 'direct', attempts: 1 }, 'uploaded a\\n.png (1.5 kB, direct, 0.5 s)'],
  [
    'after tries',
    { result: 'done', route: 'session', attempts: 3 },
    'uploaded a\\n.png (1.5 kB, session, 0.5 s, 3 tries)',
  ],
  ['skipped', { result: 'skipped', reason: 'there', attempts: 1 }, 'skipped a\\n.png: there'],
  ['failed', { result: 'failed', error, attempts: 1 }, 'failed a\\n.png: POST /x: 400'],
  ['not done', { result: 'not-done', reason: 'ended', attempts: 0 }, 'not uploaded a\\n.png: ended'],
] as const)('an upload: %s', (_, outcome, expected) => {
  expect(outcomeLine({ step, seconds: 0.5, ...outcome })).toBe(expected)
})

test.each([
  ['at once', { result: 'done', attempts: 1 }, 'purged https://a/b'],
  ['after tries', { result: 'done', attempts: 2 }, 'purged https://a/b (2 tries)'],
  ['failed', { result: 'failed', error, attempts: 1 }, 'failed to purge https://a/b: POST /x: 400'],
  [
    'not done',
    { result: 'not-done', reason: 'its upload was not done', attempts: 0 },
    'not purged https://a/b: its upload was not done',
  ],
] as const)('a purge: %s', (_, outcome, expected) => {
  expect(outcomeLine({ step: purgeStep('https://a/b'), seconds: 0.5, ...outcome })).toBe(expected)
})

const place = { path: 'a\n.png', originPath: 'a\n.png' }
const UPDATE: UpdateStep = { kind: 'update', ...place, attributes: { ...NO_ATTRIBUTES, name: 'A' } }
const RECORD: RecordStep = { kind: 'record', ...place, record: 'always' }
const CALL: CallStep = { kind: 'call', ...place, call: 'add' }
const ended = { result: 'not-done', reason: 'ended' } as const

test.each([
  ['done', UPDATE, { result: 'done' }, 'updated the attributes of a\\n.png'],
  ['nothing to do', UPDATE, { result: 'skipped', reason: 'the asset has it all' }, undefined],
  ['failed', UPDATE, { result: 'failed', error }, 'did not update the attributes of a\\n.png: POST /x: 400'],
  ['not done', UPDATE, ended, 'did not update the attributes of a\\n.png: ended'],
  ['a record alone', RECORD, { result: 'failed', error }, undefined],
  ['queued', CALL, { result: 'done' }, 'queued for the Asset Manager: a\\n.png'],
  ['not queued', CALL, { result: 'failed', error }, 'not queued for the Asset Manager: a\\n.png: POST /x: 400'],
  ['refreshed', { ...CALL, call: 'refresh' }, { result: 'done' }, 'refreshed a\\n.png'],
  ['not refreshed', { ...CALL, call: 'refresh' }, ended, 'not refreshed: a\\n.png: ended'],
] as const)('an asset: %s', (_, of, outcome, expected) => {
  expect(outcomeLine({ step: of, attempts: 1, seconds: 0, ...outcome })).toBe(expected)
})
