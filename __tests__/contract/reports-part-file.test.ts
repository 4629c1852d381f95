import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writePart } from '../../src/download-reports/part-file.ts'
import { FileError } from '../../src/imgix/http/body.ts'
import { temporaryFolder } from '../helpers/scenario.ts'

const name = 'cdn_logs_20261121-01.csv'

test('what has come of a file is in the folder before the rest has, and has its name when all of it is there', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, name), 'of yesterday')
  const seen: string[][] = []
  const look = () => seen.push(readdirSync(folder).map((each) => readFileSync(join(folder, each), 'utf8')))
  async function* body() {
    yield Buffer.from('path,')
    look()
    yield Buffer.from('requests')
    look()
  }
  const written = await writePart({ folder, name }, async (receive) => {
    await receive(body())
    return { attempts: 1 }
  })
  look()
  expect(written).toEqual({ attempts: 1, bytes: 13 })
  expect(seen.map((contents) => contents.sort())).toEqual([
    ['of yesterday', 'path,'],
    ['of yesterday', 'path,requests'],
    ['path,requests'],
  ])
})

test('nothing is left of a longer body that came before', async () => {
  const folder = temporaryFolder()
  async function* body(text: string) {
    yield Buffer.from(text)
  }
  await writePart({ folder, name }, async (receive) => {
    await receive(body('path,requests'))
    await receive(body('path'))
    return {}
  })
  expect(readFileSync(join(folder, name), 'utf8')).toBe('path')
})

describe('a folder whose place something else takes', () => {
  const PLACES: [what: string, take: (folder: string, outside: string) => void][] = [
    ['a link to outside', (folder, outside) => symlinkSync(outside, folder)],
    ['another folder', (folder) => mkdirSync(folder)],
    ['nothing', () => {}],
    [
      'a link above it',
      (folder, outside) => {
        rmSync(join(folder, '..'), { recursive: true })
        symlinkSync(outside, join(folder, '..'))
      },
    ],
  ]

  test.each(PLACES)('%s: nothing is written there', async (what, take) => {
    const [root, outside] = [temporaryFolder(), temporaryFolder()]
    const folder = join(root, 'reports/logs')
    mkdirSync(folder, { recursive: true })
    mkdirSync(join(outside, 'logs'))
    const swap = (): void => {
      renameSync(folder, join(root, 'moved'))
      take(folder, outside)
    }
    async function* body() {
      yield Buffer.from('path,')
      swap()
      yield Buffer.from('requests')
    }
    const write = () =>
      writePart({ folder, name }, async (receive) => {
        await receive(body())
        return {}
      })
    for (const time of ['while it is written', 'before']) {
      const error: unknown = await write().catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(FileError)
      const isGone = time === 'before' && what === 'nothing'
      const message = isGone ? "the file can't be written (ENOENT)" : 'something else has taken the place of the folder'
      expect(error).toMatchObject({ message, retryable: false })
    }
    expect([readdirSync(join(root, 'moved')), readdirSync(outside), readdirSync(join(outside, 'logs'))]).toEqual([
      [],
      ['logs'],
      [],
    ])
  })
})
