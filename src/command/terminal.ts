import { debuglog, styleText } from 'node:util'
import type { Host, Level } from '../runner/host.ts'
import { printable } from '../runner/text.ts'
import { readSecret } from './environment.ts'
import { type Flags, inOwnWords } from './flags.ts'

/** What is drawn below the lines, such as a progress bar. */
type Footer = { hide(): void; show(): void }

export type Terminal = Pick<Host, 'debug' | 'isDebug' | 'info' | 'annotate' | 'group'> & {
  /** for people: log, bar, and with `json` everything but the result */
  readonly log: NodeJS.WriteStream
  /** Draws below the lines from now on. */
  setFooter(footer: Footer | undefined): void
  /** @returns the text in the colour of its meaning, where the log has colours */
  paint(meaning: keyof typeof STYLES, text: string): string
  /** Prints a result on standard output.
   *  @param json in which all that a terminal could take for a command is escaped */
  print(json: string): void
  error(text: string): void
}

type Streams = { readonly stdout: NodeJS.WriteStream; readonly stderr: NodeJS.WriteStream }
type Style = Parameters<typeof styleText>[0]

const STYLES = {
  error: 'red',
  warning: 'yellow',
  notice: 'cyan',
  fail: 'red',
  warn: 'yellow',
  note: 'cyan',
  ok: 'green',
} as const satisfies Readonly<Record<Level | 'fail' | 'warn' | 'note' | 'ok', Style>>

/** Plain text for people. Warnings and errors go to standard error. Colours are for terminals, unless NO_COLOR is set.
 *  @param json standard output is for the result alone */
export function createTerminal(json: boolean, { stdout, stderr }: Streams = process): Terminal {
  const log = json ? stderr : stdout
  const trace = debuglog('imgix-sync')
  let footer: Footer | undefined
  const write = (stream: NodeJS.WriteStream, text: string): void => {
    footer?.hide()
    stream.write(`${text}\n`)
    footer?.show()
  }
  /** A message begins with its place. */
  const annotate = (level: Level, text: string): void =>
    write(stderr, `${paint(stderr, STYLES[level], `${level}:`)} ${inOwnWords(text)}`)
  return {
    log,
    setFooter(next) {
      footer?.hide()
      footer = next
      footer?.show()
    },
    paint: (meaning, text) => paint(log, STYLES[meaning], text),
    print: (json) => void stdout.write(`${json.replace(UNPRINTABLE, asEscape)}\n`),
    error: (text) => annotate('error', printable(text)),
    debug: (text) => trace('%s', text),
    isDebug: () => trace.enabled,
    info: (text) => write(log, inOwnWords(text)),
    annotate,
    group(title, lines) {
      write(log, paint(log, 'bold', title))
      for (const line of lines) write(log, `  ${inOwnWords(line)}`)
    },
  }
}

/** Without a base the action takes every file; the command does so only with `--mode all`. */
const ON_UNKNOWN_BASE = 'fail'

/** The host of a run that the command starts: inputs from flags, secrets from variables, plain text.
 *  @param outputs are collected there */
export function createHost({ values }: Flags, terminal: Terminal, outputs: Map<string, string>): Host {
  const defaultOf = (name: string): string | undefined =>
    name === 'on-unknown-base' && values.get('mode') !== 'all' ? ON_UNKNOWN_BASE : undefined
  return {
    ...terminal,
    input: (name) => (values.get(name) ?? readSecret(name) ?? defaultOf(name))?.trim(),
    mask: () => {}, // no other program adds to this log
    setOutput: (name, value) => void outputs.set(name, value),
    outputMaxBytes: Number.POSITIVE_INFINITY,
    writeSummary: () => {},
    isWorkflow: false,
  }
}

/** The control characters that JSON leaves as they are, and what changes the direction of text. */
const UNPRINTABLE = /[\x7f-\x9f\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\ufeff]/gu

function asEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** `hasColors` knows NO_COLOR, FORCE_COLOR and the kind of terminal. */
function paint(stream: NodeJS.WriteStream, style: Style, text: string): string {
  return stream.isTTY && stream.hasColors() ? styleText(style, text, { validateStream: false }) : text
}
