import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writePart } from '../../src/download-reports/part-file.ts'
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
