import { describe, expect, test } from 'vitest'
import { type GitHubRun, RATE_LIMITED } from '../../emulator/github.ts'
import { recordedEvent } from '../helpers/events.ts'
import { didOf, emulateGitHub, hosted, messages } from '../helpers/github.ts'

const both = (...names: string[]) => ({ uploaded: names, purged: names })
const ALL = both('a.png', 'b.png', 'c.png')

/** Three pushes, each of a file: main holds a, b and c. */
async function threePushes(options: Parameters<typeof hosted>[0] = {}) {
  const place = await hosted({ ...options, files: { 'a.png': '1' } })
  const { site } = place
  const first = site.head()
  site.write({ 'b.png': '1' })
  const second = site.commit()
  site.write({ 'c.png': '1' })
  const third = site.commit()
  const event = place.pushOf(second, third)
  return { ...place, first, second, third, event }
}

describe('what a lost run left', () => {
  test.each(['failure', 'cancelled', 'timed_out', 'skipped', 'startup_failure', null] as const)(
    'a run that ended with %s is caught up',
    async (conclusion) => {
      const { job, ran, event, first, second } = await threePushes()
      ran({ sha: first, conclusion: 'success' }, { sha: second, conclusion })
      const run = await job(event, { depth: 1 })
      expect([run.code, didOf(run), run.outputs.base]).toEqual([0, both('b.png', 'c.png'), first])
    },
  )

  test('a file that a lost run was to delete is purged; one that came and went needs nothing', async () => {
    const { job, push, site, asked } = await hosted({ files: { 'a.png': '1', 'gone.png': '1', 'old.png': 'moved' } })
    expect((await job(recordedEvent('push-first-of-repository', { after: site.head() }))).code).toBe(0)
    site.git('mv', 'old.png', 'new.png')
    const lost = push({ 'gone.png': null, 'short.png': '1' })
    const failed = await job(lost, { depth: 1, inputs: { 'api-key': 'wrong' } })
    expect([failed.code, failed.outputs['failed-count']]).toEqual([1, '0'])
    asked().splice(0)
    const run = await job(push({ 'short.png': null }), { depth: 1 })
    expect([run.code, didOf(run)]).toEqual([0, { uploaded: ['new.png'], purged: ['gone.png', 'new.png', 'old.png'] }])
  })

  test('the run after a failure of one file takes that file again, and no third takes any', async () => {
    const { job, push, imgix, site } = await hosted({ files: { 'a.png': '1' } })
    await job(recordedEvent('push-first-of-repository', { after: site.head() }))
    imgix.fault({ on: { method: 'POST', path: /b\.png$/ }, do: { answer: { status: 400 } } })
    expect((await job(push({ 'b.png': '1', 'c.png': '1' }))).code).toBe(1)
    expect(didOf(await job(push({ 'd.png': '1' })))).toEqual(both('b.png', 'c.png', 'd.png'))
    const last = await job(push({ 'README.md': '3' }))
    expect([last.code, didOf(last), last.outputs['base-strategy']]).toEqual([0, both(), 'last-success'])
    expect(last.log).toContain('the changed file between')
  })

  test('a change that a lost run published, and the next push takes back, is taken back at the Source', async () => {
    const { job, push, imgix, site } = await hosted({ files: { 'a.png': '1' } })
    await job(recordedEvent('push-first-of-repository', { after: site.head() }))
    imgix.fault({ on: { method: 'POST', path: /b\.png$/ }, do: { answer: { status: 400 } } })
    expect((await job(push({ 'a.png': '2', 'b.png': '1' }))).code).toBe(1)
    expect(String(imgix.objects.get('a.png')?.body)).toBe('2')
    const run = await job(push({ 'a.png': '1', 'b.png': null }), { depth: 1 })
    expect([run.code, String(imgix.objects.get('a.png')?.body), didOf(run)]).toEqual([0, '1', both('a.png')])
  })

  test('the same, by a dispatch on the commit that was published last', async () => {
    const { job, push, imgix, site } = await hosted({ files: { 'a.png': '1' } })
    const start = site.head()
    await job(recordedEvent('push-first-of-repository', { after: start }))
    imgix.fault({ on: { method: 'POST', path: /b\.png$/ }, do: { answer: { status: 400 } } })
    await job(push({ 'a.png': '2', 'b.png': '1' }))
    site.git('reset', '--quiet', '--hard', start)
    const run = await job(recordedEvent('workflow-dispatch', { after: start }), { depth: 1 })
    expect([run.code, String(imgix.objects.get('a.png')?.body), didOf(run)]).toEqual([0, '1', both('a.png')])
    expect(run.log).not.toContain('nothing changed')
  })

  test('commits of lost runs that are gone: they can have left older bytes of any file', async () => {
    const { job, ran, event, first } = await threePushes()
    const gone = [...'abcde'].map((digit) => digit.repeat(40))
    ran({ sha: first, conclusion: 'success' }, ...gone.map((sha) => ({ sha, conclusion: 'failure' as const })))
    const refused = await job(event, { depth: 1, inputs: { 'on-unknown-base': 'fail' } })
    const unknown = `the run of ${gone.at(-1)} failed or ended late, and which files it published is unknown`
    expect([refused.code, refused.errors]).toEqual([1, [expect.stringContaining(unknown)]])
    const run = await job(event, { depth: 1 })
    expect([run.code, didOf(run)]).toEqual([0, both('a.png', 'b.png', 'c.png')])
    expect([messages(run, 'warning'), messages(run, 'notice')]).toEqual([[], [expect.stringContaining(unknown)]])
  })
})

