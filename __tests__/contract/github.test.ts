import { describe, expect, test } from 'vitest'
import { type GitHubOptions, type GitHubRun, RATE_LIMITED } from '../../emulator/github.ts'
import { type GitHubSettings, openGitHub } from '../../src/select/github.ts'
import { emulateGitHub } from '../helpers/github.ts'
import { createRepository } from '../helpers/repository.ts'

const sha = (digit: number | string): string => String(digit).repeat(40).slice(0, 40)
const OWN: GitHubRun = { id: 1005, number: 5, branch: 'main', sha: sha(5), conclusion: null }
const run = (number: number, conclusion: GitHubRun['conclusion'], more: Partial<GitHubRun> = {}): GitHubRun => {
  return { id: 1000 + number, number, branch: 'main', sha: sha(number), conclusion, ...more }
}

async function open(options: GitHubOptions = {}, settings: Partial<GitHubSettings> = {}) {
  const emulator = await emulateGitHub({ runs: [OWN], ...options })
  const { signal } = new AbortController()
  const pauses: number[] = []
  const pause = async (ms: number) => void pauses.push(ms)
  const place = { apiUrl: emulator.apiUrl, repository: 'imgix-sync/site', runId: 1005, signal, pause }
  return { emulator, pauses, github: openGitHub({ ...place, token: emulator.token, ...settings }) }
}

const KNOWN = { known: true, lastSuccess: undefined, laterSuccess: undefined, onlyFailures: false, unfinishedRuns: [] }

