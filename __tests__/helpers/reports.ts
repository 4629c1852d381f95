import { expect } from 'vitest'
import { accountTag } from '../../emulator/documents.ts'
import { type RunOptions, runAction } from '../../emulator/runner.ts'
import type { Emulator } from '../../emulator/server.ts'
import type { Report as ReportRecord } from '../../emulator/state.ts'
import type { Report } from '../../src/download-reports/choose.ts'
import { commandsOf, ownCommands, temporaryFolder } from './scenario.ts'

export const CSV = Buffer.from('path,requests\n/a.png,7\n')

/** A day so long ago in UTC: 1 is yesterday. */
export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
}

/** A report as the emulator holds it, as imgix's examples have it: its period starts and ends with its day. */
export function record(day: string, more: Partial<ReportRecord> = {}): ReportRecord {
  const { type = 'cdn_logs' } = more
  const key = `${type}_${day.replaceAll('-', '')}`
  const midnight = Date.parse(day) / 1000
  const files = [{ body: CSV }]
  return { id: `id-${key}`, type, key, periodStart: midnight, periodEnd: midnight, completed: true, files, ...more }
}

/** A report as it was read from a list. */
export function report(day: string, more: Partial<Report> = {}): Report {
  const key = `cdn_logs_${day.replaceAll('-', '')}`
  return { id: `id-${key}`, key, day, since: day, completed: true, ...more }
}

/** Runs the action that fetches reports, and holds it to what no run may do: print a secret, leave out an output. */
export async function runReports(
  imgix: Emulator,
  inputs: Record<string, string> = {},
  options: Partial<RunOptions> = {},
) {
  const workspace = options.workspace ?? temporaryFolder()
  const given = { 'api-key': imgix.apiKey, 'api-url': imgix.apiUrl, type: 'cdn_logs', ...inputs }
  const run = await runAction({ action: 'reports', workspace, inputs: given, tempDir: temporaryFolder(), ...options })
  const shown = [run.stdout.replace(/^::add-mask::.*$/gm, ''), run.stderr, run.summary, JSON.stringify(run.outputs)]
  expect([imgix.apiKey, accountTag, 'Signature='].filter((secret) => shown.join('\n').includes(secret))).toEqual([])
  expect(run.stderr).toBe('')
  expect(Object.keys(run.outputs).sort()).toEqual(outputNames)
  expect(commandsOf(run.stdout).filter((name) => !ownCommands.has(name))).toEqual([])
  const errors = run.annotations.filter(({ level }) => level === 'error').map(({ message }) => message)
  const output = (name: string): unknown => JSON.parse(String(run.outputs[name]))
  return { ...run, workspace, errors, output }
}

const outputNames = ['count', 'failed', 'files', 'incomplete', 'missing', 'report-keys']