test('an older run that was run again after the last success: its older bytes are replaced', async () => {
  const { job, ran, site, pushOf } = await hosted({ files: { 'a.png': '1' } })
  const first = site.head()
  site.write({ 'a.png': '2' })
  const second = site.commit()
  site.write({ 'a.png': '3' })
  const third = site.commit()
  site.write({ 'b.png': '1' })
  const fourth = site.commit()
  const again = { sha: second, conclusion: 'success', updatedAt: '2030-01-01T00:00:00Z' } as const
  ran({ sha: first, conclusion: 'success' }, again, { sha: third, conclusion: 'success' })
  const run = await job(pushOf(third, fourth), { depth: 1 })
  expect([run.code, didOf(run), run.outputs.base]).toEqual([0, both('a.png', 'b.png'), third])
})

describe('which runs count', () => {
  test.each([
    ['a pull request of a branch of the same name', { event: 'pull_request' }],
    ['a pull_request_target of a branch of the same name', { event: 'pull_request_target' }],
    ['a push to a fork', { headRepository: 'octofork/site' }],
    ['a pull request of a fork', { headRepository: 'octofork/site', event: 'pull_request' }],
    ['another workflow', { workflowId: 2, number: 1, id: 7 }],
    ['another branch', { branch: 'newer-logo' }],
    ['a skipped one', { conclusion: 'skipped' }],
  ] satisfies [string, Partial<GitHubRun>][])('not %s', async (_, more) => {
    const { job, ran, event, first, second } = await threePushes()
    ran({ sha: first, conclusion: 'success' }, { sha: second, conclusion: 'success', ...more })
    const run = await job(event, { depth: 1 })
    expect([run.code, didOf(run), run.outputs.base]).toEqual([0, both('b.png', 'c.png'), first])
  })

  test.each(['schedule', 'workflow_dispatch', 'repository_dispatch'])('one of %s', async (name) => {
    const { job, ran, event, second } = await threePushes()
    ran({ sha: second, conclusion: 'success', event: name })
    const run = await job(event, { depth: 1 })
    expect([run.code, didOf(run), run.outputs.base]).toEqual([0, both('c.png'), second])
  })

  test('one behind more than 100 others, of a fork or failed', async () => {
    const { job, ran, event, first, second, github } = await threePushes()
    ran({ sha: first, conclusion: 'success' })
    for (let index = 0; index < 250; index += 1) {
      ran(
        { sha: second, conclusion: 'success', headRepository: 'octofork/site' },
        { sha: second, conclusion: 'failure' },
      )
    }
    const run = await job(event, { depth: 1 })
    expect([run.code, didOf(run), run.outputs.base]).toEqual([0, both('b.png', 'c.png'), first])
    const pages = github.transcript.map((line) => /[?&]page=(\d)/.exec(line)?.[1]).filter(Boolean)
    expect(pages).toEqual(['2', '3', '4', '5', '6'])
  })

  test('only failures: the event is not enough, so every file', async () => {
    const { job, ran, event, first, second } = await threePushes()
    ran({ sha: first, conclusion: 'failure' }, { sha: second, conclusion: 'cancelled' })
    const run = await job(event, { depth: 1 })
    expect([run.code, didOf(run), run.outputs['base-strategy']]).toEqual([0, ALL, 'all'])
  })

  test("no runs: the event's base", async () => {
    const { job, event, second } = await threePushes()
    const run = await job(event, { depth: 1 })
    expect([run.code, didOf(run)]).toEqual([0, both('c.png')])
    expect(run.outputs).toMatchObject({ base: second, 'base-strategy': 'event' })
  })

  test("a last success of the very commit: the event's base", async () => {
    const { job, ran, event, second, third } = await threePushes()
    ran({ sha: third, conclusion: 'success', event: 'workflow_dispatch' })
    const run = await job(event, { depth: 1 })
    expect([run.code, didOf(run)]).toEqual([0, both('c.png')])
    expect(run.outputs).toMatchObject({ base: second, 'base-strategy': 'event' })
  })

  test('a last success of the very commit, by schedule: nothing, and the log says why', async () => {
    const { job, ran, third, asked } = await threePushes()
    ran({ sha: third, conclusion: 'success' })
    const run = await job(recordedEvent('schedule', { after: third }), { depth: 1 })
    expect([run.code, asked(), run.outputs.base, run.outputs['base-strategy']]).toEqual([0, [], third, 'last-success'])
    expect(run.log).toContain('base and head are the same commit: nothing changed')
  })

  test('a re-run after a later success warns', async () => {
    const { job, ran, site, pushOf, first, second, third } = await threePushes()
    ran({ sha: first, conclusion: 'success' }, { sha: second, conclusion: 'failure' })
    ran({ sha: third, conclusion: 'success' })
    site.git('reset', '--quiet', '--hard', second)
    const run = await job(pushOf(first, second), { depth: 1, number: 2 })
    expect([run.code, didOf(run), run.outputs.base]).toEqual([0, both('b.png'), first])
    expect(messages(run, 'warning')).toEqual([expect.stringMatching(/^run 3 of this workflow is later than this run/)])
  })
})

