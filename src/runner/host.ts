import { appendFileSync } from 'node:fs'
import * as actions from '@actions/core'

/** What an annotation is about. */
export type At = {
  readonly title?: string
  /** relative to the workspace */
  readonly file?: string
  readonly startLine?: number
  readonly startColumn?: number
}

export type Level = 'notice' | 'warning' | 'error'

/** Who starts a run and reads what it prints: GitHub's runner, or the user of the command. Every text is one printable
 *  line without secrets. */
export type Host = {
  /** @returns undefined for an input that is not set */
  input(name: string): string | undefined
  /** Hides a text in all that is printed from now on, where the host can do that. */
  mask(secret: string): void
  debug(text: string): void
  /** somebody reads what `debug` prints */
  isDebug(): boolean
  info(text: string): void
  annotate(level: Level, text: string, at: At): void
  /** Lines under a title. */
  group(title: string, lines: readonly string[]): void
  setOutput(name: string, value: string): void
  /** how large an output may be */
  readonly outputMaxBytes: number
  writeSummary(markdown: string): void
  /** a push starts the next run */
  readonly isWorkflow: boolean
}

const ANNOTATE = { notice: actions.notice, warning: actions.warning, error: actions.error }

/** The only part that prints commands of the runner. */
export const GITHUB: Host = {
  input: (name) =>
    process.env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] === undefined ? undefined : actions.getInput(name),
  mask: actions.setSecret,
  debug: actions.debug,
  isDebug: actions.isDebug,
  info: actions.info,
  annotate: (level, text, at) => ANNOTATE[level](text, at),
  group(title, lines) {
    actions.startGroup(title)
    for (const line of lines) actions.info(line)
    actions.endGroup()
  },
  setOutput: actions.setOutput,
  outputMaxBytes: 200_000,
  writeSummary(markdown) {
    const file = process.env.GITHUB_STEP_SUMMARY
    if (file) appendFileSync(file, markdown)
  },
  isWorkflow: true,
}
