import * as actions from '@actions/core'
import { createSecrets, type Secrets } from './secrets.ts'
import { printable } from './text.ts'

export { ExitCode, getInput } from '@actions/core'
export { holdsSecret } from './secrets.ts'

/** The process's own, as the runner's masks are the job's. */
let secrets: Secrets = createSecrets(actions.setSecret)

/** Forgets the secrets of an earlier run in this process. */
export function forgetSecrets(): void {
  secrets = createSecrets(actions.setSecret)
}

// What leaves a run leaves it here, and only here: one line, without a command of the runner, without a secret.

export const hide = (secret: string): void => secrets.hide(secret)
export const hideUrl = (url: string, own: string): void => secrets.hideUrl(url, own)
export const redact = (text: string): string => secrets.redact(text)
export const redactName = (text: string): string => secrets.redactName(text)

const line = (text: string): string => printable(secrets.redact(text))

type At = {
  readonly title?: string
  readonly file?: string
  readonly startLine?: number
  readonly startColumn?: number
}

/** The file of an annotation has to be the one that it is about. */
function place({ title, file, ...rest }: At): actions.AnnotationProperties {
  return {
    ...rest,
    ...(title !== undefined && { title: line(title) }),
    ...(file !== undefined && { file: redactName(file) }),
  }
}

export const info = (text: string): void => actions.info(line(text))
export const debug = (text: string): void => actions.debug(secrets.redact(text))
export const notice = (text: string, at: At = {}): void => actions.notice(line(text), place(at))
export const warning = (text: string, at: At = {}): void => actions.warning(line(text), place(at))
export const error = (text: string, at: At = {}): void => actions.error(line(text), place(at))

/** Tells why the run fails, and has it fail. */
export const setFailed = (text: string): void => actions.setFailed(line(text))

export function group<T>(title: string, work: () => Promise<T>): Promise<T> {
  return actions.group(line(title), work)
}

export const setOutput = (name: string, value: string): void => actions.setOutput(name, redactName(value))