describe('a list of runs that is behind', () => {
  async function lostRun() {
    const place = await threePushes()
    place.ran({ sha: place.first, conclusion: 'success' }, { sha: place.second, conclusion: 'failure' })
    return place
  }

  test.each<[string, (run: GitHubRun) => boolean]>([
    ['is empty', () => true],
    ['lacks this run and the lost one', ({ number }) => number > 1],
    ['lacks the lost one', ({ number }) => number === 2],
  ])('the list of the branch %s: what the lost run left is caught up', async (_, hides) => {
    const { job, event, github, first } = await lostRun()
    github.lag({ hides, times: 99 })
    const run = await job(event, { depth: 1 })
    expect([run.code, didOf(run), run.outputs.base]).toEqual([0, both('b.png', 'c.png'), first])
    expect(messages(run, 'warning')).toEqual([])
  })

  test('every list is behind for a moment: the run waits for it', async () => {
    const { job, event, github, first } = await lostRun()
    github.lag({ hides: () => true, in: 'every list', times: 2 })
    const run = await job(event, { depth: 1 })
    expect([run.code, didOf(run), run.outputs.base]).toEqual([0, both('b.png', 'c.png'), first])
  })
})

describe('the first run of a workflow', () => {
  test('a push that only adds the workflow: the files that were there are counted, in a notice and in the summary', async () => {
    const pictures = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`img/${index}.png`, '1']))
    const { job, push } = await hosted({ files: pictures })
    const run = await job(push({ '.github/workflows/imgix.yml': 'on: push' }), { depth: 1 })
    const told =
      'no earlier run of this workflow has succeeded on this branch: 25 more files match that this push did not change, so this run does not publish them; run once with mode: all to publish them'
    expect([run.code, didOf(run), messages(run, 'notice')]).toEqual([0, both(), [told]])
    // it begins with a capital there, and `mode: all` is code
    expect(run.summary).toContain(told.slice(1, told.indexOf('mode: all')))
    const next = await job(push({ 'img/0.png': '2' }), { depth: 1 })
    expect([next.code, didOf(next), messages(next, 'notice')]).toEqual([0, both('img/0.png'), []])
  })

  test('a push that changes one of them: the others', async () => {
    const { job, event } = await threePushes()
    const run = await job(event, { depth: 1 })
    expect(messages(run, 'notice')).toEqual([expect.stringContaining(': 2 more files match that this push')])
  })

  test.each([
    ['every file is taken', { base: 'no-such-branch' }],
    ['no other file matches', { files: 'c.png' }],
    ['nothing is uploaded', { upload: 'false' }],
  ])('%s: nothing to tell', async (_, inputs) => {
    const { job, event } = await threePushes()
    expect(messages(await job(event, { depth: 1, inputs }), 'notice')).toEqual([])
  })
})

