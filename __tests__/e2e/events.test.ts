import { describe, expect, test } from 'vitest'
import type { WorkflowEvent } from '../../src/runner/environment.ts'
import { recordedEvent } from '../helpers/events.ts'
import { didOf, hosted, messages } from '../helpers/github.ts'

type Hosted = Awaited<ReturnType<typeof hosted>>
type Commits = { older: string; lost: string; after: string }

/** Three commits on main: one that was published, one whose run was lost, and the one that the event is about. The lost
 *  one changed, deleted and added; the last one deletes what was added, and renames. */
async function lostRun(): Promise<Hosted & { commits: Commits }> {
  const place = await hosted({ files: { 'a.png': '1', 'b.png': '1', 'gone.png': '1', 'old.png': 'moved' } })
  const { site, ran } = place
  const older = site.head()
  site.write({ 'a.png': '2', 'gone.png': null, 'short.png': '1' })
  const lost = site.commit()
  site.git('mv', 'old.png', 'new.png')
  site.write({ 'c.png': '1', 'short.png': null })
  const after = site.commit()
  ran({ sha: older, conclusion: 'success' }, { sha: lost, conclusion: 'failure' })
  return { ...place, commits: { older, lost, after } }
}

const CAUGHT_UP = {
  uploaded: ['a.png', 'c.png', 'new.png'],
  purged: ['a.png', 'c.png', 'gone.png', 'new.png', 'old.png'],
}
const ALL = { uploaded: ['a.png', 'b.png', 'c.png', 'new.png'], purged: ['a.png', 'b.png', 'c.png', 'new.png'] }

const depths = [
  ['the whole history', 0],
  ['depth 1', 1],
] as const

