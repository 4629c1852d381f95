import { closeSync, ftruncateSync, mkdtempSync, openSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRepository, type Repository } from '../emulator/repository.ts'
import type { ActionRun } from '../emulator/runner.ts'
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/server.ts'

export type Figure = { what: string; value: string; aim: string; detail: string }

/** A folder for files of this benchmark. It is deleted at the end. */
export const folder = realpathSync(mkdtempSync(join(tmpdir(), 'imgix-sync-bench-')))

export async function withSite<T>(
  options: EmulatorOptions,
  use: (site: Repository, imgix: Emulator) => Promise<T>,
): Promise<T> {
  const site = createRepository()
  const imgix = await startEmulator(options)
  try {
    return await use(site, imgix)
  } finally {
    site.remove()
    await imgix.stop()
  }
}

export function inputsFor(imgix: Emulator): Record<string, string> {
  return { 'api-key': imgix.apiKey, 'source-id': imgix.sourceId, 'api-url': imgix.apiUrl, root: 'public' }
}

export function succeed(run: ActionRun): void {
  if (run.code !== 0) throw new Error(`the run failed:\n${run.log}${run.stderr}`)
}

export function sparseFile(path: string, bytes: number): void {
  const file = openSync(path, 'w')
  ftruncateSync(file, bytes)
  closeSync(file)
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

export function ratio(a: number, b: number): string {
  return (a / b).toFixed(2)
}

export function megabytes(kilobytes = 0): string {
  return `${Math.round(kilobytes / 1024)} MB`
}

export function ms(time: number): string {
  return `${Math.round(time * 1000)} ms`
}
