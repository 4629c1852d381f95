import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FileError, openBody } from '../../src/imgix/http/body.ts'
import { InputError } from '../../src/inputs/reader.ts'
import { readTextFile } from '../../src/inputs/text-file.ts'
import { guard } from '../../src/plan/guards/guards.ts'
import { compareWithList } from '../../src/plan/listing.ts'
import { probeFiles } from '../../src/select/work-tree.ts'
import { emulate } from '../helpers/emulator.ts'
import { filePlan, identityOf, planWith, uploadStep } from '../helpers/plan.ts'
import { apiOf, carryOut, errorOf, uploadPlan } from '../helpers/sync.ts'
import { createTree } from '../helpers/tree.ts'
import { record } from '../helpers/updates.ts'

const ANOTHER = 'another file has taken its place since this run found it'
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d7a2146'.repeat(8)}\nsize 12345\n`
const never = new AbortController().signal

/** A workspace with `img/a.png`, and a folder outside of it with a secret of that name and size. */
function places() {
  const outside = createTree({ 'a.png': 'secret' })
  const workspace = createTree({ 'img/a.png': 'inside' })
  return { outside, workspace, file: join(workspace, 'img/a.png'), secret: join(outside, 'a.png') }
}
type Places = ReturnType<typeof places>

function swapFolder({ workspace, outside }: Places): void {
  renameSync(join(workspace, 'img'), join(workspace, 'img-before'))
  symlinkSync(outside, join(workspace, 'img'))
}

function replace(file: string, place: (file: string) => void): void {
  rmSync(file)
  place(file)
}

const REPLACED: [what: string, happens: (places: Places) => void][] = [
  ['its folder becomes a link to outside', swapFolder],
  [
    'its folder becomes another one, with a file of that name',
    ({ workspace }) => {
      renameSync(join(workspace, 'img'), join(workspace, 'img-before'))
      mkdirSync(join(workspace, 'img'))
      writeFileSync(join(workspace, 'img/a.png'), 'secret')
    },
  ],
  ['it becomes a hard link to a file outside', ({ file, secret }) => replace(file, () => linkSync(secret, file))],
  ['a file from outside is moved there', ({ file, secret }) => renameSync(secret, file)],
  [
    'an editor writes it anew, and renames it',
    ({ file }) => {
      writeFileSync(`${file}.new`, 'secret')
      renameSync(`${file}.new`, file)
    },
  ],
]

/** As a run finds the file, before something happens. */
async function found(happens: (places: Places) => void) {
  const all = places()
  const { workspace } = all
  const files = await probeFiles(['img/a.png'], { workspace, topLevel: workspace })
  const look = files.get('img/a.png')
  if (look === undefined || 'problem' in look) return expect.fail('it was not found')
  happens(all)
  return { ...all, look, step: uploadStep('img/a.png', look) }
}

describe.each(REPLACED)('%s:', (_, happens) => {
  test('nothing of it is read', async () => {
    const { look } = await found(happens)
    const error = await openBody({ file: look.absolutePath, identity: look.identity }).catch((cause) => cause)
    expect(error).toBeInstanceOf(FileError)
    expect([error.message, error.retryable]).toEqual([ANOTHER, false])
  })

  test('nothing of it is sent, by either route, and the other files are', async () => {
    for (const lane of ['direct', 'session'] as const) {
      const imgix = await emulate()
      const { step } = await found(happens)
      const plan = uploadPlan({ b: 'other' }, [lane])
      const files = [filePlan({ ...step, route: lane, routes: [lane] }), ...plan.files]
      const { uploads } = await carryOut({ ...plan, files }, apiOf(imgix, { maxAttempts: 3 }))
      expect(errorOf(uploads['img/a.png'])?.message).toBe(ANOTHER)
      expect([...imgix.objects.keys()]).toEqual(['b'])
    }
  })

  test('no guard looks at it, and it is not found unchanged', async () => {
    const { step, file } = await found((all) => {
      happens(all)
      writeFileSync(all.file, '<html>')
    })
    const problems = await guard([step], { twins: [], source: undefined, signal: never })
    expect(Object.fromEntries(problems)).toEqual({})
    const imgix = await emulate()
    imgix.put('img/a.png', '<html>')
    Object.assign(imgix.assets.get('img/a.png')?.updatable ?? {}, { custom_fields: { 'imgix-sync': record('<html>') } })
    const settings = { isOurs: () => true, withAttributes: false, signal: never, onListed: () => {} }
    const { comparisons } = await compareWithList(apiOf(imgix), [step], settings)
    expect(comparisons.get('img/a.png')).toMatchObject({ isUnchanged: false, reason: 'the Source holds other bytes' })
    expect(readFileSync(file, 'utf8')).toBe('<html>')
  })
})

