import * as actions from '@actions/core'
import { createSecrets, type Secrets } from './secrets.ts'
import { printable } from './text.ts'

export { ExitCode, getInput } from '@actions/core'
export { holdsSecret } from './secrets.ts'

/** One set per process: the runner's masks are per job. */
let secrets: Secrets = createSecrets(actions.setSecret)

/** Forgets the secrets of an earlier run in this process. */
export function forgetSecrets(): void {
  secrets = createSecrets(actions.setSecret)
}

// All output of a run goes through these functions: one line each, without commands of the runner and without secrets.

export const hide = (secret: string): void => secrets.hide(secret)
export const hideUrl = (url: string, own: string): void => secrets.hideUrl(url, own)
export const redact = (text: string): string => secrets.redact(text)
export const redactName = (text: string): string => secrets.redactName(text)

/** Far more than anybody reads. */
const LINE_MAX_LENGTH = 10_000

function line(text: string): string {
  const shown = text.length > LINE_MAX_LENGTH ? `${text.slice(0, LINE_MAX_LENGTH)}…` : text
  return printable(secrets.redact(shown))
}

type At = {
  readonly title?: string
  readonly file?: string
  readonly startLine?: number
  readonly startColumn?: number
}

/** The title is for people. The file name is for GitHub, which has to find the file. */
function place({ title, file, ...rest }: At): actions.AnnotationProperties {
  return {
    ...rest,
    ...(title !== undefined && { title: line(title) }),
    ...(file !== undefined && { file: redactName(file) }),
  }
}

export const info = (text: string): void => actions.info(line(text))
/** Stays of several lines, as a stack is. */
export const debug = (text: string): void => actions.debug(text.split('\n').map(line).join('\n'))
export const notice = (text: string, at: At = {}): void => actions.notice(line(text), place(at))
export const warning = (text: string, at: At = {}): void => actions.warning(line(text), place(at))
export const error = (text: string, at: At = {}): void => actions.error(line(text), place(at))

/** Prints the reason as an error, and sets the exit code of a failure. */
export const setFailed = (text: string): void => actions.setFailed(line(text))

/** Lines that the log folds under their title. */
export function group(title: string, lines: readonly string[]): void {
  actions.startGroup(line(title))
  for (const text of lines) info(text)
  actions.endGroup()
}

export const setOutput = (name: string, value: string): void => actions.setOutput(name, redactName(value))
