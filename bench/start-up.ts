import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startGitHub } from '../emulator/github.ts'
import { runAction } from '../emulator/runner.ts'
import { type Figure, folder, inputsFor, median, ms, ratio, seconds, withSite } from './measure.ts'

const ROUNDS = 11

/** The time of a push that changes no asset, over that of a Node that does nothing. */
export async function startUp(): Promise<Figure> {
  const { value, detail } = await pushWithoutAssets('')
  return { what: 'start-up over bare Node', value, aim: 'at most 3', detail: `${detail}, no request` }
}

/** The same with a token, where GitHub is asked for this run, the runs of the branch, and the runs of all branches. */
export async function startUpWithToken(): Promise<Figure> {
  const github = await startGitHub()
  try {
    const { value, detail } = await pushWithoutAssets(github.token, (sha, before) => {
      github.runs.push(
        { id: 1000, number: 5, branch: 'main', sha, conclusion: null },
        { id: 999, number: 4, branch: 'other', sha, conclusion: 'success' },
        { id: 998, number: 3, branch: 'main', sha: before, conclusion: 'success' },
      )
      return { GITHUB_API_URL: github.apiUrl, GITHUB_RUN_ID: '1000', GITHUB_RUN_NUMBER: '5' }
    })
    const requests = github.transcript.length / ROUNDS
    if (github.transcript.some((line) => !line.endsWith(' -> 200'))) throw new Error(github.transcript.join('\n'))
    const what = 'start-up with a token over bare Node'
    return { what, value, aim: 'at most 4.2', detail: `${detail}, ${requests} requests to GitHub` }
  } finally {
    await github.stop()
  }
}

async function pushWithoutAssets(
  token: string,
  prepare: (sha: string, before: string) => Record<string, string> = () => ({}),
): Promise<{ value: string; detail: string }> {
  const empty = join(folder, 'empty.js')
  writeFileSync(empty, '')
  return withSite({}, async (site, imgix) => {
    site.write({ 'public/index.html': 'one' })
    const before = site.commit()
    site.write({ 'public/index.html': 'two' })
    const sha = site.commit()
    const event = site.pushEvent(before, sha)
    const inputs = { ...inputsFor(imgix), 'github-token': token }
    const env = prepare(sha, before)
    const ours: number[] = []
    const bare: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await seconds(() => runAction({ workspace: site.dir, inputs: {}, bundle: empty })))
      ours.push(
        await seconds(async () => {
          const run = await runAction({ workspace: site.dir, inputs, event, env, in: 'process' })
          if (run.code !== 0 || run.outputs['uploaded-count'] !== '0')
            throw new Error(`not without assets:\n${run.log}`)
        }),
      )
    }
    if (imgix.requests.length > 0) throw new Error('a push without assets made requests')
    return { value: ratio(median(ours), median(bare)), detail: `${ms(median(ours))} over ${ms(median(bare))}` }
  })
}
