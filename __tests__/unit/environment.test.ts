import { expect, test } from 'vitest'
import { isUnmerged } from '../../src/runner/environment.ts'
import { recordedEvent } from '../helpers/events.ts'

const closed = recordedEvent('pull-request-closed')
const withPayload = (payload: unknown) => ({ ...closed, payload })

test.each([
  ['open', recordedEvent('pull-request'), true],
  ['of a fork', recordedEvent('pull-request-from-fork'), true],
  ['by pull_request_target', recordedEvent('pull-request-target'), true],
  ['closed and merged', closed, false],
  ['closed and not merged', withPayload({ action: 'closed', pull_request: { merged: false } }), true],
  ['a review of a merged one', { ...closed, name: 'pull_request_review' }, false],
  ['a payload of nonsense', withPayload('x'), true],
  ['a payload of null', withPayload(null), true],
  ['a pull request of null', withPayload({ pull_request: null }), true],
  ['merged, as a text', withPayload({ pull_request: { merged: 'true' } }), true],
  ['a push', recordedEvent('push'), false],
  ['a merge group', recordedEvent('merge-group'), false],
])('a pull request that is not merged: %s', (_, event, unmerged) => {
  expect(isUnmerged(event)).toBe(unmerged)
})
