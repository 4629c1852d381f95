import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { readTold } from '../../src/command/ci-systems.ts'
import { readGitLab } from '../../src/command/gitlab.ts'
import { listen } from '../helpers/server.ts'
import { waitShortly } from '../helpers/short-waits.ts'

waitShortly()

const BEFORE = 'b'.repeat(40)

/** @returns the commits to compare with, and why there are no others */
async function readFrom(url: string): Promise<[refs: string[], skipped: readonly string[]]> {
  const told = readTold({ CI_COMMIT_BEFORE_SHA: BEFORE }, { id: 'GITLAB', name: 'GitLab CI', isPR: false })
  const own = { CI_API_V4_URL: url, CI_JOB_ID: '12', CI_JOB_TOKEN: 'token', CI_ENVIRONMENT_NAME: 'imgix' }
  const { candidates, skipped } = await readGitLab(own, told, () => undefined)
  return [candidates.map(({ ref }) => ref), skipped]
}

test.each<[string, number[], number, string[], string[]]>([
  ['fails for a moment: it is asked again', [503, 0], 3, ['a'], []],
  [
    'fails: what failed jobs left would be lost by the commit before',
    [500, 500, 502],
    3,
    [],
    ["not from GitLab's deployments: its API answers 502"],
  ],
  ['refuses: the commit before', [404], 1, [BEFORE], ["not from GitLab's deployments: its API answers 404"]],
])('GitLab %s', async (_, statuses, requests, refs, skipped) => {
  const { url, seen } = await listen((_, response) => {
    const status = statuses[seen.length - 1] ?? 200
    if (status === 0) response.destroy()
    else response.writeHead(status).end('[{"sha":"a","status":"success","deployable":{"id":10}}]')
  })
  expect([await readFrom(url), seen.length]).toEqual([[refs, skipped], requests])
})

test('a certificate that is not trusted does not pass: the commit before, as where GitLab refuses', async () => {
  const pem = readFileSync(new URL('../helpers/untrusted.pem', import.meta.url))
  const server = createServer({ key: pem, cert: pem }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const [refs, [why]] = await readFrom(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)
  expect([refs, why]).toEqual([
    [BEFORE],
    expect.stringMatching(/^not from GitLab's deployments: its API does not answer \([A-Z_]*CERT[A-Z_]*\)$/),
  ])
})
