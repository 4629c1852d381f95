import type { Host } from '../runner/host.ts'
import { readSecret } from './environment.ts'
import type { Flags } from './flags.ts'
import type { Terminal } from './terminal.ts'

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
  }
}