describe.each(depths)('on a branch, %s', (_, depth) => {
  test.each([
    ['push', 'push'],
    ['workflow_call: the event of its caller', 'push'],
    ['workflow_dispatch', 'workflow-dispatch'],
    ['schedule', 'schedule'],
    ['repository_dispatch', 'repository-dispatch'],
  ])('%s: what the lost run left is caught up', async (_, file) => {
    const { job, commits } = await lostRun()
    const event = recordedEvent(file, { before: commits.lost, after: commits.after })
    const run = await job(event, { depth })
    expect([run.code, run.errors, didOf(run)]).toEqual([0, [], CAUGHT_UP])
    expect(run.outputs).toMatchObject({ base: commits.older, head: commits.after, 'base-strategy': 'last-success' })
    expect(run.log).toContain(
      `base: ${commits.older} (last-success): the head of the last successful run on this branch, run 1`,
    )
    expect([messages(run, 'notice'), messages(run, 'warning')]).toEqual([[], []])
  })

  test('a re-run of the lost run, with nothing later that succeeded', async () => {
    const { job, site, commits } = await lostRun()
    site.git('reset', '--quiet', '--hard', commits.lost)
    const event = recordedEvent('push', { before: commits.older, after: commits.lost })
    const run = await job(event, { depth, number: 2 })
    expect([run.code, didOf(run)]).toEqual([
      0,
      { uploaded: ['a.png', 'short.png'], purged: ['a.png', 'gone.png', 'short.png'] },
    ])
    expect(run.outputs).toMatchObject({ base: commits.older, 'base-strategy': 'last-success' })
    expect(messages(run, 'warning')).toEqual([])
  })

  test('a forced push: what the lost run published of the commits that are gone goes back', async () => {
    const { job, site, commits } = await lostRun()
    site.git('reset', '--quiet', '--hard', commits.older)
    site.write({ 'e.png': '1' })
    const after = site.commit()
    const run = await job(recordedEvent('push-forced', { before: commits.lost, after }), { depth })
    // gone.png is here again, a.png is what it was; short.png never came, so it needs nothing
    expect([run.code, didOf(run)]).toEqual([
      0,
      { uploaded: ['a.png', 'e.png', 'gone.png'], purged: ['a.png', 'e.png', 'gone.png'] },
    ])
    expect(run.outputs).toMatchObject({ base: commits.older, head: after, 'base-strategy': 'last-success' })
    expect(run.log).toContain(
      'and 2 more files that other runs may have published in other versions, as they failed or ended late',
    )
  })

  test('a forced push back to what was published last: against the commit that it took away', async () => {
    const { job, site, commits } = await lostRun()
    site.git('reset', '--quiet', '--hard', commits.older)
    const run = await job(recordedEvent('push-forced', { before: commits.after, after: commits.older }), { depth })
    expect([run.code, didOf(run)]).toEqual([
      0,
      {
        uploaded: ['a.png', 'gone.png', 'old.png'],
        purged: ['a.png', 'c.png', 'gone.png', 'new.png', 'old.png'],
      },
    ])
    expect(run.outputs).toMatchObject({ base: commits.after, 'base-strategy': 'event' })
  })

  test('the first push of a branch: what it has beside the default branch', async () => {
    const { job, site, commits } = await lostRun()
    site.git('checkout', '--quiet', '-b', 'newer-logo', commits.lost)
    site.write({ 'd.png': '1', 'b.png': null })
    const after = site.commit()
    const run = await job(recordedEvent('push-first-of-branch', { after }), { depth })
    expect([run.code, didOf(run)]).toEqual([0, { uploaded: ['d.png'], purged: ['b.png', 'd.png'] }])
    expect(run.outputs).toMatchObject({ base: commits.lost, head: after, 'base-strategy': 'merge-base' })
    expect(run.log).toContain('the merge base of a new branch with the default branch, main')
  })

  test('the first push of the repository: every file', async () => {
    const { job, github, commits } = await lostRun()
    github.runs.splice(0)
    const run = await job(recordedEvent('push-first-of-repository', { after: commits.after }), { depth })
    expect([run.code, didOf(run)]).toEqual([0, ALL])
    expect(run.outputs).toMatchObject({ base: '', head: commits.after, 'base-strategy': 'all' })
    expect(run.log).toContain('base: not from the event: this is the first push of the branch')
  })

  test('the first push of a branch without a commit in common with the default branch: every file', async () => {
    const { job, site } = await lostRun()
    site.git('checkout', '--quiet', '--orphan', 'newer-logo')
    const after = site.commit()
    const run = await job(recordedEvent('push-first-of-branch', { after }), { depth })
    expect([run.code, didOf(run), run.outputs['base-strategy']]).toEqual([0, ALL, 'all'])
  })
})

describe.each(depths)('of no branch, %s', (_, depth) => {
  test.each([
    ['push-tag', 'a tag has none'],
    ['push-tag-moved', 'a tag has none'],
    ['release', "'release' has none"],
  ])('%s: every file, and no question to GitHub', async (file, why) => {
    const { job, github, commits } = await lostRun()
    const run = await job(recordedEvent(file, { before: commits.older, after: commits.after }), { depth })
    expect([run.code, didOf(run), github.transcript]).toEqual([0, ALL, []])
    expect(run.outputs).toMatchObject({ base: '', head: commits.after, 'base-strategy': 'all' })
    expect(run.log).toContain(`base: not from the event: ${why}`)
  })

  test('the deletion of a branch does nothing', async () => {
    const { job, github, asked, commits } = await lostRun()
    const run = await job(recordedEvent('push-deletes-branch', { base: commits.after, after: commits.lost }), { depth })
    expect([run.code, asked(), github.transcript]).toEqual([0, [], []])
    expect(run.log).toContain('nothing to do: the push deleted its branch or tag')
  })

  test('merge_group: against its base', async () => {
    const { job, site, commits } = await lostRun()
    site.git('checkout', '--quiet', '-b', 'queue')
    site.write({ 'd.png': '1' })
    const after = site.commit()
    const run = await job(recordedEvent('merge-group', { base: commits.lost, after }), { depth })
    expect([run.code, didOf(run)]).toEqual([
      0,
      { uploaded: ['c.png', 'd.png', 'new.png'], purged: ['c.png', 'd.png', 'new.png', 'old.png', 'short.png'] },
    ])
    expect(run.outputs).toMatchObject({ base: commits.lost, head: after, 'base-strategy': 'event' })
  })
})

