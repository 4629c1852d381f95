import { createHash } from 'node:crypto'
import type { Emulator } from '../../emulator/server.ts'
import type { UpdateStep, UploadStep } from '../../src/events.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import type { SyncSettings } from '../../src/sync/sync.ts'
import { apiOf, carryOut, uploadPlan, withUploads } from './sync.ts'

export const record = (content: string): string => `sha256:${createHash('sha256').update(content).digest('hex')}`
export const NAMED = { ...NO_ATTRIBUTES, name: 'A' }
export const FULL = { record: 'always' } as const

/** Carries out the uploads of files, and updates, and says which requests about assets that took. */
export async function play(
  imgix: Emulator,
  files: Record<string, string>,
  {
    step = {},
    updates = [],
    settings = {},
    routes = ['direct', 'session'],
    isPurged = false,
  }: {
    step?: Partial<UploadStep>
    updates?: UpdateStep[]
    settings?: Partial<SyncSettings>
    routes?: ('direct' | 'session')[]
    isPurged?: boolean
  } = {},
) {
  const { files: planned, ...rest } = withUploads(uploadPlan(files, routes), (one) => ({ ...one, ...step }))
  const plan = { ...rest, updates, files: planned.map((file) => ({ ...file, purges: isPurged ? file.purges : [] })) }
  const outcomes = await carryOut(plan, apiOf(imgix), settings)
  const results = outcomes.updates.map(({ step: { path }, result }) => `${result} ${path}`)
  return { ...outcomes, results, calls: callsOf(imgix) }
}

function callsOf(imgix: Emulator): string[] {
  return imgix.transcript.map((line) =>
    line
      .replace(/\/api\/v1\/sources\/\w+/, '')
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4,12}){4}/, 'ID')
      .replace(/\?overwrite=true/, ''),
  )
}

export const fieldsOf = (imgix: Emulator, path: string): unknown => imgix.assets.get(path)?.updatable.custom_fields
export function seed(imgix: Emulator, path: string, content: string, customFields: unknown): void {
  imgix.put(path, content)
  Object.assign(imgix.assets.get(path)?.updatable ?? {}, {
    custom_fields: customFields,
    categories: ['Old'],
    tags: { Dog: 0.5 },
  })
}
