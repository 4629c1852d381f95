import { expect, onTestFinished } from 'vitest'
import { type GitHubEmulator, type GitHubOptions, type GitHubRun, startGitHub } from '../../emulator/github.ts'
import type { RunOptions } from '../../emulator/runner.ts'
import type { EmulatorOptions } from '../../emulator/server.ts'
import type { WorkflowEvent } from '../../src/runner/environment.ts'
import { type Run, scenario } from './scenario.ts'

/** GitHub's API, up until the test ends. */
export async function emulateGitHub(options: GitHubOptions = {}): Promise<GitHubEmulator> {
  const github = await startGitHub(options)
  onTestFinished(github.stop)
  return github
}

export type Job = {
  inputs?: Record<string, string>
  /** of the clone, 0 for the whole history; absent: where the commits were made */
  depth?: number
  /** Default the next one. */
  number?: number
  env?: Record<string, string | undefined>
} & Pick<RunOptions, 'signal' | 'onStdout' | 'nodeArgs'>

/** A site, an imgix and a GitHub that keeps the list of the site's runs, each of which is a job with the action in it. */
export async function hosted(
  options: {
    imgix?: EmulatorOptions
    github?: GitHubOptions
    files?: Record<string, string>
    objectFormat?: 'sha1' | 'sha256'
  } = {},
) {
  const scene = await scenario(options)
  const { site, imgix } = scene
  const github = await emulateGitHub({ dir: site.dir, ...options.github })

  /** Puts runs that have ended into the list, the first with number 1. */
  function ran(...runs: (Pick<GitHubRun, 'sha' | 'conclusion'> & Partial<GitHubRun>)[]): void {
    for (const run of runs) {
      const number = run.number ?? nextNumber()
      github.runs.push({ id: 1000 + number, number, branch: 'main', ...run })
    }
  }

  const nextNumber = (): number => Math.max(0, ...github.runs.map(({ number }) => number)) + 1

  /** Runs the action for an event, and notes in the list of runs how it went. */
  async function job(event: WorkflowEvent, { inputs, number = nextNumber(), env, ...more }: Job = {}): Promise<Run> {
    const id = 1000 + number
    const branch = event.ref.replace(/^refs\/(heads|tags)\//, '')
    github.runs.splice(0, github.runs.length, ...github.runs.filter((run) => run.id !== id))
    const own: GitHubRun = { id, number, branch, sha: event.sha, conclusion: null, event: event.name }
    github.runs.push(own)
    const run = await scene.run(
      { 'github-token': github.token, ...inputs },
      {
        ...more,
        event: { name: event.name, payload: event.payload },
        env: {
          GITHUB_API_URL: github.apiUrl,
          GITHUB_RUN_ID: String(id),
          GITHUB_RUN_NUMBER: String(number),
          GITHUB_REF: event.ref,
          GITHUB_SHA: event.sha,
          ...env,
        },
      },
    )
    own.conclusion = run.code === 0 ? 'success' : 'failure'
    expectNoToken(run, github.token)
    return run
  }

  /** Commits changes. @returns the push of that commit to a branch, as GitHub tells it */
  function push(files: Record<string, string | null>): WorkflowEvent {
    const before = site.head()
    site.write(files)
    return pushOf(before, site.commit())
  }

  function pushOf(before: string, after: string): WorkflowEvent {
    return { ...site.pushEvent(before, after), ref: 'refs/heads/main', sha: after }
  }

  return { ...scene, site, imgix, github, ran, job, push, pushOf }
}

/** What a run came to: names uploaded, and names purged. */
export function didOf(run: Run): { uploaded: string[]; purged: string[] } {
  const list = (name: string): string[] => JSON.parse(run.outputs[name] ?? '[]') as string[]
  const names = list('purged').map((url) => decodeURIComponent(new URL(url).pathname.slice(1)))
  return { uploaded: list('uploaded').sort(), purged: names.sort() }
}

/** Messages of one level, less what every run on a pull request says. */
export function messages(run: Run, level: 'notice' | 'warning' | 'error'): string[] {
  return run.annotations.filter((each) => each.level === level).map(({ message }) => message)
}

function expectNoToken(run: Run, token: string): void {
  const shown = [run.stdout.replace(/^::add-mask::.*$/gm, ''), run.stderr, run.summary, JSON.stringify(run.outputs)]
  const text = [...shown, JSON.stringify(run.report)].join('\n')
  expect([text.includes(token), text.includes(btoa(`x-access-token:${token}`))]).toEqual([false, false])
}