describe('no history to read', () => {
  test.each([
    ['without `actions: read`', { permissions: ['contents'] }],
    ['with a token that GitHub does not know', { token: 'ghs_another' }],
  ] as const)("%s: the event's base, and the facts say so", async (_, github) => {
    const { job, ran, event, first, second } = await threePushes({ github: github as object })
    ran({ sha: first, conclusion: 'success' }, { sha: second, conclusion: 'failure' })
    const run = await job(event, { depth: 1, inputs: { 'github-token': 'ghs_emulator0123456789abcdefghijklmnop' } })
    expect([run.code, didOf(run), run.outputs['base-strategy']]).toEqual([0, both('c.png'), 'event'])
    expect(messages(run, 'notice')).toEqual([])
    const name = 'token' in github ? 'github-token' : 'actions: read'
    const [log, summary] = ['`', '<code>'].map(
      (sign) => new RegExp(`^.*${sign}${name}\\W.*what .* (cancelled|changed)`, 'm'),
    )
    expect([run.log, run.summary]).toEqual([
      expect.stringMatching(log as RegExp),
      expect.stringMatching(summary as RegExp),
    ])
    if (name === 'actions: read')
      expect([run.stdout, run.summary].map((text) => text.split(name).length)).toEqual([2, 2])
  })

  test("without a token: the event's base, without a request and without a notice", async () => {
    const { job, event, github, second } = await threePushes()
    const run = await job(event, { depth: 1, inputs: { 'github-token': '' } })
    expect([run.code, didOf(run), run.outputs.base, github.transcript]).toEqual([0, both('c.png'), second, []])
    expect([messages(run, 'notice'), run.log]).toEqual([[], expect.stringContaining('there is no github-token')])
  })

  test('schedule without `actions: read`: every file', async () => {
    const { job, third } = await threePushes({ github: { permissions: ['contents'] } })
    const run = await job(recordedEvent('schedule', { after: third }), { depth: 1 })
    expect([run.code, didOf(run), run.outputs['base-strategy']]).toEqual([0, ALL, 'all'])
    expect([messages(run, 'notice'), run.summary]).toEqual([[], expect.stringContaining('actions: read')])
  })

  const down = { answer: { status: 503, body: '<html>Unicorn!</html>' } }
  test.each([
    ['answers 503', down, /does not answer \(503\)/],
    ['resets the connection', { loseAnswer: true }, /does not answer/],
    ['has no requests left for this token', RATE_LIMITED, /\(403\)/],
  ] as const)('GitHub %s: every file', async (_, deed, why) => {
    const { job, ran, event, github, first } = await threePushes()
    ran({ sha: first, conclusion: 'success' })
    github.fault({ on: {}, times: 99, do: deed })
    const run = await job(event, { depth: 1 })
    expect([run.code, didOf(run), run.outputs['base-strategy']]).toEqual([0, ALL, 'all'])
    expect(run.log).toMatch(why)
    expect(messages(run, 'notice')).toEqual([])
  })

  test('GitHub answers 502 once: it is asked again', async () => {
    const { job, ran, event, github, first } = await threePushes()
    ran({ sha: first, conclusion: 'success' })
    github.fault({ on: {}, do: { answer: { status: 502 } } })
    const run = await job(event, { depth: 1 })
    expect([run.code, didOf(run), run.outputs.base]).toEqual([0, both('b.png', 'c.png'), first])
  })

  test('no GitHub at all: every file', async () => {
    const { job, event, github } = await threePushes()
    const stopped = await emulateGitHub()
    await stopped.stop()
    const run = await job(event, { depth: 1, env: { GITHUB_API_URL: stopped.apiUrl } })
    expect([run.code, didOf(run), github.transcript]).toEqual([0, ALL, []])
    expect(run.log).toMatch(/does not answer \(ECONNREFUSED\)/)
  })
})

