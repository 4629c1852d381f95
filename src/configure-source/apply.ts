import { ImgixError } from '../imgix/errors.ts'
import { getSource, type SourceChange, type SourceResource } from '../imgix/sources.ts'
import { explain } from '../report/explain.ts'
import * as core from '../runner/core.ts'
import { compare } from './compare.ts'
import { type Configuration, explainDomains, explainTypes } from './configuration.ts'
import { waitUntilDeployed } from './deployed.ts'
import { logComparison } from './report.ts'
import { create, lookUp, note, type Run, SourceError, update } from './requests.ts'

/** Applies the file: finds or creates the Source, sends the differences, waits until the Source is deployed.
 *  @throws ImgixError, SourceError */
export async function applyConfiguration(wanted: Configuration, run: Run): Promise<void> {
  const { state, inputs } = run
  const current = await lookUp(wanted, run)
  const comparison = compare(wanted, current?.attributes ?? {}, inputs.force)
  const { change } = comparison
  state.comparison = comparison
  if (current !== undefined) checkTogether(wanted, change, current)
  logComparison(comparison, current?.id)
  const needsChange = Object.keys(change).length > 0
  const result = current === undefined ? 'created' : needsChange ? 'updated' : 'same'
  if (inputs.dryRun) {
    Object.assign(state, { changed: needsChange, result })
    return
  }
  let now = current
  if (now === undefined) now = await create(wanted, change, run)
  else if (needsChange) now = await update(now.id, change, run)
  state.result = result
  warnOfRewritten(wanted, now)
  if (current === undefined && change.upload_credentials) now = await sendCredentials(now.id, change, run)
  const isDeployed = change.deployment !== undefined || change.enabled !== undefined
  if (inputs.deployTimeoutMs > 0) await deploy(now, { wanted, before: isDeployed ? current : undefined }, run)
}

/** Checks the file with what only the Source has. */
function checkTogether(wanted: Configuration, change: SourceChange, { id, attributes }: SourceResource): void {
  const deployment = wanted.deployment ?? attributes.deployment ?? {}
  const otherType = explainTypes(wanted.upload_credentials, deployment, `Source ${id}`)
  if (otherType !== undefined) throw new SourceError(otherType)
  const tooMany = explainDomains(change.deployment ?? {})
  if (tooMany !== undefined) throw new SourceError(`${tooMany}; some are only at Source ${id}`)
}

async function sendCredentials(id: string, { upload_credentials = null }: SourceChange, run: Run) {
  try {
    return await update(id, { upload_credentials }, run)
  } catch (cause) {
    if (!(cause instanceof ImgixError)) throw cause
    throw new SourceError(
      `Source ${id} was created, but not its upload_credentials; run again with force after this: ${explain(cause)}`,
      { cause },
    )
  }
}

/** Warns of attributes that imgix stores in another form: every run would send them again. */
function warnOfRewritten({ upload_credentials: _hidden, ...wanted }: Configuration, { attributes }: SourceResource) {
  for (const { attribute, words } of compare(wanted, { ...wanted, ...attributes }, false).differences)
    core.warning(
      `${attribute}: imgix stores another value than the file has (${words}): write imgix's value into the file, or every run sends the attribute again`,
    )
}

type Deployment = { readonly wanted: Configuration; readonly before: SourceResource | undefined }

async function deploy({ id, attributes }: SourceResource, { wanted, before }: Deployment, run: Run): Promise<void> {
  const { client, inputs, state, signal } = run
  const fields = ['deployment_status', 'date_deployed'] as const
  await waitUntilDeployed(attributes, {
    read: async (until) => note(await getSource(client, id, { fields, signal: until }), state).attributes,
    before: before?.attributes,
    isEnabled: wanted.enabled ?? attributes.enabled !== false,
    timeoutMs: inputs.deployTimeoutMs,
    signal,
  })
}
