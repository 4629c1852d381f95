import { ImgixError } from '../imgix/errors.ts'
import { explain } from '../report/explain.ts'
import { annotate, listProblems } from '../runner/annotations.ts'
import * as core from '../runner/core.ts'
import { attempt, writeSummary } from '../runner/outputs.ts'
import type { Ending } from '../runner/run.ts'
import { heading, joinSections, paragraphs, table } from '../runner/summary.ts'
import { count, duration, html, printable, prose } from '../runner/text.ts'
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

export type Reporter = {
  valid(file: string, wanted: Configuration): void
  comparison(comparison: Comparison, sourceId: string | undefined): void
  created(sourceId: string): void
  rewritten(difference: Difference): void
  /** @param waitMs how long the run waits for another status; undefined if it does not */
  status(status: string, waitMs?: number): void
  wait(waitMs: number, reason: Error): void
  /** Reports the result of the run, after every ending. */
  ending(state: RunState, ending: Ending): Promise<void>
}

const OUTPUT_MAX_LENGTH = 200
const LIMITED = 'imgix accepts no more requests for now'
const HOURLY = 'imgix accepts 60 creates and 60 updates of Sources an hour, and no more for now'

export function createReporter(): Reporter {
  return {
    valid: (file, wanted) => core.info(`${file} is valid: ${describeWanted(wanted)}`),
    comparison(comparison, sourceId) {
      const whom = sourceId === undefined ? 'no Source has its subdomains' : `Source ${sourceId}`
      core.group(`Compared with imgix: ${whom}, ${comparisonSentence(comparison)}`, comparisonLines(comparison))
    },
    created: (sourceId) => core.info(`created Source ${sourceId}`),
    rewritten: ({ attribute, words }) =>
      core.warning(
        `${attribute}: imgix stores another value than the file has (${words}): write imgix's value into the file, or every run sends the attribute again`,
      ),
    status: (status, waitMs) =>
      core.info(
        `deployment_status: ${status}${waitMs === undefined ? '' : `, waits up to ${duration(waitMs / 1000)}`}`,
      ),
    wait: (waitMs, reason) =>
      core.info(`waits ${duration(waitMs / 1000)} before it tries again: ${explainWait(reason)}`),
    async ending(state, { error, cancelled }) {
      const failures = listProblems(error, 'imgix Source', explainFailure)
      annotate('error', failures)
      const ended = cancelled ? 'cancelled' : error === undefined ? undefined : 'failed'
      const sentence = resultSentence(state, ended)
      await attempt('the outputs', () => setOutputs(state))
      await writeSummary(
        joinSections([
          heading(ended === undefined ? '✅' : '❌', `imgix Source: ${sentence}`),
          paragraphs(failures.map((failure) => failure.line)),
          comparisonTable(state),
        ]),
      )
      core.info(sentence)
      if (cancelled) core.error(sentence)
      if (ended !== undefined) process.exitCode = core.ExitCode.Failure
    },
  }
}

function describeWanted({ name, enabled, deployment, uploadCredentials }: Configuration): string {
  const subdomains = deployment?.imgix_subdomains as string[] | undefined
  const parts = [
    ...(name === undefined ? [] : [`name '${name}'`]),
    ...(enabled === undefined ? [] : [enabled ? 'enabled' : 'not enabled']),
    ...(deployment === undefined ? [] : [`a deployment of type ${deployment.type}`]),
    ...(subdomains === undefined ? [] : [subdomains.map((subdomain) => `${subdomain}.imgix.net`).join(', ')]),
    ...(uploadCredentials === undefined ? [] : ['upload credentials']),
  ]
  return parts.join(', ')
}

function comparisonSentence({ differences, notComparable }: Comparison): string {
  const hidden = notComparable.length === 0 ? '' : `, ${notComparable.length} not comparable`
  return `${differences.length === 0 ? 'nothing differs' : `${count(differences.length, 'attribute')} to set`}${hidden}`
}

function comparisonLines({ differences, notComparable }: Comparison): string[] {
  return [
    ...differences.map(({ attribute, words }) => `${attribute}: ${words}`),
    ...notComparable.map((attribute) => `${attribute}: ${NOT_COMPARABLE}`),
  ]
}

function explainWait(error: Error): string {
  if (!(error instanceof ImgixError) || error.status !== 429) return error.message
  return `${error.method === 'GET' ? LIMITED : HOURLY} (${error.message})`
}

function explainFailure(error: unknown): string {
  if (!(error instanceof ImgixError)) return explain(error)
  const { status, method, path, message } = error
  if (status === 429) return `${method === 'GET' ? LIMITED : HOURLY}; run again later (${message})`
  if (status === 404 && path !== '/api/v1/sources') {
    return `source-id: imgix has no such Source that this key can see; take the id from the end of the Source's dashboard URL, or leave it out to find it by its subdomains (${message})`
  }
  if (method !== 'GET' && [400, 409, 422].includes(status ?? 0)) return explainRefusal(error)
  return explain(error)
}

/** What imgix says of the configuration. The hint is for a document that says nothing, or speaks of subdomains. */
function explainRefusal({ method, status, details, message }: ImgixError): string {
  const isSaid = status !== 409 && details.length > 0
  const isOfSubdomains = details.some(({ title, detail }) => /subdomain/i.test(`${title} ${detail}`))
  const hint = isSaid && !isOfSubdomains ? '' : '; its subdomains may belong to another account'
  if (method === 'PATCH') return `imgix does not accept the change${isOfSubdomains ? hint : ''} (${message})`
  const again = hint === '' ? '' : '; if another run has just created it, run again'
  return `imgix does not create the Source${hint}${again} (${message})`
}

/** @param ended how the run ended early; undefined if it did not */
function resultSentence(
  { result, dryRun, sourceId, comparison, status, changed }: RunState,
  ended: 'cancelled' | 'failed' | undefined,
): string {
  const early = ended === undefined ? '' : `${ended}: `
  const { length } = comparison?.differences ?? []
  const attributes = length === 0 ? 'attributes that imgix does not return' : count(length, 'attribute')
  const state = status === '' || dryRun ? '' : `, ${status}`
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

function comparisonTable({ comparison }: RunState): string {
  const { differences = [], notComparable = [] } = comparison ?? {}
  const rows = [...differences, ...notComparable.map((attribute) => ({ attribute, words: NOT_COMPARABLE }))]
  const row = ({ attribute, words }: Difference) => [`<code>${html(attribute)}</code>`, prose(words)]
  return table(rows, { head: ['Attribute', 'Difference'], row, source: 'log' })
}
