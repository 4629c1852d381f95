import { expect, test } from 'vitest'
import { findBases } from '../../src/changes/base.ts'

const BEFORE = '6113728f27ae82c7b1a177c8d03f9e96e0adf246'
const AFTER = '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c'
const NONE = '0'.repeat(40)

/** What the runner writes to GITHUB_EVENT_PATH for a push, as GitHub documents it. */
function push(more: Record<string, unknown> = {}): Record<string, unknown> {
  const person = { name: 'Mona Octocat', email: 'mona@example.com', username: 'octocat' }
  const head = {
    id: AFTER,
    tree_id: 'f9d2a07e9488b91af2641b26b9407fe22a451433',
    distinct: true,
    message: 'Newer logo',
    timestamp: '2026-11-03T12:00:00+01:00',
    url: `https://github.com/octocat/site/commit/${AFTER}`,
    author: person,
    committer: person,
    added: [],
    removed: [],
    modified: ['public/logo.png'],
  }
  return {
    ref: 'refs/heads/main',
    before: BEFORE,
    after: AFTER,
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `https://github.com/octocat/site/compare/${BEFORE.slice(0, 12)}...${AFTER.slice(0, 12)}`,
    commits: [head],
    head_commit: head,
    pusher: { name: 'octocat', email: 'mona@example.com' },
    repository: {
      id: 186853002,
      name: 'site',
      full_name: 'octocat/site',
      private: false,
      fork: false,
      default_branch: 'main',
      master_branch: 'main',
      url: 'https://github.com/octocat/site',
    },
    sender: { login: 'octocat', id: 21031067, type: 'User', site_admin: false },
    ...more,
  }
}

const EVENT = {
  candidates: [{ strategy: 'event', ref: BEFORE, reason: 'the commit that the branch was at before the push' }],
  passedOver: [],
  nothing: undefined,
}

function without(why: string) {
  return { candidates: [], passedOver: [why], nothing: undefined }
}

const FIRST_PUSH = without('this is the first push of its branch')

test.each([
  ['a push', 'push', push(), '', EVENT],
  ['a forced push', 'push', push({ forced: true }), '', EVENT],
  [
    'a push in a SHA-256 repository',
    'push',
    push({ before: 'a'.repeat(64) }),
    '',
    {
      ...EVENT,
      candidates: [{ ...EVENT.candidates[0], ref: 'a'.repeat(64) }],
    },
  ],
  ['the first push of a branch', 'push', push({ created: true, before: NONE }), '', FIRST_PUSH],
  ['the first push of a branch, in a SHA-256 repository', 'push', push({ before: '0'.repeat(64) }), '', FIRST_PUSH],
  ['a new tag', 'push', push({ ref: 'refs/tags/v1', created: true, before: NONE }), '', without('a tag has none')],
  ['a tag that is moved', 'push', push({ ref: 'refs/tags/v1', forced: true }), '', without('a tag has none')],
  [
    'the deletion of a branch',
    'push',
    push({ deleted: true, after: NONE, commits: [], head_commit: null }),
    '',
    {
      candidates: [],
      passedOver: [],
      nothing: 'the push deleted its branch or tag',
    },
  ],
  [
    'the deletion of a branch, with a base',
    'push',
    push({ deleted: true, after: NONE }),
    'main',
    {
      candidates: [],
      passedOver: [],
      nothing: 'the push deleted its branch or tag',
    },
  ],
  [
    'a push with a base',
    'push',
    push(),
    'v1.2.3',
    {
      candidates: [{ strategy: 'input', ref: 'v1.2.3', reason: 'the base that the input names' }],
      passedOver: [],
      nothing: undefined,
    },
  ],
  ['schedule', 'schedule', { schedule: '30 5 * * 1' }, '', without("the event 'schedule' gives none")],
  [
    'workflow_dispatch',
    'workflow_dispatch',
    { inputs: null, ref: 'refs/heads/main' },
    '',
    without("the event 'workflow_dispatch' gives none"),
  ],
  [
    'release',
    'release',
    { action: 'published', release: { tag_name: 'v1' } },
    '',
    without("the event 'release' gives none"),
  ],
  [
    'schedule with a base',
    'schedule',
    {},
    'HEAD~1',
    {
      candidates: [{ strategy: 'input', ref: 'HEAD~1', reason: 'the base that the input names' }],
      passedOver: [],
      nothing: undefined,
    },
  ],
  ['no event', '', {}, '', without("the event '' gives none")],
])('%s', (_, name, payload, base, expected) => {
  expect(findBases(name, payload, base)).toEqual(expected)
})

test.each([
  ['null', null],
  ['a text', 'x'],
  ['a list', []],
  ['undefined', undefined],
  ['no before', push({ before: undefined })],
  ['a before of another type', push({ before: 7 })],
  ['a short before', push({ before: BEFORE.slice(0, 7) })],
  ['an option for a before', push({ before: '--upload-pack=x' })],
  ['a before with a newline', push({ before: `${BEFORE}\n` })],
])('a push whose payload is %s takes every file, never none', (_, payload) => {
  expect(findBases('push', payload, '')).toMatchObject({ candidates: [], nothing: undefined })
})
