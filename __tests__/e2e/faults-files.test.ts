import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { DiskFault } from '../helpers/faulty-disk.ts'
import {
  began,
  cancelled,
  closed,
  opened,
  purged,
  put,
  scenario,
  temporaryFolder,
  uploaded,
  url,
} from '../helpers/scenario.ts'

const before = Buffer.alloc(3_000_000, 'Before. ')
const after = Buffer.alloc(3_000_000, 'After it. ')
// more than a connection holds, so that the middle of it is still to be read when the server has its start
const LARGE = 24_000_000
const large = Buffer.alloc(LARGE, 'A large picture. ')
const failed = '1 of 1 file failed'
const remedy = 'run the job again, and let no other step write to the files meanwhile'
const stored = [`purged ${url('a.png')}`, 'uploaded a.png']
const left = ['failed a.png', `planned ${url('a.png')}`]

/** How a file is sent, and the lines of its tries. */
const lanes = [
  {
    on: { path: /\/upload\// },
    inputs: { 'session-threshold': '30MB' },
    lines: (...tries: Status[]) => tries.map((status) => uploaded('a.png', status)),
    ends: { stored: [purged], failed: [] as string[] },
  },
  {
    on: { method: 'PUT' },
    inputs: { 'session-threshold': '0B' },
    lines: (...tries: Status[]) => [opened('a.png'), ...tries.map((status) => put('a.png', status))],
    ends: { stored: [closed(), purged], failed: [cancelled()] },
  },
]
type Status = number | 'reset'
type When = { atBytes?: number; times?: number }

/** Pushes a file by each lane, to which something happens when so many of its bytes have come, at so many tries. */
async function pushWhile(happens: (file: string) => void, { atBytes = 0, times = 1 }: When) {
  const runs = lanes.map(async (lane) => {
    const scene = await scenario({ inputs: { ...lane.inputs, 'max-attempts': '2' } })
    const file = join(scene.site.dir, 'a.png')
    scene.imgix.fault({ on: lane.on, times, do: { meanwhile: () => happens(file), atBytes } })
    return { ...lane, ...scene, run: await scene.push({ 'a.png': atBytes > 0 ? large : before }) }
  })
  return Promise.all(runs)
}

function replace(file: string): void {
  writeFileSync(`${file}.new`, after)
  renameSync(`${file}.new`, file)
}

describe('while a file is sent,', () => {
  test.each([
    ['it shrinks', (file: string) => truncateSync(file, 2_999_999), 0],
    ['it grows', (file: string) => appendFileSync(file, '!'), 0],
    ['it is written anew', (file: string) => writeFileSync(file, after), 0],
    ['it is only touched', (file: string) => utimesSync(file, 1, 1), 0],
    ['it shrinks, in the middle', (file: string) => truncateSync(file, LARGE / 4), LARGE / 2],
    ['it grows, in the middle', (file: string) => appendFileSync(file, '!'), LARGE / 2],
    ['it is written anew, in the middle', (file: string) => writeFileSync(file, after), LARGE / 2],
  ])('%s: sent again, as it is then', async (_name, happens, atBytes) => {
    for (const { run, asked, intact, lines, ends } of await pushWhile(happens, { atBytes })) {
      expect([run.code, run.errors, run.results, intact()]).toEqual([0, [], stored, ['a.png']])
      expect(asked()).toEqual([...began, ...lines('reset', 200), ...ends.stored])
    }
  })

  test('it shrinks to nothing, which a guard refuses: nothing of it is stored', async () => {
    for (const { run, asked, intact, lines, ends } of await pushWhile((file) => truncateSync(file, 0), {})) {
      expect([run.code, run.results, intact()]).toEqual([1, left, []])
      expect(run.errors).toEqual([`a.png: an empty file: put the real file in its place; ${remedy}`, failed])
      await expect.poll(() => asked().sort()).toEqual([...began, ...lines('reset'), ...ends.failed].sort())
    }
  })

  test.each([
    ['it disappears', (file: string) => rmSync(file)],
    ['it is replaced', replace],
  ])('%s: it arrives whole, as it was', async (_name, happens) => {
    for (const { run, asked, imgix, lines, ends } of await pushWhile(happens, { atBytes: LARGE / 2 })) {
      expect([run.code, run.errors, run.results]).toEqual([0, [], stored])
      expect(imgix.objects.get('a.png')?.body?.equals(large)).toBe(true)
      expect(asked()).toEqual([...began, ...lines(200), ...ends.stored])
    }
  })

  test('it never stops growing: nothing of it is stored', async () => {
    const runs = await pushWhile((file) => appendFileSync(file, '!'), { times: 2 })
    for (const { run, asked, intact, lines, ends } of runs) {
      expect([run.code, run.results, intact()]).toEqual([1, left, []])
      expect(run.errors).toEqual([
        expect.stringMatching(/^a\.png: the file changed while it was sent; run the job again/),
        failed,
      ])
      // the server hears of the end of a body later than of the cancelled session, or than the run ends
      await expect.poll(() => asked().sort()).toEqual([...began, ...lines('reset', 'reset'), ...ends.failed].sort())
    }
  })
})

const ANOTHER = 'another file has taken its place since this run found it'

/** @returns a file called `a.png` that is not in the workspace */
function secretOutside(): string {
  const file = join(temporaryFolder(), 'a.png')
  writeFileSync(file, 'secret')
  return file
}

describe('before a file is sent, after it was found', () => {
  test.each([
    ['it disappears', () => {}, 'the file is no longer in the work tree'],
    ['a folder takes its place', mkdirSync, 'it is not a regular file'],
    ['a link takes its place', (file: string) => symlinkSync('/etc/passwd', file), "the file can't be read (ELOOP)"],
    [
      'a pipe takes its place',
      (file: string) => execFileSync('sh', ['-c', 'mkfifo "$0"', file]),
      'it is not a regular file',
    ],
    ['a hard link to a file outside takes its place', (file: string) => linkSync(secretOutside(), file), ANOTHER],
    ['another file takes its place', (file: string) => renameSync(secretOutside(), file), ANOTHER],
  ])('%s: it fails at once', async (_, happens, says) => {
    const { site, push, imgix, asked, stored: paths } = await scenario()
    const file = join(site.dir, 'a.png')
    const meanwhile = (): void => {
      rmSync(file)
      happens(file)
    }
    imgix.fault({ on: { method: 'GET' }, do: { meanwhile } })
    const run = await push({ 'a.png': 'a', 'b.png': 'b' })
    expect([run.code, run.errors, paths()]).toEqual([
      1,
      [`a.png: ${says}; ${remedy}`, '1 of 2 files failed'],
      ['b.png'],
    ])
    expect(asked()).toEqual([...began, uploaded('b.png'), purged])
  })

  test('its folder becomes a link to outside: it fails at once, and nothing from there is sent', async () => {
    const { site, push, imgix, stored: paths } = await scenario()
    const folder = join(site.dir, 'img')
    const meanwhile = (): void => {
      renameSync(folder, `${folder}-before`)
      symlinkSync(dirname(secretOutside()), folder)
    }
    imgix.fault({ on: { method: 'GET' }, do: { meanwhile } })
    const run = await push({ 'img/a.png': 'a', 'b.png': 'b' })
    expect([run.code, run.errors, paths()]).toEqual([
      1,
      [`img/a.png: ${ANOTHER}; ${remedy}`, '1 of 2 files failed'],
      ['b.png'],
    ])
  })

  test('it is changed where it is: it arrives as it is then', async () => {
    const { site, push, imgix, intact } = await scenario()
    const meanwhile = (): void => writeFileSync(join(site.dir, 'a.png'), 'other, and longer')
    imgix.fault({ on: { method: 'GET' }, do: { meanwhile } })
    expect([(await push({ 'a.png': 'a' })).code, intact()]).toEqual([0, ['a.png']])
  })
})

test('a disk that fails once, and one that goes on failing', async () => {
  const preload = fileURLToPath(new URL('../helpers/faulty-disk.ts', import.meta.url))
  const once = { times: 1, tries: [200], error: undefined }
  const twice = { times: 2, tries: [], error: "the file can't be read (EIO)" }
  const rows: (Omit<DiskFault, 'path'> & { tries: (number | string)[]; error: string | undefined })[] = [
    { call: 'open', code: 'EIO', ...once },
    { call: 'open', code: 'EMFILE', ...once },
    { call: 'open', code: 'ENFILE', ...once },
    { call: 'stat', code: 'EIO', ...once },
    { call: 'stat', code: 'EIO', after: 1, ...once, tries: ['reset', 200] },
    { call: 'read', code: 'EIO', ...once, tries: ['reset', 200] },
    { call: 'read', code: 'EIO', after: 2, ...once, tries: ['reset', 200] },
    { call: 'open', code: 'EIO', ...twice },
    { call: 'open', code: 'EMFILE', times: 2, tries: [200], error: undefined }, // not a try: there will be room for it
    { call: 'open', code: 'EACCES', times: 1, tries: [], error: "the file can't be read (EACCES)" },
    { call: 'stat', code: 'EIO', ...twice },
    { call: 'read', code: 'EIO', ...twice, tries: ['reset', 'reset'] },
  ]
  const named = rows.map((row, at) => ({ path: `${at}-${row.call}-${row.code}.png`, ...row }))
  const { push, asked, intact } = await scenario()
  const files = Object.fromEntries(named.map(({ path }) => [path, before]))
  const env = { FAULTY_DISK: JSON.stringify(named) }
  const inputs = { 'max-attempts': '2', guards: 'off' } // a guard would meet the fault first
  const run = await push(files, inputs, { nodeArgs: ['--import', preload], env })
  const linesOf = (path: string): string[] => asked().filter((line) => line.includes(`/${path}?`))
  expect(Object.fromEntries(named.map(({ path }) => [path, linesOf(path)]))).toEqual(
    Object.fromEntries(named.map(({ path, tries }) => [path, tries.map((status) => uploaded(path, status))])),
  )
  const bad = named.filter(({ error }) => error !== undefined)
  const said = run.errors.map((message) => message.replace(/; (run the job again|give the runner).*$/, ''))
  expect(said.sort()).toEqual(
    [...bad.map(({ path, error }) => `${path}: ${error}`), `${bad.length} of ${rows.length} files failed`].sort(),
  )
  const good = named.filter((row) => !bad.includes(row)).map(({ path }) => path)
  expect([run.code, intact(), run.outputs['purged-count']]).toEqual([1, good.sort(), String(good.length)])
})

test.each([
  ['few transfers at a time', 600, { concurrency: '8' }],
  ['more than can be had', 400, { concurrency: '64' }],
  ['more, by session', 300, { concurrency: '64', 'upload-via': 'session' }],
])('64 files and sockets that may be open: %s', async (_, count, inputs) => {
  const { push, intact, imgix } = await scenario()
  const files = Object.fromEntries(Array.from({ length: count }, (_, at) => [`f/${at}.png`, `${at}`]))
  const run = await push(files, inputs, { fileLimit: 64 })
  expect([run.code, run.errors, imgix.purges.length]).toEqual([0, [], count])
  expect(intact()).toEqual(Object.keys(files).sort())
})
