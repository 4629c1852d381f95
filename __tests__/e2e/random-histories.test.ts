import { expect, test } from 'vitest'
import type { GitHubRun } from '../../emulator/github.ts'
import { recordedEvent } from '../helpers/events.ts'
import { hosted, type Job } from '../helpers/github.ts'
import { randomOf } from '../helpers/random.ts'
import { url } from '../helpers/scenario.ts'

const PUSHES = 8
const NAMES = ['a.png', 'b.png', 'c.png', 'deep/d.png', 'deep/é f.png', 'g.png', 'h+1.png', 'i.svg']
const CONTENTS = ['1', '2', '3'] // few, so that a file comes back to what it was

type Tree = Map<string, string>

async function play(seed: number) {
  const { chance, pick, count } = randomOf(seed)
  const files = { 'a.png': '1', 'b.png': '1', 'deep/d.png': '2' }
  const { site, imgix, github, ran, job, pushOf } = await hosted({ files })
  /** The work tree, less the README. */
  let tree: Tree = new Map(Object.entries(files))
  /** Those of the commits, by SHA. */
  const trees = new Map([[site.head(), new Map(tree)]])
  const story: string[] = []
  let published: Tree = new Map()
  let purgesSeen = 0

  const headTree = (): Tree => trees.get(site.head()) as Tree

  function write(path: string, content: string | null): void {
    site.write({ [path]: content })
    if (content === null) tree.delete(path)
    else tree.set(path, content)
  }

  function commit(): void {
    trees.set(site.commit(), new Map(tree))
  }

  /** A commit from before, as a forced push brings it back. */
  function reset(): void {
    const [sha, before] = pick([...trees])
    site.git('reset', '--quiet', '--hard', sha)
    tree = new Map(before)
  }

  /** Takes a file back to what it was when all was published, as a revert does after a run that failed. */
  function takeBack(): void {
    const changed = [...published].filter(([path, content]) => tree.get(path) !== content)
    if (changed.length > 0) write(...pick(changed))
  }

  function edit(): void {
    if (chance(0.4)) takeBack()
    for (let left = count(3); left > 0; left -= 1) {
      const path = tree.size > 0 && chance(0.6) ? pick([...tree.keys()]) : pick(NAMES)
      const kind = pick(['write', 'write', 'delete', 'rename'])
      const content = tree.get(path)
      if (kind === 'write' || content === undefined) write(path, pick(CONTENTS))
      else write(path, null)
      if (kind === 'rename' && content !== undefined) write(pick(NAMES), content)
    }
  }

  /** What the run meets: a file that is refused, a key that is refused half way, the end of the job half way, or nothing. */
  function trouble(head: Tree): Job {
    const depth = pick([0, 1])
    const sure = [...head].filter(([path, content]) => published.get(path) !== content).map(([path]) => path)
    const kind = pick(['none', 'none', 'refused', 'refused', 'stopped', 'ended', 'no key'])
    story.push(kind)
    if (kind === 'no key') return { depth, inputs: { 'api-key': 'wrong' } }
    if (kind === 'ended') {
      return {
        depth,
        inputs: { concurrency: '1' },
        signal: { after: (log) => log.includes('uploaded '), send: 'SIGTERM' },
      }
    }
    if (kind === 'none' || sure.length === 0) return { depth }
    const path = new RegExp(`/upload/${encodeURI(pick(sure)).replaceAll(/[+.]/g, '.')}$`)
    imgix.fault({ on: { method: 'POST', path }, do: { answer: { status: kind === 'refused' ? 400 : 401 } } })
    return { depth, inputs: { concurrency: pick(['1', '8']) } }
  }

  /** A list of runs that is behind, has a hole, or is behind in every form for one question. */
  function lag(): void {
    const numbers = github.runs.map(({ number }) => number)
    const since = Math.max(0, ...numbers) + 1 - count(3)
    const hole = pick([...numbers, 0])
    const hides = pick([({ number }: GitHubRun) => number > since, ({ number }: GitHubRun) => number === hole])
    if (chance(0.6)) github.lag({ hides, times: 1 })
    if (chance(0.15)) github.lag({ hides, in: 'every list', times: 2 })
  }

  function expectPublished(head: Tree): void {
    const stored = [...head.keys()].map((path) => [path, String(imgix.objects.get(path)?.body)])
    expect([seed, story, new Map(stored as [string, string][])]).toEqual([seed, story, head])
    const purges = new Set(imgix.purges.slice(purgesSeen).map((purge) => purge.url))
    const deleted = [...published.keys()].filter((path) => !head.has(path))
    const kept = deleted.filter((path) => !purges.has(url(encodeURI(path).replaceAll('+', '%2B'))))
    expect([seed, story, kept]).toEqual([seed, story, []])
    published = head
    purgesSeen = imgix.purges.length
  }

  const first = await job(recordedEvent('push-first-of-repository', { after: site.head() }), trouble(headTree()))
  if (first.code === 0) expectPublished(headTree())
  for (let index = 0; index < PUSHES; index += 1) {
    const before = site.head()
    const forced = chance(0.25)
    if (forced) reset()
    if (!forced || chance(0.6)) {
      edit()
      commit()
    }
    const sha = site.head()
    story.push(`${forced ? 'forced ' : ''}${index}:`)
    const never =
      index < PUSHES - 1 && chance(0.25) ? pick<GitHubRun['conclusion']>(['cancelled', 'skipped']) : undefined
    if (never !== undefined) {
      story.push(never ?? '')
      ran({ sha, conclusion: never })
      continue
    }
    const event = chance(0.2) ? recordedEvent('workflow-dispatch', { after: sha }) : pushOf(before, sha)
    const last = index === PUSHES - 1
    lag()
    const run = await job(event, last ? { depth: 1 } : trouble(headTree()))
    if (last) expect([seed, story, run.errors]).toEqual([seed, story, []])
    if (run.code === 0) expectPublished(headTree())
  }
}

test.each(Array.from({ length: 5 }, (_, index) => index + 1))(
  'after a successful run the Source is the tree at head, history %i',
  (seed) => play(seed),
)