describe('a base that is gone', () => {
  const gone = 'e'.repeat(40)

  test('the commit of the last success: every file', async () => {
    const { job, ran, event } = await threePushes()
    ran({ sha: gone, conclusion: 'success' })
    const run = await job(event, { depth: 1 })
    expect([run.code, didOf(run)]).toEqual([0, ALL])
    expect(run.outputs).toMatchObject({ base: '', 'base-strategy': 'all' })
    expect(run.log).toContain(`base: ${gone} (last-success) is not available`)
  })

  /** A forced push over a commit that the remote has thrown away since. */
  async function forcedOver() {
    const { site, ...place } = await threePushes()
    const { first, third } = place
    site.git('reset', '--quiet', '--hard', first)
    site.write({ 'd.png': '1' })
    const after = site.commit()
    site.git('update-ref', '-d', 'ORIG_HEAD')
    site.git('reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all')
    site.git('gc', '--quiet', '--prune=now')
    expect(() => site.git('cat-file', '-e', third)).toThrow()
    return { ...place, site, event: recordedEvent('push-forced', { before: third, after }) }
  }

  test.each([0, 1])('a forced push over it, depth %i: every file', async (depth) => {
    const { job, third, event } = await forcedOver()
    const run = await job(event, { depth })
    expect([run.code, didOf(run), run.outputs['base-strategy']]).toEqual([0, both('a.png', 'd.png'), 'all'])
    expect(run.log).toContain(`base: ${third} (event) is not available`)
  })

  test.each([0, 1])('a forced push over it, depth %i, and a last success: what came since', async (depth) => {
    const { job, ran, first, event } = await forcedOver()
    ran({ sha: first, conclusion: 'success' })
    const run = await job(event, { depth })
    expect([run.code, didOf(run), run.outputs.base]).toEqual([0, both('d.png'), first])
  })

  test.each([
    ['the last success is gone', 'push', [{ sha: gone, conclusion: 'success' }]],
    ['only failures', 'push', [{ sha: gone, conclusion: 'failure' }]],
    ['a tag', 'push-tag', []],
    ['the first push of the repository', 'push-first-of-repository', []],
    ['no runs', 'schedule', []],
  ] as const)('on-unknown-base: fail, %s: one error, and no request to imgix', async (_, file, runs) => {
    const { job, ran, asked, second, third } = await threePushes()
    ran(...runs)
    const event = recordedEvent(file, { before: second, after: third })
    const run = await job(event, { depth: 1, inputs: { 'on-unknown-base': 'fail' } })
    expect([run.code, asked(), run.outputs.base]).toEqual([1, [], ''])
    expect(run.errors).toEqual([expect.stringMatching(/^on-unknown-base: no base commit was found/)])
    expect(messages(run, 'error')).toHaveLength(1)
  })

  test('on-unknown-base: fail changes nothing where there is a base', async () => {
    const { job, ran, event, first } = await threePushes()
    ran({ sha: first, conclusion: 'success' })
    const run = await job(event, { depth: 1, inputs: { 'on-unknown-base': 'fail' } })
    expect([run.code, didOf(run)]).toEqual([0, both('b.png', 'c.png')])
  })
})
