import { expect, test } from 'vitest'
import { s3File, UPLOADS, variables } from '../helpers/source.ts'
import { sourceScenario } from '../helpers/source-run.ts'

test('a Source is made what the file says', async () => {
  const { run, asked, imgix } = await sourceScenario(
    s3File('cache_ttl_error: 60\ns3_prefix: img').replace(/AKIA\w+/, '${S3_KEY}'),
  )
  const { code, outputs, log, summary, masks } = await run()
  expect([code, outputs]).toEqual([0, { 'source-id': 'SRC', changed: 'true', 'deployment-status': 'deployed' }])
  expect(asked()).toEqual([
    'GET /api/v1/sources?assets-demo -> 200',
    'GET /api/v1/sources/SRC -> 200',
    'PATCH /api/v1/sources/SRC -> 200',
    'GET /api/v1/sources/SRC?status -> 200',
  ])
  expect(log).toContain(`deployment.s3_access_key: (changed)
deployment.cache_ttl_error: from 300 to 60
deployment.s3_prefix: set to 'img'
deployment.s3_secret_key: (not comparable: imgix never returns it)
`)
  expect(summary).toContain(
    '<tr><td><code>deployment.&#8203;cache_&#8203;ttl_&#8203;error</code></td><td>from 300 to 60</td></tr>',
  )
  expect(masks).toEqual(expect.arrayContaining([variables.S3_SECRET, variables.S3_KEY, 'token-of-the-source']))
  expect(imgix.sources.get('SRC')?.deployment).toMatchObject({ s3_secret_key: variables.S3_SECRET, s3_prefix: 'img' })
})

test('a Source is created, and the next run finds it as it is', async () => {
  const { run, imgix } = await sourceScenario(s3File('', { subdomains: 'new' }) + UPLOADS)
  const created = await run()
  const [, id = ''] = [...imgix.sources.keys()]
  expect([created.code, created.outputs]).toEqual([
    0,
    { 'source-id': id, changed: 'true', 'deployment-status': 'deployed' },
  ])
  const again = await run()
  expect([again.code, again.outputs.changed, again.outputs['source-id']]).toEqual([0, 'false', id])
})

test('a pull request from a fork: the file is checked, and nothing is asked', async () => {
  const { run, asked } = await sourceScenario(s3File())
  const { code, outputs, log } = await run({ inputs: { 'api-key': '', 'dry-run': 'true' }, env: { S3_SECRET: '' } })
  expect([code, outputs, asked()]).toEqual([0, { 'source-id': '', changed: '', 'deployment-status': '' }, []])
  expect(log).toContain('the file is valid; without api-key it is not compared with imgix')
})

test('a file with problems: each is an annotation at its place, and nothing is sent', async () => {
  const { run, asked } = await sourceScenario(
    'name: x\nname: ${GITHUB_TOKEN}\ndeployment: { type: s3, cache_ttl_error: 0, s3_secret_key: "${constructor}" }\n',
  )
  const { code, annotations, outputs, summary } = await run({ env: { GITHUB_TOKEN: 'ghs_secret' } })
  expect([code, asked(), outputs]).toEqual([1, [], { 'source-id': '', changed: 'false', 'deployment-status': '' }])
  expect(annotations.map(({ properties }) => [properties.file, properties.line, properties.col])).toEqual([
    ['s.yml', '2', '1'],
    ['s.yml', '3', '1'],
    ['s.yml', '3', '42'],
    ['s.yml', '3', '60'],
  ])
  expect(summary).toContain('failed: nothing was changed')
})

test('inputs with problems, a file out of the workspace among them', async () => {
  const { run, link, asked } = await sourceScenario(s3File())
  link('away.yml', '/etc/hostname')
  const { code, errors } = await run({
    inputs: { 'api-key': '', file: 'away.yml', 'deploy-timeout': '7201', force: '1' },
  })
  expect([code, asked(), errors]).toEqual([
    1,
    [],
    [
      "file: 'away.yml' is not allowed; a file inside the workspace, relative to it, and not in .git",
      "force: '1' is not allowed; true or false",
      "deploy-timeout: '7201' is not allowed; a whole number from 0 to 7200",
      "api-key: '' is not allowed; a Management API key, required unless dry-run is true: check that the secret exists; runs from forks and of Dependabot get none",
    ],
  ])
})

test('a file that is no UTF-8', async () => {
  const { run, asked } = await sourceScenario(Buffer.from('name: caf\xe9\n', 'latin1'))
  const { code, errors } = await run({ inputs: { 'source-id': 'SRC' } })
  expect([code, errors, asked()]).toEqual([1, ['s.yml: the file is not UTF-8: save it as UTF-8'], []])
})

test('a run that is cancelled while it waits', async () => {
  const { run } = await sourceScenario('enabled: false', { deployStatuses: Array(99).fill('deploying') })
  const { code, outputs, errors, log } = await run({
    inputs: { 'source-id': 'SRC' },
    signal: { after: (text) => text.includes('waits up to'), send: 'SIGINT' },
  })
  expect([code, errors]).toEqual([1, ["cancelled: updated Source SRC: 1 attribute, its deployment is 'deploying'"]])
  expect(outputs).toEqual({ 'source-id': 'SRC', changed: 'true', 'deployment-status': 'deploying' })
  expect(log).toContain('deployment_status: deploying, waits up to 10 min')
})

test.each([
  ['of more than 1 MB', 'x'.repeat(1_000_001), 's.yml: the file is larger than 1 MB: make it smaller'],
  ['that is not UTF-8', Buffer.from([0x6e, 0xe9]), 's.yml: the file is not UTF-8: save it as UTF-8'],
])('a file %s is told with its name', async (_, file, problem) => {
  const { run, asked } = await sourceScenario(file)
  const { code, errors } = await run()
  expect([code, errors, asked()]).toEqual([1, [problem], []])
})

test('a Source that imgix does not have: the output source-id is empty', async () => {
  const { run } = await sourceScenario('name: A\n')
  const { code, outputs } = await run({ inputs: { 'source-id': '000000000000000000000000' } })
  expect([code, outputs['source-id'], outputs.changed]).toEqual([1, '', 'false'])
})
