import type { Emit } from './events.ts'
import { type Inputs, readInputs } from './inputs/inputs.ts'
import { loadMetadata, type MetadataFile } from './inputs/metadata.ts'
import { parseRoot } from './inputs/paths.ts'
import { InputError } from './inputs/reader.ts'
import type { Run } from './publish.ts'
import { changesSentence } from './report/changes-lines.ts'
import { reportEnding } from './report/ending.ts'
import { createLedger } from './report/ledger.ts'
import { repositoryUrl } from './report/links.ts'
import { createLog } from './report/log.ts'
import { createProgress } from './report/progress.ts'
import { createReportFile } from './report/report-file.ts'
import * as core from './runner/core.ts'
import { isUnmerged } from './runner/environment.ts'
import { type Ending, type Front, runAction } from './runner/run.ts'
import { explainMissing } from './select/check-root.ts'
import { NO_FILES, type Selection, selectFiles, whyNoFiles } from './select/select.ts'

/** Runs the action once. It never throws, and sets the exit code.
 *  @param front host and environment of a run outside GitHub's runner
 *  @param trackProgress what shows its progress */
export async function run(front?: Front, trackProgress = createProgress): Promise<Ending> {
  return runAction((runner) => {
    const { state, hear } = createLedger(performance.now())
    const file = createReportFile(state, runner.environment.tempDir)
    const listeners = [hear, trackProgress(core.info).hear, createLog(state).hear, file.hear]
    const emit: Emit = (event) => {
      for (const listener of listeners) listener(event)
    }
    return {
      carryOut: () => carryOut({ ...runner, state, emit, listeners }),
      async reportEnding({ cancelled, error }) {
        emit({ kind: 'finished', cancelled, error })
        await reportEnding(state, file.path)
      },
    }
  }, front)
}

/** The first stages, in order: inputs, metadata, select. publish.ts has the others. */
async function carryOut(run: Run): Promise<void> {
  const { environment, emit } = run
  const inputs = await readAllInputs(environment.workspace)
  const { mode, dryRun, verify, sourceId, domains, summary } = inputs
  const place = { summary, repositoryUrl: repositoryUrl(environment.github) }
  const verifySeconds = verify === 'off' || dryRun ? 0 : inputs.verifyTimeoutMs / 1000
  emit({ kind: 'started', mode, dryRun, verify, verifySeconds, sourceId, domains, ...place })
  const metadata = await loadMetadata(environment.workspace, inputs.metadata)
  const selection = await select(run, inputs, metadata)
  const { changes, touched } = selection
  if (changes.files.length + touched.length + inputs.urls.length === 0) return
  const isPublishing = touched.length > 0 || (inputs.upload && changes.files.some(({ change }) => change !== 'deleted'))
  if (isPublishing && isUnmerged(environment.event) && !dryRun) {
    const text = 'this run on a pull request publishes files that are not merged; set dry-run to true to only look'
    emit({ kind: 'note', level: 'notice', text })
  }
  // loaded late: most pushes change no asset, and need neither this half of the code nor Node's HTTP
  const { publish } = await import(/* webpackChunkName: "publish" */ './publish.ts')
  await publish(run, { inputs, metadata, selection })
}

/** With other wrong inputs, also tells of a root that can't be right: selecting the files would tell, but is never reached.
 *  @throws InputError */
async function readAllInputs(workspace: string): Promise<Inputs> {
  try {
    return readInputs(workspace)
  } catch (error) {
    const root = parseRoot(core.getInput('root') || '.', workspace)
    const isTold = !(error instanceof InputError) || error.problems.some((problem) => problem.startsWith('root:'))
    if (isTold || typeof root !== 'string') throw error
    const missing = await explainMissing({ workspace, root }, core.getInput('mode') === 'all')
    throw missing === undefined ? error : new InputError([...error.problems, `root: ${missing}`])
  }
}

async function select(run: Run, inputs: Inputs, metadata: MetadataFile): Promise<Selection> {
  const { environment, stop, emit } = run
  const reason = whyNoFiles(inputs)
  if (reason !== undefined) {
    emit({ kind: 'idle', reason })
    return NO_FILES
  }
  const log = (text: string): void => emit({ kind: 'note', level: 'info', text })
  const selection = await selectFiles(environment, inputs, { metadata, signal: stop.soft, log })
  const { changes, touched, rootError } = selection
  emit({ kind: 'selected', changes })
  if (rootError !== undefined) throw new InputError([rootError])
  if (changes.files.length + touched.length + inputs.urls.length === 0)
    emit({ kind: 'idle', reason: changesSentence(changes) })
  return selection
}
