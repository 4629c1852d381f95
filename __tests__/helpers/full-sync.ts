import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { scenario } from './scenario.ts'

export const ALL = { mode: 'all', root: 'dist' }
export const FILES = { 'dist/a.png': 'one', 'dist/img/b c.png': 'second', 'dist/notes.txt': 'n', 'other.png': 'o' }

/** What is recorded of an asset with these bytes. */
export function recordOf(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

/** A site whose folder was synced once; that purged nothing, for imgix calls a second purge within 10 s a duplicate. */
export async function synced(options: Parameters<typeof scenario>[0] = {}) {
  const site = await scenario({ files: FILES, ...options, inputs: { ...ALL, ...options.inputs } })
  const first = await site.run({ purge: 'false' })
  expect([first.code, first.errors]).toEqual([0, []])
  const requests = site.imgix.transcript.length
  return { ...site, /** requests of the runs after the first */ since: () => site.asked().slice(requests) }
}

export type Synced = Awaited<ReturnType<typeof synced>>
