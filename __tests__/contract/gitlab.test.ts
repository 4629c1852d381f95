import { expect, test } from 'vitest'
import { readTold } from '../../src/command/ci-systems.ts'
import { readGitLab } from '../../src/command/gitlab.ts'
import { listen } from '../helpers/server.ts'
import { waitShortly } from '../helpers/short-waits.ts'

waitShortly()

test('where GitLab does not answer for a moment, it is asked again; in the end nothing that a failed job left is lost', async () => {
  const before = 'b'.repeat(40)
  const told = readTold({ CI_COMMIT_BEFORE_SHA: before }, { id: 'GITLAB', name: 'GitLab CI', isPR: false })
  const tell = async (statuses: readonly number[]) => {
    const { url, seen } = await listen((_, response) => {
      const status = statuses[seen.length - 1] ?? 200
      if (status === 0) response.destroy()
      else response.writeHead(status).end('[{"sha":"a","status":"success","deployable":{"id":10}}]')
    })
    const own = { CI_API_V4_URL: url, CI_JOB_ID: '12', CI_JOB_TOKEN: 'token', CI_ENVIRONMENT_NAME: 'imgix' }
    const { candidates, skipped } = await readGitLab(own, told, () => undefined)
    return [seen.length, candidates.map(({ ref }) => ref), skipped]
  }
  expect(await tell([503, 0])).toEqual([3, ['a'], []])
  expect(await tell([500, 500, 502])).toEqual([3, [], ["not from GitLab's deployments: its API answers 502"]])
  expect(await tell([404])).toEqual([1, [before], ["not from GitLab's deployments: its API answers 404"]])
})