/** A pull request that left main before its last commit; `merge` is what GitHub would make of it. */
async function proposal() {
  const place = await lostRun()
  const { site, commits } = place
  site.git('checkout', '--quiet', '-b', 'newer-logo', commits.lost)
  site.write({ 'd.png': '1' })
  const pullRequestHead = site.commit()
  site.git('checkout', '--quiet', '-b', 'merged', 'main')
  site.git('merge', '--quiet', '--no-ff', '-m', 'Merge', 'newer-logo')
  const checkout = (branch: string) => site.git('checkout', '--quiet', branch)
  /** with the base as GitHub knew it when the pull request was last touched */
  const event = (file: string): WorkflowEvent =>
    recordedEvent(file, { base: commits.lost, pullRequestHead, merge: site.git('rev-parse', 'merged') })
  return { ...place, checkout, event }
}

describe.each(depths)('pull requests, %s', (_, depth) => {
  const OWN = { uploaded: ['d.png'], purged: ['d.png'] }

  test.each([
    ['pull-request', 'merged', 'after'],
    ['pull-request', 'newer-logo', 'lost'],
    ['pull-request-from-fork', 'merged', 'after'],
    ['pull-request-from-fork', 'newer-logo', 'lost'],
    ['pull-request-closed', 'merged', 'after'],
    ['pull-request-target', 'newer-logo', 'lost'],
  ] as const)('%s, with %s checked out: its own files', async (file, branch, base) => {
    const { job, checkout, event, commits, site } = await proposal()
    checkout(branch)
    const run = await job(event(file), { depth })
    expect([run.code, run.errors, didOf(run)]).toEqual([0, [], OWN])
    expect(run.outputs).toMatchObject({ base: commits[base], head: site.head(), 'base-strategy': 'merge-base' })
    const isMerged = file === 'pull-request-closed'
    const notice = expect.stringContaining('publishes files that are not merged')
    expect(messages(run, 'notice')).toEqual(isMerged ? [] : [notice])
  })

  test('pull-request-target as it is checked out by default: nothing differs, and the log says so', async () => {
    const { job, checkout, event, asked, site, commits } = await proposal()
    checkout('main')
    site.git('reset', '--quiet', '--hard', commits.lost)
    const run = await job(event('pull-request-target'), { depth })
    expect([run.code, asked()]).toEqual([0, []])
    expect(run.log).toContain('base and head are the same commit: nothing changed')
    expect(run.log).not.toContain('publishes files that are not merged')
  })

  test('pull-request with dry-run and no key, as for a fork: no request to imgix', async () => {
    const { job, checkout, event, asked } = await proposal()
    checkout('merged')
    const run = await job(event('pull-request-from-fork'), { depth, inputs: { 'api-key': '', 'dry-run': 'true' } })
    expect([run.code, asked(), run.results]).toEqual([0, [], ['planned d.png']])
  })
})

test.each([
  ['push', 'last-success'],
  ['pull-request', 'merge-base'],
])('%s in a SHA-256 repository', async (file, strategy) => {
  const { job, site, ran } = await hosted({ objectFormat: 'sha256', files: { 'a.png': '1' } })
  const base = site.head()
  ran({ sha: base, conclusion: 'success' })
  site.write({ 'b.png': '1' })
  const after = site.commit()
  const event = recordedEvent(file, { before: base, after, base, pullRequestHead: after })
  const run = await job(event, { depth: 1 })
  expect([run.code, didOf(run)]).toEqual([0, { uploaded: ['b.png'], purged: ['b.png'] }])
  expect(run.outputs).toMatchObject({ base, head: after, 'base-strategy': strategy })
})
