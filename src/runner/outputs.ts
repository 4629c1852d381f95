import * as core from './core.ts'

/** Sets outputs to JSON arrays. The lists over the host's limit become empty outputs, and one notice.
 *  @param elsewhere for the notice: where the whole lists are */
export function setListOutputs(lists: Readonly<Record<string, readonly string[]>>, elsewhere = ''): void {
  const tooLong: string[] = []
  for (const [name, list] of Object.entries(lists)) {
    const json = JSON.stringify(list)
    const fits = Buffer.byteLength(json) <= core.outputMaxBytes()
    if (!fits) tooLong.push(`${name} (${list.length})`)
    core.setOutput(name, fits ? json : '')
  }
  if (tooLong.length > 0) core.notice(`over 200 kB, so these outputs are left empty: ${tooLong.join(', ')}${elsewhere}`)
}

/** Appends to the step's job summary, where the host has one. */
export async function writeSummary(markdown: string): Promise<void> {
  await attempt('the job summary', () => core.writeSummary(redactLines(markdown)))
}

/** No secret spans two lines. */
export function redactLines(text: string): string {
  return text.split('\n').map(core.redact).join('\n')
}

const REMEDY = "check the disk, and that the runner's files can be written"

/** Writes one part of the result. A failure is reported, and the other parts are still written.
 *  @returns whether it was written */
export async function attempt(part: string, write: () => unknown, remedy = REMEDY): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    core.error(`${part} can't be written: ${reason}; ${remedy}`)
    process.exitCode = core.ExitCode.Failure
    return false
  }
}
