import { expect, test } from 'vitest'
import type { ActionRun } from '../../emulator/runner.ts'
import { DEFAULTS } from '../../src/inputs/defaults.ts'
import { expectHarmless, hostileText, hostileTexts, secretTexts, shortTexts, withEveryText } from '../helpers/corpus.ts'
import { emulate } from '../helpers/emulator.ts'
import { recordedEvent } from '../helpers/events.ts'
import { hosted } from '../helpers/github.ts'
import { CSV, daysAgo, record, runReports } from '../helpers/reports.ts'
import { scenario } from '../helpers/scenario.ts'
import { listen, listenTcp } from '../helpers/server.ts'
import { s3File } from '../helpers/source.ts'
import { sourceScenario } from '../helpers/source-run.ts'
import { escapedSpellingsOf } from '../helpers/spellings.ts'

const KEY = 'ak_0123+/4567=89"abc\'def&xyz'
const imgixOptions = { apiKey: KEY }

/** Answers each request of a kind with another hostile text. */
const errorsOf = (text: string): string =>
  JSON.stringify({ errors: [{ title: text, detail: text, id: text, status: text, meta: { text } }], meta: { text } })

test.each([
  ['an upload', /\/upload\//, {}, errorsOf],
  ['the opening of a session', /\/create\//, { 'session-threshold': '1B' }, errorsOf],
  ['the close of a session', /\/close\//, { 'session-threshold': '1B' }, errorsOf],
  ['a purge', /\/purge$/, {}, errorsOf],
  [
    'the storage',
    /^\/bucket\//,
    { 'session-threshold': '1B' },
    (text: string) => `<?xml version="1.0"?><Error><Code>${text}</Code><Message>${text}</Message></Error>`,
  ],
])('what is answered to %s', async (_, path, inputs, bodyOf) => {
  const { push, imgix } = await scenario({ imgix: imgixOptions })
  const texts = hostileTexts([KEY])
  for (const text of texts)
    imgix.fault({ on: { path }, do: { answer: { status: 400, headers: {}, body: bodyOf(text) } } })
  const files = Object.fromEntries(texts.map((_text, index) => [`${index}.png`, 'a picture']))
  const run = await push(files, inputs)
  expect([run.code, Number(run.outputs['failed-count'])]).toEqual([1, texts.length])
  expectHarmless(run, [KEY])
})

test('of a presigned URL nothing is told, whatever part of it imgix quotes, and however', async () => {
  const { push, imgix } = await scenario({ imgix: imgixOptions })
  const path = '/bucket/s3cr3t-0f-the-path'
  const secrets = ['AKIAOFTHEURL00000001/20261121/aws4_request', 'abcdef0123456789'.repeat(4), 't0ken-of-another-name']
  const [credential = '', signature = '', token = ''] = secrets
  const query = `X-Amz-Credential=${encodeURIComponent(credential)}&X-Amz-Signature=${signature}&other=${token}`
  const parts = [
    `${path}/0.png?${query}`,
    `${path}/0.png`,
    's3cr3t-0f-the-path',
    query,
    ...query.split('&'),
    ...secrets,
  ]
  const quoted = [`${imgix.apiUrl}${parts[0]}`, `${new URL(imgix.apiUrl).host}${parts[0]}`, ...parts]
  const texts = quoted.flatMap(escapedSpellingsOf).map((spelling) => `no ${spelling} here`)
  for (const [index, text] of texts.entries()) {
    const attributes = { origin_path: `/${index}.png`, url: `${imgix.apiUrl}${path}/${index}.png?${query}` }
    const session = JSON.stringify({ data: { id: `session-${index}`, type: 'asset_uploads', attributes } })
    const name = new RegExp(`/create/${index}\\.png$`)
    imgix.fault({ on: { path: name }, do: { answerBody: { body: session } } })
    imgix.fault({
      on: { path: `/api/v1/sources/SRC/upload-sessions/close/session-${index}` },
      do: { answer: { status: 400, body: errorsOf(text) } },
    })
  }
  const stored = { status: 200, headers: { etag: '"0"' }, body: '' }
  imgix.fault({ on: { method: 'PUT' }, times: Infinity, do: { answer: stored } })
  const run = await push(Object.fromEntries(texts.map((_, index) => [`${index}.png`, 'a picture'])), {
    'session-threshold': '1B',
  })
  const files = run.report?.files as { error: string }[]
  expect(files.filter(({ error }) => /\(400 no /.test(error))).toHaveLength(texts.length)
  expectHarmless(run, ['s3cr3t-0f-the-path', ...secrets])
})

test.each([
  ['the Source', /\/sources\/SRC$/, {}],
  ['a list of assets', /\/assets$/, { mode: 'all' }],
  ['an upload', /\/upload\//, {}],
  ['a session', /\/upload-sessions\//, { 'session-threshold': '1B' }],
])('the texts of a success: %s', async (_, path, inputs) => {
  const { push, imgix } = await scenario({ imgix: { ...imgixOptions, listLimit: 1 } })
  for (const name of ['a.png', 'old.png']) imgix.put(name, 'old')
  const names = [[], ['type', 'id'], ['type', 'id', 'origin_path', 'source_id'], ['type', 'id', 'origin_path', 'url']]
  for (const [index, everyText] of shortTexts([KEY]).entries()) {
    const fault = { on: { path }, times: Infinity, do: { everyText, except: names[index % names.length] ?? [] } }
    imgix.fault(fault)
    const run = await push({ 'a.png': `picture ${index}` }, { ...inputs, 'max-attempts': '1' })
    fault.times = -Infinity
    expectHarmless(run, [KEY])
  }
})

test('names of assets and domains at the Source', async () => {
  const apiKey = 'ak-0123456789abcdef'
  const texts = hostileTexts([apiKey])
  const source = { customDomains: [...texts, `${apiKey}.example.com`] }
  const { run, imgix } = await scenario({ files: { 'a.png': 'a' }, imgix: { apiKey, source } })
  for (const text of texts) imgix.put(`${text}.png`, 'x')
  for (const dryRun of ['true', 'false']) {
    const all = await run({ mode: 'all', 'dry-run': dryRun })
    expect([all.code, all.errors]).toEqual([0, []])
    expect(all.log.match(/only at the Source, left/g)?.length).toBeGreaterThan(50)
    expectHarmless(all, [apiKey])
  }
})

test.each(['push', 'pull-request', 'merge-group', 'workflow-run', 'release'])(
  'the payload of an event: %s',
  async (name) => {
    const { run } = await scenario({ imgix: imgixOptions, files: { 'a.png': 'a' } })
    const event = recordedEvent(name)
    for (const text of [hostileText([KEY]), 'x'.repeat(10_000)]) {
      const hostile = { name: event.name, payload: withEveryText(event.payload, text) }
      expectHarmless(
        await run(
          {},
          {
            event: hostile,
            env: { GITHUB_REF: text.slice(0, 3000).replaceAll('\0', ''), GITHUB_EVENT_NAME: event.name },
          },
        ),
        [KEY],
      )
    }
  },
)

test("what GitHub's API answers", async () => {
  const { github, job, push, ran, site } = await hosted({ imgix: imgixOptions, files: { 'a.png': 'a' } })
  const secrets = [KEY, github.token]
  const text = hostileText(secrets)
  ran({ sha: site.head(), conclusion: 'success' })
  for (const number of [text, 1]) {
    const workflow = {
      id: text,
      head_sha: text,
      head_branch: 'main',
      run_number: number,
      event: 'push',
      conclusion: 'success',
      updated_at: text,
      workflow_id: 1,
    }
    const body = JSON.stringify({ total_count: 1, workflow_runs: [workflow], ...workflow, message: text })
    for (const status of [200, 403]) {
      const fault = {
        on: {},
        times: Infinity,
        do: { answer: { status, headers: { 'content-type': 'application/json' }, body } },
      }
      github.fault(fault)
      expectHarmless(await job(push({ 'a.png': `${number.toString().length}${status}` })), secrets)
      fault.times = -Infinity
    }
  }
})

test('inputs', async () => {
  const { run, imgix } = await scenario({ imgix: imgixOptions })
  const token = 'ghs_QwErTyUiOpAsDfGhJkLz'
  const names = [
    ...Object.keys(DEFAULTS),
    'source-id',
    'prefix',
    'base',
    'content-types',
    'domains',
    'urls',
    'sub-images',
    'metadata',
  ]
  for (const text of [hostileText([]), hostileText([KEY, token]), KEY, `https://me:hush@${token}/`]) {
    const inputs = Object.fromEntries(names.map((name) => [name, text]))
    const { errors, ...rest } = await run({ ...inputs, 'github-token': token })
    expect(errors.length).toBeGreaterThanOrEqual(names.length)
    expectHarmless(rest as ActionRun, [KEY, token])
    expect(rest.stdout.replace(/^::add-mask::.*$/gm, '')).not.toContain('hush')
  }
  expect(imgix.requests).toEqual([])
})

/** What git can hold as a name. */
const nameOf = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll('\0', '')
    .replace(/[/\\]+/g, '-')
    .slice(0, 60)

test('names of files: outputs have them as they are, but for secrets', async () => {
  const { push, imgix } = await scenario({ imgix: imgixOptions })
  const odd = [
    'X-Amz-Signature=0123456789abcdef.png',
    'sig=abc&se=1&sp=r.png',
    'Signature: 0123456789abcdef.png',
    'me:pw@host.png',
  ]
  const names = [...new Set([...hostileTexts([]).map((text) => `${nameOf(text)}.png`), ...odd])]
  const secret = secretTexts([KEY]).map((text, index) => `${index} ${text.replaceAll('/', '')}`.slice(0, 200))
  const files = Object.fromEntries([...names, ...secret.map((name) => `${name}.png`)].map((name) => [name, name]))
  const run = await push(files, { guards: 'off' })
  expect([run.code, run.errors]).toEqual([0, []])
  expect([...imgix.objects.keys()].sort()).toEqual(Object.keys(files).sort())
  const uploaded = JSON.parse(String(run.outputs.uploaded)) as string[]
  expect(names.filter((name) => !uploaded.includes(name))).toEqual([])
  expectHarmless(run, [KEY])
})

test('what a remote says through git, and the user in its URL', async () => {
  const { run, site, imgix } = await scenario({ imgix: imgixOptions, files: { 'a.png': 'a' } })
  const token = 'ghs_QwErTyUiOpAsDfGhJkLz'
  let text = ''
  const packet = (line: string): string => `${(Buffer.byteLength(line) + 4).toString(16).padStart(4, '0')}${line}`
  const server = await listen((_seen, response) => {
    const type = 'application/x-git-upload-pack-advertisement'
    response.writeHead(200, { 'content-type': type })
    response.end(`${packet('# service=git-upload-pack\n')}0000${packet(`ERR ${text}\n`)}`)
  })
  site.git('remote', 'add', 'origin', `${server.url.replace('//', '//me:hush-hush@')}/imgix-sync/site`)
  const said = [hostileText([]), ...secretTexts([KEY, token])]
  for (let start = 0; start < said.length; start += 40) {
    text = said.slice(start, start + 40).join(' ')
    const { stdout, ...rest } = await run({ base: '1'.repeat(40), 'github-token': token, 'dry-run': 'true' })
    expect(stdout).toContain('remote error: ')
    expectHarmless({ stdout, ...rest }, [KEY, token, 'hush-hush'])
  }
  expect(imgix.objects.size).toBe(0)
})

test('what a proxy answers', async () => {
  const { push, imgix } = await scenario({ imgix: imgixOptions })
  const password = 'the-pr0xy-password'
  for (const text of [hostileText([]), ...secretTexts([KEY, password]).slice(0, 3)]) {
    const words = text.replace(/[\r\n]/g, ' ')
    const answer = `HTTP/1.1 403 ${words}\r\nproxy-status: ${words}\r\n\r\n${text}`
    const server = await listenTcp((socket) => socket.end(answer))
    const proxy = server.url.replace('//', `//me:${password}@`)
    const run = await push({ 'a.png': text.toWellFormed() }, { 'max-attempts': '1' }, { env: { HTTP_PROXY: proxy } })
    expect([run.code, run.errors.length]).toEqual([1, 1])
    expectHarmless(run, [KEY, password, `me:${password}`])
  }
  expect(imgix.requests).toEqual([])
})

test('reports: their keys, their URLs, and what is answered instead of them', async () => {
  const imgix = await emulate(imgixOptions)
  for (const [index, text] of shortTexts([KEY]).entries()) {
    const [day, url] = [
      daysAgo(2),
      `${imgix.apiUrl}/imgix-reports/${encodeURIComponent(text.slice(0, 500).toWellFormed())}`,
    ]
    const files =
      index % 2 === 0
        ? [{ body: CSV }]
        : [
            { body: CSV, url },
            { body: CSV, url: text },
          ]
    imgix.reports.push(record(day, { id: `id-${index}`, key: text, files }))
  }
  const period = `${daysAgo(2)}..${daysAgo(2)}`
  expectHarmless(await runReports(imgix, { period, 'max-attempts': '1' }), [KEY])
  for (const text of shortTexts([KEY]).slice(0, 4)) {
    const doings = [{ everyText: text, except: ['report_type'] }, { answer: { status: 400, body: errorsOf(text) } }]
    for (const deed of doings) {
      const fault = { on: {}, times: Infinity, do: deed }
      imgix.fault(fault)
      expectHarmless(await runReports(imgix, { period, 'max-attempts': '1', 'on-incomplete': 'skip' }), [KEY])
      fault.times = -Infinity
    }
  }
})

test('a Source: what its file says, and what is answered', async () => {
  const { run, imgix } = await sourceScenario(s3File(`annotation: see ${KEY}`), { ...imgixOptions })
  for (const text of shortTexts([KEY])) {
    for (const deed of [{ everyText: text, except: ['type'] }, { answer: { status: 400, body: errorsOf(text) } }]) {
      const fault = { on: {}, times: Infinity, do: deed }
      imgix.fault(fault)
      const inputs = { 'source-id': 'SRC', 'max-attempts': '1', 'deploy-timeout': '1' }
      expectHarmless(await run({ inputs }), [KEY])
      fault.times = -Infinity
    }
  }
})

test('a file that an input names, and what is wrong in it', async () => {
  for (const text of [hostileText([]), ...secretTexts([KEY]).slice(0, 12)]) {
    const file = `${JSON.stringify(text.toWellFormed())}: 1\nname: [${JSON.stringify(text.toWellFormed())}]\n  - ${text}`
    const { run } = await sourceScenario(file, { ...imgixOptions })
    const bad = await run()
    expect(bad.errors.length).toBeGreaterThan(0)
    expectHarmless(bad, [KEY])
    const { push } = await scenario({ imgix: imgixOptions })
    const other = await push({ 'm.yml': file }, { metadata: 'm.yml' })
    expect(other.errors.length).toBeGreaterThan(0)
    expectHarmless(other, [KEY])
  }
})
