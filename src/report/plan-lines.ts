import type { Plan, PurgeStep, UploadStep } from '../events.ts'
import { count, cut, duration, printable, size } from '../runner/text.ts'
import { CHANGE_WORDS } from './json-report.ts'
import { nameOf } from './step-lines.ts'

/** A list in the log ends here; the report has all of it. */
const LIST_LENGTH = 200
/** More bytes than this take long on any connection, and the forecast can't tell how long. */
const TRANSFER_BYTES = 100_000_000

/** @param type '' where the Source was not read */
export function sourceLine({ id, type }: { id: string; type: string }, domains: readonly string[]): string {
  const source = type === '' ? 'Source not read' : `Source ${id} (${type})`
  return printable(`${source}, domains: ${domains.join(', ') || 'none'}`)
}

/** @param verifySeconds for the verification afterwards, at most */
export function planSentence(plan: Plan, seconds: number, verifySeconds = 0): string {
  const uploads = plan.files.map(({ upload }) => upload)
  const bytes = uploads.reduce((sum, step) => sum + step.bytes, 0)
  const sessions = uploads.filter((step) => step.route === 'session').length
  const either = uploads.filter((step) => step.route === 'any').length
  const byRoute = [
    sessions > 0 ? `, ${sessions} by upload session` : '',
    either > 0 ? `, ${either} by direct upload or session` : '',
  ].join('')
  const transfer = bytes > TRANSFER_BYTES ? ` and the time that ${size(bytes)} take` : ''
  const whole = Math.ceil(seconds + 1) // the last request wants its answer, too
  const purges = plan.files.reduce((sum, file) => sum + file.purges.length, plan.purges.length)
  const verify = verifySeconds > 0 && purges > 0 ? `, then ${verifySeconds} s at most to verify` : '' // only purges are looked at
  const about = `, about ${whole < 120 ? `${whole} s` : duration(whole)} by the rate limits${transfer}${verify}`
  const calls = [...plan.files.flatMap((file) => file.calls), ...plan.calls]
  const forecast = uploads.length + plan.updates.length + purges + calls.length === 0 ? '' : about
  const updates = plan.updates.length === 0 ? '' : `, ${count(plan.updates.length, 'update')} of attributes`
  const assets = calls.length === 0 ? '' : `, ${count(calls.length, 'file')} to ${calls[0]?.call} in the Asset Manager`
  return `${count(uploads.length, 'upload')} (${size(bytes)}${byRoute})${updates}${assets}, ${count(purges, 'purge')}${forecast}`
}

/** The plan in full, each upload with its URLs under it. What fails before it begins has annotations. */
export function planLines({ files, purges: alone, calls, updates, skipped }: Plan): string[] {
  const purgeOf = (step: PurgeStep): string => `    purge ${nameOf(step)}`
  const purges = Map.groupBy(alone, ({ path }) => path)
  const lines = [
    ...files.flatMap(({ upload, purges }) => [uploadLine(upload), ...purges.map(purgeOf)]),
    ...[...files.flatMap((file) => file.calls), ...calls].map(({ path, call }) =>
      call === 'refresh' ? `refresh ${path}` : `queue ${path} for the Asset Manager`,
    ),
    ...updates.map(({ path }) => `update the metadata of ${path}`),
    ...skipped
      .filter(({ result }) => result !== 'failed')
      .flatMap(({ path, result, reason }) => [
        `${result} ${path}: ${reason}`,
        ...(purges.get(path) ?? []).map(purgeOf),
      ]),
    ...(purges.get(undefined) ?? []).map(purgeOf),
  ]
  return cut(lines, LIST_LENGTH, printable, 'more lines: the report has all of it')
}

function uploadLine({ path, originPath, change, bytes, route, contentType }: UploadStep): string {
  const facts = [size(bytes), CHANGE_WORDS[change], route === 'any' ? 'direct or session' : route, contentType]
  return `upload ${path} to /${originPath} (${facts.filter((fact) => fact !== '').join(', ')})`
}