/** GitHub's refusal of too many requests at a time, which can have no header that says so.
 *  @see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const SECONDARY = {
  answer: {
    status: 403,
    headers: { 'content-type': 'application/json; charset=utf-8', 'x-ratelimit-remaining': '942' },
    body: JSON.stringify({ message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' }),
  },
}

describe('runs', () => {
  test('what is asked of GitHub', async () => {
    const { github, emulator } = await open({ runs: [OWN, run(4, 'success')] })
    expect(await github.runs('main')).toEqual({ ...KNOWN, lastSuccess: { sha: sha(4), runNumber: 4 } })
    expect(emulator.transcript).toEqual([
      'GET /repos/imgix-sync/site/actions/runs/1005 -> 200',
      'GET /repos/imgix-sync/site/actions/workflows/1/runs?per_page=100&branch=main -> 200',
    ])
  })

  test('asked twice, GitHub is asked once', async () => {
    const { github, emulator } = await open({ runs: [OWN, run(4, 'success')] })
    expect(await github.runs('main')).toBe(await github.runs('main'))
    expect(emulator.transcript).toHaveLength(2)
  })

  describe('with the name of the workflow', () => {
    const listed = (workflow: number | string, status = 200): string =>
      `GET /repos/imgix-sync/site/actions/workflows/${workflow}/runs?per_page=100&branch=main -> ${status}`
    const got = 'GET /repos/imgix-sync/site/actions/runs/1005 -> 200'
    const lastSuccess = { sha: sha(4), runNumber: 4 }

    test('the list does not wait for the id', async () => {
      const { github, emulator } = await open({ runs: [OWN, run(4, 'success')] }, { workflow: 'imgix.yml' })
      emulator.fault({ on: { path: /runs.1005$/ }, do: { delayMs: 300 } })
      expect(await github.runs('main')).toEqual({ ...KNOWN, lastSuccess })
      expect(emulator.transcript).toEqual([listed('imgix.yml'), got])
    })

    test.each([
      ['a name that GitHub does not know', 'gone.yml', 1, 404],
      ['the name of another workflow, which has runs', 'imgix.yml', 2, 200],
    ])('%s: the list is asked for by the id', async (_, workflow, workflowId, status) => {
      const runs = [{ ...OWN, workflowId }, run(4, 'success', { workflowId }), run(3, 'failure', { id: 1 })]
      const { github, emulator } = await open({ runs }, { workflow })
      expect(await github.runs('main')).toMatchObject({ lastSuccess })
      expect(emulator.transcript.toSorted()).toEqual([got, listed(workflowId), listed(workflow, status)].toSorted())
    })

    test.each([[() => true], [({ number }: GitHubRun) => number === 5]])(
      'a list that lags is no other',
      async (hides) => {
        const { github, emulator } = await open({ runs: [OWN, run(4, 'success')] }, { workflow: 'imgix.yml' })
        emulator.lag({ hides, times: 1 })
        expect(await github.runs('main')).toEqual({ ...KNOWN, lastSuccess })
      },
    )
  })

  test('runs of other branches between: the list of every branch, too', async () => {
    const { github, emulator } = await open({
      runs: [OWN, run(4, 'failure', { branch: 'other' }), run(3, 'success')],
    })
    expect(await github.runs('main')).toEqual({ ...KNOWN, lastSuccess: { sha: sha(3), runNumber: 3 } })
    expect(emulator.transcript.slice(1)).toEqual([
      'GET /repos/imgix-sync/site/actions/workflows/1/runs?per_page=100&branch=main -> 200',
      'GET /repos/imgix-sync/site/actions/workflows/1/runs?per_page=100 -> 200',
    ])
  })

  test('every field that decides whether a run counts', async () => {
    const runs = [
      run(1, 'success'),
      run(2, 'failure'),
      run(3, 'success', { headRepository: 'octofork/site' }),
      run(4, 'success', { event: 'pull_request' }),
      run(6, 'success'),
      run(8, 'success', { workflowId: 2, number: 3 }),
      run(9, 'success', { branch: 'other', number: 3 }),
    ]
    const { github } = await open({ runs: [OWN, ...runs] })
    expect(await github.runs('main')).toEqual({
      ...KNOWN,
      lastSuccess: { sha: sha(1), runNumber: 1 },
      laterSuccess: { runNumber: 6 },
      unfinishedRuns: [sha(2)],
    })
  })

  test('an older run that went on after the last success started', async () => {
    const runs = [run(3, 'failure', { updatedAt: '2030-01-01T00:00:00Z' }), run(4, 'success')]
    const { github } = await open({ runs: [OWN, ...runs] })
    expect(await github.runs('main')).toMatchObject({ lastSuccess: { runNumber: 4 }, unfinishedRuns: [sha(3)] })
  })

  test.each<[string, string[] | undefined, string[]]>([
    ['its first job started after that: it had waited for its turn', ['12:05:00', '12:04:00'], []],
    ['a job started before that', ['12:05:00', '12:02:59'], [sha(3)]],
    ['GitHub does not list its jobs', undefined, [sha(3)]],
    ['it has no job', [], [sha(3)]],
    ['a job has no time', ['12:05:00', 'soon'], [sha(3)]],
  ])('an older run ended after the start of the last success, and %s', async (_, starts, unfinishedRuns) => {
    const day = '2030-01-01'
    const jobsStartedAt = starts?.map((time) => `${day}T${time}Z`)
    const runs = [run(3, 'success', { updatedAt: `${day}T12:03:00Z` }), run(4, 'success', { jobsStartedAt })]
    const { github, emulator, pauses } = await open({ runs: [OWN, ...runs] })
    expect(await github.runs('main')).toMatchObject({ lastSuccess: { runNumber: 4 }, unfinishedRuns })
    expect([emulator.transcript.filter((line) => line.includes('/jobs?')).length, pauses]).toEqual([1, []])
  })

  test.each<[string, string[] | undefined, string[]]>([
    ['GitHub does not list its jobs', undefined, [sha(3)]],
    ['all its jobs ran again', ['12:05:00', '12:04:00'], []],
    ['a job that had succeeded did not run again', ['12:05:00', '12:00:00'], [sha(3)]],
  ])('an older run ended before the last attempt of the last success, and %s', async (_, starts, unfinishedRuns) => {
    const day = '2030-01-01'
    const jobsStartedAt = starts?.map((time) => `${day}T${time}Z`)
    const again = { attempt: 2, startedAt: `${day}T12:04:00Z`, jobsStartedAt }
    const runs = [run(3, 'success', { updatedAt: `${day}T12:03:00Z` }), run(4, 'success', again)]
    const { github } = await open({ runs: [OWN, ...runs] })
    expect(await github.runs('main')).toMatchObject({ lastSuccess: { runNumber: 4 }, unfinishedRuns })
  })

  test.each(['HEAD', 'main', '', null, 7])('a run of the commit %j is no answer', async (commit) => {
    const { github } = await open({ runs: [OWN, run(4, 'success', { sha: commit as string })] })
    expect(await github.runs('main')).toMatchObject({ known: false, cause: 'no-answer' })
  })

  test('of many runs the pages back to the last success', async () => {
    const number = 400
    const own = { ...OWN, id: 1005, number }
    const runs = Array.from({ length: 390 }, (_, index) =>
      run(index + 10, index < 100 ? 'success' : 'failure', { id: 2000 + index }),
    )
    const { github, emulator } = await open({ runs: [own, ...runs] })
    const history = await github.runs('main')
    expect(history).toMatchObject({ lastSuccess: { runNumber: 109 } })
    expect(history.known && history.unfinishedRuns.length).toBe(290)
    expect(emulator.transcript.slice(1).map((line) => /&page=\d/.exec(line)?.[0] ?? 'first page')).toEqual([
      'first page',
      '&page=2',
      '&page=3',
    ])
  })

  describe('a list that is not whole', () => {
    const runs = [run(2, 'success'), run(3, 'failure'), run(4, 'failure'), OWN]
    const KNOWN_RUNS = {
      ...KNOWN,
      lastSuccess: { sha: sha(2), runNumber: 2 },
      unfinishedRuns: [sha(4), sha(3)],
    }

    test.each<[string, (run: GitHubRun) => boolean]>([
      ['is empty', () => true],
      ['is behind by this run', ({ number }) => number === 5],
      ['is behind by three runs', ({ number }) => number > 2],
      ['lacks a run between two others', ({ number }) => number === 4],
      ['lacks the last success', ({ number }) => number === 2],
    ])('the list of the branch %s: the list of every branch has the rest, at once', async (_, hides) => {
      const { github, emulator, pauses } = await open({ runs })
      emulator.lag({ hides, times: 99 })
      expect([await github.runs('main'), pauses]).toEqual([KNOWN_RUNS, []])
    })

    test('every list is behind for a moment: asked again', async () => {
      const { github, emulator, pauses } = await open({ runs })
      emulator.lag({ hides: ({ number }) => number > 3, in: 'every list', times: 4 })
      expect([await github.runs('main'), pauses]).toEqual([KNOWN_RUNS, [1000, 2000]])
    })

    test.each<[string, (run: GitHubRun) => boolean, string]>([
      ['empty', () => true, 'this run'],
      ['behind', ({ number }) => number > 3, 'this run'],
      ['without a run between two others', ({ number }) => number === 3, 'run 3'],
    ])('every list stays %s: as no answer', async (_, hides, missing) => {
      const { github, emulator, pauses } = await open({ runs })
      emulator.lag({ hides, in: 'every list', times: 99 })
      const why = `GitHub's list of the workflow's runs lacks ${missing}`
      expect(await github.runs('main')).toEqual({ known: false, cause: 'no-answer', why })
      expect(pauses).toEqual([1000, 2000, 4000, 8000])
    })

    test.each([
      ['believed, if it holds this run', () => false, KNOWN],
      ['not believed, if it does not', ({ number }: GitHubRun) => number === 5000, { known: false }],
    ])('more runs of other branches than are listed: the list of the branch is %s', async (_, hides, expected) => {
      const others = Array.from({ length: 1500 }, (_, index) =>
        run(3000 + index, 'success', { branch: 'other', number: 3500 + index }),
      )
      const { github, emulator } = await open({ runs: [{ ...OWN, number: 5000 }, ...others] })
      emulator.lag({ hides, times: 99 })
      expect(await github.runs('main')).toMatchObject(expected)
    })
  })

  test('a branch whose name a URL has to encode', async () => {
    const branch = 'größe & co/#1?'
    const { github } = await open({ runs: [OWN, run(4, 'success', { branch })] })
    expect(await github.runs(branch)).toMatchObject({ lastSuccess: { runNumber: 4 } })
  })

  test.each([
    ['no actions: read', { permissions: ['contents'] }, {}],
    ['a repository that the token does not see', { repository: 'imgix-sync/other' }, {}],
  ] as const)('%s', async (_, options, settings) => {
    const { github } = await open(options, settings)
    const why = 'the token may not read workflow runs'
    expect(await github.runs('main')).toEqual({ known: false, cause: 'forbidden', why })
  })

  test('a wrong token', async () => {
    const { github } = await open({}, { token: 'ghs_wrong' })
    const why = 'github-token is not accepted (401)'
    expect(await github.runs('main')).toEqual({ known: false, cause: 'bad-token', why })
  })

  test.each([
    ['503', { answer: { status: 503 } }, 3, '503'],
    ["a proxy's page of 401", page(401), 1, '401'],
    ["a proxy's page of 403", page(403), 1, '403'],
    ["a proxy's page of 404", page(404), 1, '404'],
    ['a reset', { loseAnswer: true }, 3, 'ECONNRESET'],
    ['no answer', { hang: true }, 3, 'timed out'],
  ] as const)('%s', async (_, deed, requests, reason) => {
    const { github, emulator } = await open({}, { timeoutMs: 300 })
    emulator.fault({ on: {}, times: 99, do: deed })
    const why = `GitHub's API does not answer (${reason})`
    expect(await github.runs('main')).toEqual({ known: false, cause: 'no-answer', why })
    expect(emulator.transcript).toHaveLength(requests)
  })

  test.each([
    ['no requests left', RATE_LIMITED, 1, 403],
    ['too many requests, in words alone', SECONDARY, 1, 403],
    ['too many requests', { answer: { status: 429, body: '{"message":"Too many requests"}' } }, 3, 429],
  ] as const)('%s: it answers, and says that it accepts no more', async (_, deed, requests, status) => {
    const { github, emulator } = await open()
    emulator.fault({ on: {}, times: 99, do: deed })
    const why = `GitHub's API accepts no more requests for now (${status})`
    expect(await github.runs('main')).toEqual({ known: false, cause: 'no-answer', why })
    expect(emulator.transcript).toHaveLength(requests)
  })

  test('a run whose commit is no SHA: as a base, HEAD would hide every change', async () => {
    const { github } = await open({ runs: [run(4, 'success', { sha: 'HEAD' }), OWN] })
    const why = "GitHub's API does not answer (a run without a commit)"
    expect(await github.runs('main')).toEqual({ known: false, cause: 'no-answer', why })
  })

  test('a cancelled job does not wait for GitHub', async () => {
    const emulator = await emulateGitHub({ runs: [OWN] })
    emulator.fault({ on: {}, times: 99, do: { hang: true } })
    const signal = AbortSignal.timeout(100)
    const { apiUrl, token } = emulator
    const github = openGitHub({ apiUrl, token, repository: 'imgix-sync/site', runId: 1005, signal })
    await expect(github.runs('main')).rejects.toThrow(/timeout/)
  })
})

/** A page of what stands between. */
function page(status: number) {
  return { answer: { status, headers: { 'content-type': 'text/html' }, body: '<h1>Access denied</h1>' } }
}

