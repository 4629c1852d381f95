import { flagsOf, type Input, type InputTable, isSwitch } from './flags.ts'

const WIDTH = 100
const INDENT = ' '.repeat(6)

/** What `--help` prints of a subcommand. */
export type Help = {
  readonly usage: string
  readonly purpose: string
  readonly examples: readonly string[]
  readonly variables: readonly string[]
  readonly table: InputTable
  readonly exitCodes: readonly string[]
  /** its options are inputs of an action */
  readonly isAction: boolean
}

export const VARIABLES = {
  key: 'IMGIX_API_KEY   the key of the Management API (a secret, so there is no flag for it)',
  token: 'GITHUB_TOKEN    fetches from a repository on GitHub, where the clone has no credentials',
  proxy: 'HTTPS_PROXY, HTTP_PROXY, NO_PROXY   as in curl',
  colours: 'NO_COLOR        no colours',
} as const

export const EXIT_CODES = [
  '0    everything is done',
  '1    something failed',
  '2    wrong usage: a flag, an input, or no commit to compare with',
  '130  cancelled',
] as const

const JSON_FLAG: InputTable = {
  json: { description: 'Print the result as JSON, and everything else on standard error.', default: 'false' },
}

export function formatHelp({ usage, purpose, examples, variables, table, exitCodes, isAction }: Help): string {
  const options = isAction ? 'Options, named as the inputs of the action' : 'Options'
  const sections = [
    `${purpose}\n\nUsage: ${usage}`,
    ...section('Examples', examples),
    ...section('Variables', variables),
    `${options}:\n\n${flagsOf({ ...table, ...JSON_FLAG })
      .map(flagHelp)
      .join('\n\n')}`,
    ...section('Exit codes', exitCodes),
    'Documentation: https://github.com/imgix-sync/imgix-sync/blob/main/docs/command.md',
  ]
  return `${sections.join('\n\n')}\n`
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:\n\n${lines.map((line) => `  ${line}`).join('\n')}`]
}

function flagHelp([name, input]: [string, Input]): string {
  const { description, default: value = '' } = input
  const isOn = isSwitch(input) && value === 'true'
  const flag = isSwitch(input) ? `--${isOn ? '[no-]' : ''}${name}` : `--${name} <value>`
  const isShown = isOn || !(isSwitch(input) || value === '' || value.includes('\n'))
  return `  ${flag}\n${wrap(`${description}${isShown ? ` Default: ${value}` : ''}`)}`
}

function wrap(text: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && INDENT.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((each) => INDENT + each).join('\n')
}