test('a folder that was a link while the file was looked at, and is one again, is found out by where the file is', async () => {
  const all = places()
  swapFolder(all)
  const { file, secret } = all
  const error = await openBody({ file, identity: identityOf(secret) }).catch((cause) => cause)
  expect(error).toBeInstanceOf(FileError)
  expect(error.message).toBe(ANOTHER)
})

test.each([
  ['it grows', (file: string) => writeFileSync(file, 'inside, and more'), 'done', undefined],
  ['it becomes empty', (file: string) => truncateSync(file), 'failed', 'an empty file: put the real file in its place'],
  [
    'it becomes a pointer of Git LFS',
    (file: string) => writeFileSync(file, POINTER),
    'failed',
    'a Git LFS pointer, not the file itself: set lfs: true on actions/checkout, or run git lfs pull',
  ],
  [
    'it becomes a page, of the same size',
    (file: string) => writeFileSync(file, '<html>'),
    'failed',
    'its bytes are an HTML page, but it is called .png: put the real file in its place',
  ],
])('%s where it is: the guards look again before it is sent', async (_, happens, result, message) => {
  const { step, file } = await found(({ file }) => happens(file))
  for (const isGuarded of [true, false]) {
    const imgix = await emulate()
    const plan = planWith({ files: [filePlan({ ...step, isGuarded })] })
    const { uploads } = await carryOut(plan, apiOf(imgix, { maxAttempts: 3 }))
    const outcome = uploads['img/a.png']
    expect([outcome?.result, errorOf(outcome)?.message]).toEqual(isGuarded ? [result, message] : ['done', undefined])
    const stored = imgix.objects.get('img/a.png')?.body
    expect(stored).toEqual(outcome?.result === 'done' ? readFileSync(file) : undefined)
  }
})

describe('a file that an input names', () => {
  test.each([
    ['is a link to outside', 'meta.yml', (all: Places) => symlinkSync(all.secret, join(all.workspace, 'meta.yml'))],
    ['is in a folder that is one', 'img/a.png', swapFolder],
    [
      'is one into .git',
      'meta.yml',
      ({ workspace }: Places) => symlinkSync('.git/config', join(workspace, 'meta.yml')),
    ],
    ['is a folder', 'meta.yml', ({ workspace }: Places) => mkdirSync(join(workspace, 'meta.yml'))],
  ])('%s by the time that it is read', async (_, path, happens) => {
    const all = places()
    mkdirSync(join(all.workspace, '.git'))
    writeFileSync(join(all.workspace, '.git/config'), 'secret')
    happens(all)
    const error = await readTextFile(all.workspace, path).catch((cause) => cause)
    expect(error).toBeInstanceOf(InputError)
    expect(error.message).toBe(
      `${path}: it is not a file inside the workspace any more: let no other step change it meanwhile`,
    )
  })

  test('is gone', async () => {
    const error = await readTextFile(places().workspace, 'meta.yml').catch((cause) => cause)
    expect(error).toBeInstanceOf(InputError)
    expect(error.message).toBe(
      "meta.yml: the file can't be read (ENOENT): check the path, and that the runner may read it",
    )
  })

  test('is a link to one inside', async () => {
    const { workspace } = places()
    symlinkSync('img/a.png', join(workspace, 'meta.yml'))
    expect(await readTextFile(workspace, 'meta.yml')).toBe('inside')
  })
})
