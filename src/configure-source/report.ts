import { debugError, explain } from '../report/explain.ts'
import { annotate, listProblems } from '../runner/annotations.ts'
import * as core from '../runner/core.ts'
import { attempt, writeSummary } from '../runner/outputs.ts'
import type { Ending } from '../runner/run.ts'
import { breakable, heading, joinSections, paragraphs, table } from '../runner/summary.ts'
import { count, html, printable, prose } from '../runner/text.ts'
import { type Comparison, type Difference, NOT_COMPARABLE } from './compare.ts'
import type { Configuration } from './configuration.ts'

/** The state of the run, for the ending. */
export type RunState = {
  dryRun: boolean
  /** '' while unknown */
  sourceId: string
  /** in a dry run: whether the Source would be changed; undefined if unknown */
  changed: boolean | undefined
  /** `deployment_status` in the last answer; '' if there was none */
  status: string
  result: 'none' | 'valid' | 'same' | 'created' | 'updated'
  comparison?: Comparison
}

const OUTPUT_MAX_LENGTH = 200

export function logValid(file: string, wanted: Configuration): void {
  const { name, enabled, deployment, upload_credentials: credentials } = wanted
  const parts = [
    name && `name '${name}'`,
    enabled !== undefined && (enabled ? 'enabled' : 'not enabled'),
    deployment && `a deployment of type ${deployment.type}`,
    deployment?.imgix_subdomains.map((subdomain) => `${subdomain}.imgix.net`).join(', '),
    credentials && 'upload credentials',
  ]
  core.info(`${file} is valid: ${parts.filter(Boolean).join(', ')}`)
}

export function logComparison(comparison: Comparison, sourceId: string | undefined): void {
  const { differences, notComparable } = comparison
  const whom = sourceId === undefined ? 'no Source has its subdomains' : `Source ${sourceId}`
  const what = differences.length === 0 ? 'nothing differs' : `${count(differences.length, 'attribute')} to set`
  const hidden = notComparable.length === 0 ? '' : `, ${notComparable.length} not comparable`
  const lines = rowsOf(comparison).map(({ attribute, words }) => `${attribute}: ${words}`)
  core.group(`Compared with imgix: ${whom}, ${what}${hidden}`, lines)
}

function rowsOf({ differences = [], notComparable = [] }: Partial<Comparison> = {}): Difference[] {
  return [...differences, ...notComparable.map((attribute) => ({ attribute, words: NOT_COMPARABLE }))]
}

/** Reports the result of the run, after every ending. */
export async function reportEnding(state: RunState, { error, cancelled }: Ending): Promise<void> {
  debugError(error)
  const failures = listProblems(error, 'imgix Source', explain)
  annotate('error', failures)
  const ended = cancelled ? 'cancelled' : error === undefined ? undefined : 'failed'
  const sentence = resultSentence(state, ended)
  await attempt('the outputs', () => setOutputs(state))
  const title = heading(ended === undefined ? '✅' : '❌', `imgix Source: ${sentence}`)
  const row = ({ attribute, words }: Difference) => [`<code>${breakable(html(attribute))}</code>`, prose(words)]
  const rows = table(rowsOf(state.comparison), { head: ['Attribute', 'Difference'], row, source: 'log' })
  await writeSummary(joinSections([title, paragraphs(failures.map(({ line }) => line)), rows]))
  core.info(sentence)
  if (cancelled) core.error(sentence)
  if (ended !== undefined) process.exitCode = core.ExitCode.Failure
}

/** @param ended how the run ended early; undefined if it did not */
function resultSentence(
  { result, dryRun, sourceId, comparison, status, changed }: RunState,
  ended: 'cancelled' | 'failed' | undefined,
): string {
  const early = ended === undefined ? '' : `${ended}: `
  const { length } = comparison?.differences ?? []
  const attributes = length === 0 ? 'attributes that imgix does not return' : count(length, 'attribute')
  const state = status === '' || dryRun ? '' : status === 'deployed' ? ', deployed' : `, its deployment is '${status}'`
  if (result === 'valid') return 'the file is valid; without api-key it is not compared with imgix'
  if (result === 'created') return dryRun ? 'would create the Source' : `${early}created Source ${sourceId}${state}`
  if (result === 'updated')
    return `${early}${dryRun ? 'would update' : 'updated'} Source ${sourceId}: ${attributes}${state}`
  if (result === 'same' && ended === undefined) return `Source ${sourceId} is the same as in the file${state}`
  return `${early}${changed === undefined ? 'it is unknown whether the Source was changed; run again' : 'nothing was changed'}`
}

function setOutputs({ sourceId, changed, status }: RunState): void {
  // imgix may say anything
  const word = (text: string): string => printable(core.redact(text)).slice(0, OUTPUT_MAX_LENGTH)
  core.setOutput('source-id', word(sourceId))
  core.setOutput('changed', changed === undefined ? '' : String(changed))
  core.setOutput('deployment-status', word(status))
}
