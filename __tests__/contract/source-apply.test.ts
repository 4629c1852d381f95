import { expect, test } from 'vitest'
import { SourceError } from '../../src/configure-source/requests.ts'
import { ImgixError } from '../../src/imgix/errors.ts'
import { call } from '../helpers/emulator.ts'
import { waitShortly } from '../helpers/short-waits.ts'
import { applying, s3File, UPLOADS, variables } from '../helpers/source.ts'

waitShortly()

const found = 'GET /api/v1/sources?assets-demo -> 200'
const got = 'GET /api/v1/sources/SRC -> 200'
const patched = 'PATCH /api/v1/sources/SRC -> 200'
const polled = 'GET /api/v1/sources/SRC?status -> 200'
const wait = { deployTimeoutMs: 60_000 }
const created = 'POST /api/v1/sources -> 201'
const looked = 'GET /api/v1/sources?new -> 200'

test('nothing differs: nothing is sent, and the secret is not compared', async () => {
  const { apply, asked } = await applying()
  const { state, differences, notComparable, error } = await apply(s3File())
  expect([error, differences, notComparable]).toEqual([undefined, [], ['deployment.s3_secret_key']])
  expect(state).toEqual({ dryRun: false, sourceId: 'SRC', changed: false, status: 'deployed', result: 'same' })
  expect(asked()).toEqual([found, got])
})

test('with force the secret is sent all the same', async () => {
  const { apply, asked, imgix } = await applying()
  const { state } = await apply(s3File(), { force: true })
  expect([state.changed, asked()]).toEqual([true, [found, got, patched]])
  expect(imgix.sources.get('SRC')?.deployment).toMatchObject({ s3_secret_key: variables.S3_SECRET })
})

test.each([false, true])(
  'what differs is set, and the rest stays; a part of a deployment is merged: %s',
  async (merges) => {
    const { apply, asked, imgix } = await applying({ mergesDeployments: merges })
    const before = structuredClone(imgix.sources.get('SRC')?.deployment)
    const { state, differences } = await apply(s3File('cache_ttl_error: 60'), wait)
    expect(differences).toEqual(['deployment.cache_ttl_error: from 300 to 60'])
    expect(state).toMatchObject({ changed: true, status: 'deployed', result: 'updated' })
    expect(asked()).toEqual([found, got, patched, polled])
    expect(imgix.sources.get('SRC')?.deployment).toEqual({
      ...before,
      cache_ttl_error: 60,
      s3_secret_key: variables.S3_SECRET,
    })
  },
)

test('a name is set without a deployment, by source-id', async () => {
  const { apply, asked, imgix } = await applying({ deployStatuses: [] })
  const { state, error } = await apply('name: New', { sourceId: 'SRC' })
  expect([error, state.changed, imgix.sources.get('SRC')?.name]).toEqual([undefined, true, 'New'])
  expect(asked()).toEqual([got, patched])
})

test('a Source that shall not be enabled is waited for until it is disabled', async () => {
  const { apply, imgix } = await applying()
  const { state } = await apply('enabled: false', { sourceId: 'SRC', ...wait })
  expect([state.status, imgix.sources.get('SRC')?.enabled]).toEqual(['disabled', false])
})

test('a dry run compares, and changes nothing', async () => {
  const { apply, asked } = await applying()
  const { log } = await apply(s3File('cache_ttl_error: 60'), { dryRun: true })
  expect(asked()).toEqual([found, got])
  const { state } = await apply(s3File('', { subdomains: 'new' }), { dryRun: true })
  expect(state).toMatchObject({ changed: true, sourceId: '', result: 'created' })
  expect(asked()).toEqual([found, got, looked])
  expect(log).toContain('deployment.cache_ttl_error: from 300 to 60\n')
})

test('another type', async () => {
  const { apply, imgix } = await applying()
  const file =
    'deployment: { type: webfolder, imgix_subdomains: [assets-demo], webfolder_base_url: "https://o.example/" }'
  const { error, differences } = await apply(file, { sourceId: 'SRC' })
  expect([error, differences]).toEqual([
    undefined,
    ["deployment.type: from 's3' to 'webfolder'", "deployment.webfolder_base_url: set to 'https://o.example/'"],
  ])
  expect(imgix.sources.get('SRC')?.deployment).toMatchObject({ type: 'webfolder', cache_ttl_error: 300 })
})

