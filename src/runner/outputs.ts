import * as core from './core.ts'

/** Sets an output to a JSON array. A list over the host's limit becomes an empty output and a notice.
 *  @param elsewhere for the notice: where the whole list is */
export function setListOutput(name: string, list: readonly string[], elsewhere = ''): void {
  const json = JSON.stringify(list)
  const fits = Buffer.byteLength(json) <= core.outputMaxBytes()
  if (!fits) core.notice(`the output ${name} is left empty: its ${list.length} entries are over 200 kB${elsewhere}`)
  core.setOutput(name, fits ? json : '')
}

/** Appends to the step's job summary, where the host has one. */
export async function writeSummary(markdown: string): Promise<void> {
  await attempt('the job summary', () => core.writeSummary(redactLines(markdown)))
}

/** No secret spans two lines. */
export function redactLines(text: string): string {
  return text.split('\n').map(core.redact).join('\n')
}

/** Writes one part of the result. A failure is reported, and the other parts are still written. */
export async function attempt(part: string, write: () => unknown, remedy = ''): Promise<void> {
  try {
    await write()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    core.error(`${part} can't be written: ${reason}${remedy === '' ? '' : `; ${remedy}`}`)
    process.exitCode = core.ExitCode.Failure
  }
}
