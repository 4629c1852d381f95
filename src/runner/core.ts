import { type At, GITHUB, type Host, type Level } from './host.ts'
import { createSecrets } from './secrets.ts'
import { printable } from './text.ts'

export { holdsSecret } from './secrets.ts'

export const ExitCode = { Failure: 1 } as const

let host: Host = GITHUB
/** One set per process: the runner's masks are per job. */
let secrets = createSecrets((secret) => host.mask(secret))

/** Forgets the host and the secrets of an earlier run in this process. */
export function beginRun(ownHost: Host = GITHUB): void {
  host = ownHost
  secrets = createSecrets((secret) => host.mask(secret))
}

/** @returns '' for an input that is not set */
export const getInput = (name: string): string => host.input(name) ?? ''
export const isSet = (name: string): boolean => host.input(name) !== undefined

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

/** The title is for people. The file name is for GitHub, which has to find the file. */
function place({ title, file, ...rest }: At): At {
  return {
    ...rest,
    ...(title !== undefined && { title: line(title) }),
    ...(file !== undefined && { file: redactName(file) }),
  }
}

export const annotate = (level: Level, text: string, at: At): void => host.annotate(level, line(text), place(at))

export const info = (text: string): void => host.info(line(text))
export const isDebug = (): boolean => host.isDebug()
/** Stays of several lines, as a stack is. */
export const debug = (text: string): void => host.debug(text.split('\n').map(line).join('\n'))
export const notice = (text: string, at: At = {}): void => annotate('notice', text, at)
export const warning = (text: string, at: At = {}): void => annotate('warning', text, at)
export const error = (text: string, at: At = {}): void => annotate('error', text, at)

/** Prints the reason as an error, and sets the exit code of a failure. */
export function setFailed(text: string): void {
  process.exitCode = ExitCode.Failure
  error(text)
}

/** Lines that the log folds under their title. */
export const group = (title: string, lines: readonly string[]): void => host.group(line(title), lines.map(line))

export const setOutput = (name: string, value: string): void => host.setOutput(name, redactName(value))
export const outputMaxBytes = (): number => host.outputMaxBytes
export const isWorkflow = (): boolean => host.isWorkflow
export const writeSummary = (markdown: string): void => host.writeSummary(markdown)