test('a Source is created, and then gets its upload credentials', async () => {
  const { apply, asked, imgix } = await applying()
  const { state, error } = await apply(s3File('cache_ttl_value: 60', { subdomains: 'new', name: 'New' }) + UPLOADS)
  const [, source] = [...imgix.sources.values()]
  expect([error, state]).toEqual([
    undefined,
    { dryRun: false, sourceId: source?.id, changed: true, status: 'deployed', result: 'created' },
  ])
  expect(asked()).toEqual([looked, created, 'PATCH /api/v1/sources/NEW -> 200'])
  expect(source).toMatchObject({
    name: 'New',
    deployment: { cache_ttl_value: 60, s3_secret_key: variables.S3_SECRET },
    uploadCredentials: { type: 's3', s3_access_key: 'AKIAUP', s3_secret_key: variables.UPLOAD_SECRET },
  })
})

test('a Source that was created, and whose upload credentials are refused', async () => {
  const { apply, imgix } = await applying()
  imgix.fault({ on: { method: 'PATCH' }, do: { answer: { status: 400 } } })
  const { state, error } = await apply(s3File('', { subdomains: 'new' }) + UPLOADS)
  expect(error).toBeInstanceOf(SourceError)
  expect((error as Error).message).toMatch(
    /^Source [0-9a-f]{24} was created, but not its upload_credentials; run again with force after this: .* \(400 /,
  )
  expect(state).toMatchObject({ changed: true, result: 'created' })
})

test('upload credentials for a Source that takes no uploads yet', async () => {
  const { apply, imgix } = await applying({ source: { allowsUpload: false } })
  const { differences } = await apply(UPLOADS, { sourceId: 'SRC' })
  expect(differences).toEqual(['upload_credentials: (changed)'])
  expect(imgix.sources.get('SRC')?.uploadCredentials).toMatchObject({ s3_secret_key: variables.UPLOAD_SECRET })
})

test('upload credentials of another type than the Source', async () => {
  const { apply, asked } = await applying({ source: { type: 'gcs' } })
  const { error } = await apply(UPLOADS, { sourceId: 'SRC' })
  expect(error).toBeInstanceOf(SourceError)
  expect([(error as Error).message, asked()]).toEqual([
    'upload_credentials are of type s3, and Source SRC is of type gcs; they have to be the same',
    [got],
  ])
})

test('a subdomain that is only part of another is not taken for it, on any page', async () => {
  const { apply, asked, imgix } = await applying({ listLimit: 1, source: { imgixSubdomains: ['assets-demo-old'] } })
  await apply(s3File('', { subdomains: 'my-assets-demo', name: 'Other' }))
  await apply(s3File('', { name: 'Third' }))
  expect([...imgix.sources.values()].map(({ name }) => name)).toEqual(['Emulated Source', 'Other', 'Third'])
  expect(asked().slice(2)).toEqual([found, 'GET /api/v1/sources?1 assets-demo -> 200', created])
})

test('any of the subdomains finds the Source', async () => {
  const { apply, asked } = await applying()
  const { differences, state } = await apply(s3File('', { subdomains: 'new, assets-demo' }))
  expect([state.sourceId, differences]).toEqual(['SRC', ["deployment.imgix_subdomains: added: 'new'"]])
  expect(asked().slice(0, 3)).toEqual([looked, found, got])
})

test('subdomains of two Sources', async () => {
  const { apply, imgix } = await applying()
  await apply(s3File('', { subdomains: 'new' }))
  const requests = imgix.requests.length
  const { error, state } = await apply(s3File('', { subdomains: 'new, assets-demo' }))
  expect(error).toBeInstanceOf(SourceError)
  expect((error as Error).message).toMatch(
    /^the file's subdomains belong to several Sources: new to Source [0-9a-f]{24}, assets-demo to Source SRC; set source-id to one of them$/,
  )
  expect([state.changed, imgix.requests.length - requests]).toEqual([false, 2])
})

test.each([
  ['loses the answer', { loseAnswer: true } as const, 'reset'],
  ['cuts the answer', { cutAnswer: 10 } as const, 'reset'],
  ['answers with something else', { answerBody: { status: 200, body: '<html>' } } as const, 200],
])('a Source that is created is created once when imgix %s', async (_, fault, status) => {
  const { apply, asked, imgix } = await applying()
  imgix.fault({ on: { method: 'POST' }, do: fault })
  const { state, error } = await apply(s3File('', { subdomains: 'new' }))
  expect([error, state.changed, state.result, imgix.sources.size]).toEqual([undefined, true, 'created', 2])
  expect(asked().slice(0, 4)).toEqual([
    looked,
    `POST /api/v1/sources -> ${status}`,
    looked,
    'GET /api/v1/sources/NEW -> 200',
  ])
})

test('a create that was not carried out is sent again, after a look', async () => {
  const { apply, asked, imgix } = await applying()
  imgix.fault({ on: { method: 'POST' }, do: { answer: { status: 503 } } })
  const { error } = await apply(s3File('', { subdomains: 'new' }))
  expect([error, imgix.sources.size]).toEqual([undefined, 2])
  expect(asked().slice(0, 4)).toEqual([looked, 'POST /api/v1/sources -> 503', looked, created])
})

test('nobody knows whether a create was carried out that no try has an answer to', async () => {
  const { apply, imgix } = await applying()
  imgix.fault({ on: { method: 'POST' }, times: 9, do: { answer: { status: 503 } } })
  const { error, state } = await apply(s3File('', { subdomains: 'new' }), { maxAttempts: 1 })
  expect(error).toBeInstanceOf(ImgixError)
  expect((error as Error).message).toMatch(/^503 /)
  expect(state).toMatchObject({ changed: undefined, result: 'none' })
})

test.each([
  ['lost', { answer: { status: 503 } }, 400],
  ['cut, also where it was carried out', { cutAnswer: 10 }, 409],
])('nor whether one was whose answer was %s, where the next try is refused', async (_, deed, status) => {
  const { apply, imgix } = await applying()
  imgix.fault({ on: { method: 'POST' }, do: deed })
  imgix.fault({ on: { method: 'POST' }, do: { answer: { status } } })
  imgix.fault({ on: { method: 'GET' }, times: 9, do: { answerBody: { body: '{"data":[]}' } } })
  const { error, state } = await apply(s3File('', { subdomains: 'new' }), { maxAttempts: 2 })
  expect(error).toBeInstanceOf(ImgixError)
  expect((error as Error).message).toMatch(RegExp(`^${status} `))
  expect(state).toMatchObject({ changed: undefined, result: 'none' })
})

test('a Source that imgix does not have leaves no id', async () => {
  const { apply } = await applying()
  const { error, state } = await apply('name: New', { sourceId: 'SRK' })
  expect([error instanceof ImgixError && error.status, state.sourceId, state.changed]).toEqual([404, '', false])
})

test('an answer that is not imgix’s says nothing of the id', async () => {
  const { apply, imgix } = await applying()
  imgix.fault({ on: {}, do: { answer: { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>' } } })
  const { error, state } = await apply('name: New', { sourceId: 'SRC' })
  expect([(error as Error).message, state.sourceId]).toEqual([
    'something between imgix and the runner answered 404 text/html',
    'SRC',
  ])
})

test('more than 100 domains, with those that only the Source has, are refused before the change', async () => {
  const { apply, asked, imgix } = await applying()
  const customDomains = Array.from({ length: 100 }, (_, index) => `a${index}.example`)
  Object.assign(imgix.sources.get('SRC')?.deployment ?? {}, { custom_domains: customDomains })
  const { error } = await apply(s3File('cache_ttl_error: 60'))
  expect(error).toBeInstanceOf(SourceError)
  expect([(error as Error).message, asked()]).toEqual([
    'deployment has 101 domains, imgix_subdomains and custom_domains together; allowed are 100; some are only at Source SRC',
    [found, got],
  ])
})

test('values of default_params reach imgix as they are written', async () => {
  const { apply, imgix } = await applying()
  await apply(s3File('default_params: { bg: 001122, blur: 1e3, lossless: true, w: 100 }'))
  const params = { bg: '001122', blur: '1e3', lossless: 'true', w: '100' }
  expect(imgix.sources.get('SRC')?.deployment).toMatchObject({ default_params: params })
})

test("a subdomain of another account's", async () => {
  const { apply, asked } = await applying({ takenSubdomains: ['new'] })
  const { error, state } = await apply(s3File('', { subdomains: 'new' }))
  expect(error).toBeInstanceOf(ImgixError)
  expect((error as Error).message).toMatch(/^400 .*'new' is already in use/)
  expect([state.changed, asked()]).toEqual([false, [looked, 'POST /api/v1/sources -> 400']])
})

test('an update that imgix refuses changes nothing, one without an answer perhaps', async () => {
  const { apply, imgix } = await applying()
  imgix.fault({ on: { method: 'PATCH' }, do: { answer: { status: 400 } } })
  imgix.fault({ on: { method: 'PATCH' }, do: { answer: { status: 500 } } })
  for (const changed of [false, undefined]) {
    const { error, state } = await apply('name: New', { sourceId: 'SRC', maxAttempts: 1 })
    expect(error).toBeInstanceOf(ImgixError)
    expect([(error as Error).message, state.changed]).toEqual([expect.stringMatching(/^(400|500) /), changed])
  }
})

test.each([
  ['PATCH', 'name: New', 'SRC'],
  ['POST', s3File('', { subdomains: 'new' }), ''],
])('a %s that imgix takes too many of says that it waits, for however short', async (method, file, sourceId) => {
  const { apply, imgix } = await applying()
  imgix.fault({ on: { method }, do: { answer: { status: 429, headers: { 'retry-after': '1' } } } })
  const { log, error, state } = await apply(file, { sourceId })
  expect([error, state.changed]).toEqual([undefined, true])
  expect(log.replace(/waits 1(\.0)? s/, 'waits a second')).toContain(
    'waits a second before another try: imgix accepts 60 creates and 60 updates of Sources an hour, and no more for now (429 ',
  )
})

test('what imgix stores otherwise than it was sent', async () => {
  const { apply, imgix } = await applying()
  const answer = await call(imgix, 'GET', '/api/v1/sources/SRC')
  const { data } = answer.json
  data.attributes.name = 'NEW'
  imgix.fault({ on: { method: 'PATCH' }, do: { answerBody: { body: JSON.stringify({ data }) } } })
  const { log } = await apply('name: New', { sourceId: 'SRC' })
  expect(log).toContain(
    "::warning::name: imgix stores another value than the file has (from 'NEW' to 'New'): write imgix's value into the file, or every run sends the attribute again\n",
  )
})

test('what imgix says of the deployment before is not taken for the new one', async () => {
  const { apply, asked } = await applying({ deployStatuses: ['deployed', 'deploying'] })
  const { state } = await apply(s3File('cache_ttl_error: 60'), wait)
  expect([state.status, asked()]).toEqual(['deployed', [found, got, patched, polled, polled]])
})

test('a deployment that imgix deletes', async () => {
  const { apply } = await applying({ deployStatuses: ['deploying', 'deleted'] })
  const { error, state } = await apply('enabled: false', { sourceId: 'SRC', ...wait })
  expect(error).toBeInstanceOf(SourceError)
  expect([(error as Error).message, state]).toEqual([
    "the Source has the status 'deleted'; see imgix's dashboard",
    expect.objectContaining({ changed: true, status: 'deleted', result: 'updated' }),
  ])
})

test('a Source that is deleted is not found, and can not be set', async () => {
  const { apply, asked, imgix } = await applying()
  const source = imgix.sources.get('SRC')
  Object.assign(source ?? {}, { statuses: ['deleted', 'deleted', 'deleted', 'deleted'] })
  const { state } = await apply(s3File(), { dryRun: true })
  expect([state.result, asked()]).toEqual(['created', [found]])
  const { error } = await apply('name: New', { sourceId: 'SRC' })
  expect(error).toBeInstanceOf(SourceError)
  expect((error as Error).message).toBe('Source SRC is deleted; remove source-id to create another')
})

test('a list that does not tell of subdomains creates nothing', async () => {
  const { apply, asked, imgix } = await applying()
  const data = [{ id: 'x', type: 'sources', attributes: { name: 'x' } }]
  imgix.fault({ on: { method: 'GET' }, do: { answerBody: { body: JSON.stringify({ data }) } } })
  const { error } = await apply(s3File())
  expect(error).toBeInstanceOf(SourceError)
  expect([(error as Error).message, asked()]).toEqual([
    'imgix lists Source x without its subdomains, so no Source can be found by subdomain; set source-id',
    [found],
  ])
})

test('a deployment is not waited for with a timeout of 0', async () => {
  const { apply, asked } = await applying()
  const { state } = await apply('enabled: false', { sourceId: 'SRC' })
  expect([state.status, asked()]).toEqual(['deploying', [got, patched]])
})

test('a secret that imgix repeats is not shown in part, where its words are cut', async () => {
  const { apply, imgix } = await applying()
  const errors = [{ title: 'x', detail: `${'x'.repeat(290)} ${variables.S3_SECRET}` }]
  const body = JSON.stringify({ errors })
  imgix.fault({ on: { method: 'PATCH' }, do: { answer: { status: 400, body } } })
  const { error } = await apply(s3File('cache_ttl_error: 60'))
  expect(error).toBeInstanceOf(ImgixError)
  expect((error as Error).message).toMatch(/x{290} \*\*\*$/)
})

test('what answers tell of secrets is in no line', async () => {
  const { apply } = await applying({ source: { secureUrlToken: 'token-of-the-source' } })
  const { log, error } = await apply(s3File('annotation: see token-of-the-source\ns3_prefix: AKIADEPLOYMENTKEY001'))
  expect(error).toBeUndefined()
  expect(log).toContain(
    "deployment.annotation: from 'New deployment created for source by the emulator.' to 'see ***'\n",
  )
  expect(log.match(/token-of-the-source|AKIADEPLOYMENTKEY001/)).toBeNull()
})
