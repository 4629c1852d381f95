import { expect, test } from 'vitest'
import { formatOutputs } from '../../src/command/run-engine.ts'
import { createTerminal } from '../../src/command/terminal.ts'

function terminal({ json = false, colours = false } = {}) {
  const written: string[] = []
  const stream = (name: string) =>
    ({
      ...{ isTTY: colours, hasColors: () => colours },
      write: (text: string) => written.push(`${name} ${text}`) > 0,
    }) as unknown as NodeJS.WriteStream
  return { written, terminal: createTerminal(json, { stdout: stream('out'), stderr: stream('err') }) }
}

test('lines go to standard output, warnings and errors to standard error', () => {
  const { written, terminal: own } = terminal()
  own.info('a')
  own.group('Plan', ['b'])
  own.annotate('warning', 'x.yml:3:1: c', { file: 'x.yml', startLine: 3 })
  own.annotate('error', 'api-key: it is not allowed', {})
  expect(written).toEqual([
    ...['out a\n', 'out Plan\n', 'out   b\n', 'err warning: x.yml:3:1: c\n'],
    'err error: IMGIX_API_KEY: it is not allowed\n',
  ])
})

test('with json, standard output has the result alone', () => {
  const { written, terminal: own } = terminal({ json: true })
  own.info('a')
  own.group('Plan', [])
  own.print('{}')
  expect(written).toEqual(['err a\n', 'err Plan\n', 'out {}\n'])
})

test('colours where the terminal has them', () => {
  const { written, terminal: own } = terminal({ colours: true })
  own.annotate('error', 'c', {})
  expect(written).toEqual(['err \u001b[31merror:\u001b[39m c\n'])
})

test('an error of the command line is one printable line', () => {
  const { written, terminal: own } = terminal()
  own.error("'a\n\u001b[2J' is no subcommand")
  expect(written).toEqual(["err error: 'a\\n\\u{1b}[2J' is no subcommand\n"])
})

test('what a terminal would take for a command is an escape in a result', () => {
  const { written, terminal: own } = terminal({ json: true })
  const name = 'a\u009b2Jb\u202ec\u2028d\u007f\u200b'
  own.print(JSON.stringify({ name }))
  expect(written).toEqual(['out {"name":"a\\u009b2Jb\\u202ec\\u2028d\\u007f\\u200b"}\n'])
  expect(JSON.parse(String(written[0]).slice(4))).toEqual({ name })
})

test('outputs as JSON: a text that only begins as a list does, and a long number, stay texts', () => {
  const outputs = {
    files: '["a"]',
    changed: 'true',
    count: '2',
    status: '[x',
    id: '581815395550001595500000',
    none: '',
  }
  const expected = { ...outputs, files: ['a'], changed: true, count: 2 }
  expect(JSON.parse(formatOutputs(new Map(Object.entries(outputs))))).toEqual(expected)
})