/** `files` changed on a branch that left main before its last commit. */
function branches(files: number) {
  const repository = createRepository()
  repository.write({ 'old.png': 'moved', 'gone.png': 'gone', 'a.png': 'a' })
  const start = repository.commit()
  repository.git('checkout', '--quiet', '-b', 'topic')
  repository.git('mv', 'old.png', 'new.png')
  const many = Array.from({ length: files - 3 }, (_, index) => [`many/${index}.png`, 'same'])
  repository.write({ 'gone.png': null, 'a.png': '2', ...Object.fromEntries(many) })
  const topic = repository.commit()
  repository.git('checkout', '--quiet', 'main')
  repository.write({ 'main.png': '1' })
  return { dir: repository.dir, start, topic, main: repository.commit() }
}

const FEW = [
  { path: 'a.png', change: 'modified' },
  { path: 'gone.png', change: 'deleted' },
  { path: 'old.png', change: 'deleted' },
  { path: 'new.png', change: 'added' },
]

describe('compared commits', () => {
  test('an ancestor', async () => {
    const { dir, start, topic } = branches(3)
    const { github } = await open({ dir })
    expect(await github.compare(start, topic, { mergeBase: false })).toEqual({ files: FEW, cut: false, base: start })
  })

  test('one commit with itself', async () => {
    const { dir, start } = branches(3)
    const { github } = await open({ dir })
    expect(await github.compare(start, start, { mergeBase: false })).toEqual({ files: [], cut: false, base: start })
  })

  test('no ancestor: its list is that of the merge base, and believed only as such', async () => {
    const { dir, start, main, topic } = branches(3)
    const { github } = await open({ dir })
    expect(await github.compare(main, topic, { mergeBase: false })).toBeUndefined()
    expect(await github.compare(topic, start, { mergeBase: false })).toBeUndefined()
    expect(await github.compare(main, topic, { mergeBase: true })).toEqual({ files: FEW, cut: false, base: start })
    expect(await github.mergeBase('main', topic)).toBe(start)
  })

  test.each([
    [299, false],
    [300, true],
    [301, true],
  ])('%i files: cut %s', async (files, cut) => {
    const { dir, start, topic } = branches(files)
    const { github } = await open({ dir })
    const listed = await github.compare(start, topic, { mergeBase: false })
    expect(listed?.cut).toBe(cut)
  })

  test.each([
    ['a commit that is not there', {}],
    ['no contents: read', { permissions: ['actions'] }],
  ] as const)('%s', async (_, more) => {
    const { dir, start } = branches(3)
    const { github } = await open({ dir, ...more })
    expect(await github.compare(sha('e'), start, { mergeBase: true })).toBeUndefined()
    expect(await github.mergeBase(sha('e'), start)).toBeUndefined()
  })
})

describe('files of a pull request', () => {
  test.each([
    [3, 4, false, 1],
    [250, 251, false, 3],
    [3001, 3000, true, 30],
  ])('%i files', async (count, files, cut, pages) => {
    const { dir, main, topic } = branches(count)
    const { github, emulator } = await open({ dir, pullRequests: { 7: { base: main, head: topic } } })
    const listed = await github.pullRequest(7)
    expect([listed?.files.length, listed?.cut, listed?.base]).toEqual([files, cut, ''])
    expect(emulator.transcript).toHaveLength(pages)
  })

  test.each([
    ['one that is not there', 8, {}],
    ['no pull-requests: read', 7, { permissions: ['actions', 'contents'] }],
  ] as const)('%s', async (_, number, more) => {
    const { dir, main, topic } = branches(3)
    const { github } = await open({ dir, pullRequests: { 7: { base: main, head: topic } }, ...more })
    expect(await github.pullRequest(number)).toBeUndefined()
  })
})
