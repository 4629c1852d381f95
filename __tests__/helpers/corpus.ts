import { expect } from 'vitest'
import type { ActionRun } from '../../emulator/runner.ts'
import { spellingsOf } from './spellings.ts'

/** What a hostile text would have the runner say. */
const MARK = 'INJECTED'

const COMMANDS = [
  `::error::${MARK}`,
  `\n::error::${MARK}`,
  `\r\n::set-output name=uploaded::${MARK}`,
  ` \t::add-path::${MARK}`,
  `\u2028::warning::${MARK}`,
  `\u0085::save-state name=x::${MARK}`,
  '\n::stop-commands::x',
  `##[error]${MARK}`,
  `%0A::error::${MARK}`,
  `ghadelimiter_x\nuploaded=${MARK}\n`,
]
const UNSEEN = [
  '\u001b[2J\u001b[31mred\u001b]0;title\u0007',
  '\u009b31m',
  'a\nb\r\nc\u2029d',
  '\u202egnp.exe\u202c \u2066isolated\u2069',
  'zero\u200bwidth\ufeff',
  'nul\u0000and\u007fdelete\u0008',
  'half \ud800 a pair \udc00',
]
const MARKUP = [
  '<script>alert(1)</script>',
  '<img src=x onerror="alert(1)">',
  "'><svg/onload=alert(1)>",
  '</td></tr></table><h1>broken out',
  '<!-- ',
  '&lt;script&gt;&#60;b&#62;',
  '[click](javascript:alert(1)) ![](https://evil.example/x.png)',
  '\n\n# heading\n\n- item\n\n```\ncode\n',
  '| a | b |\n|---|---|\n| c | d |',
  '`code` **bold** @octocat #1',
]
const ODD = [
  '',
  ' ',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '-rf',
  '--upload-pack=x',
  '$(id)',
  '%s%n',
  '$'.concat('{{ github.token }}'),
]
const LONG = ['x'.repeat(300_000), '%25'.repeat(50_000), '<[{ '.repeat(25_000)]

/** Texts that no field may do harm with.
 *  @param secrets that must not be shown in any spelling */
export function hostileTexts(secrets: readonly string[]): string[] {
  return [...COMMANDS, ...UNSEEN, ...MARKUP, ...ODD, ...LONG, ...secretTexts(secrets)]
}

export function secretTexts(secrets: readonly string[]): string[] {
  return [...new Set(secrets.flatMap(spellingsOf))].map((spelling) => `the key (${spelling}) is wrong`)
}

/** All of them as one text. */
export function hostileText(secrets: readonly string[]): string {
  return hostileTexts(secrets)
    .filter((text) => !LONG.includes(text))
    .join(' \n')
}

/** All of them, some in each text, so that what is cut short shows each. */
export function shortTexts(secrets: readonly string[]): string[] {
  const texts = secretTexts(secrets)
  const some = Array.from({ length: Math.ceil(texts.length / 5) }, (_, index) => texts.slice(5 * index, 5 * index + 5))
  return [hostileText([]), ...some.map((few) => few.join(' \n'))]
}

/** Replaces each text in a value. */
export function withEveryText(value: unknown, text: string): unknown {
  return JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'string' ? text : each)))
}

const OWN_COMMAND = /^::(add-mask|debug|endgroup|error|group|notice|warning)( [^:]*)?::/
// controls but for the line break, and what turns or hides text
const UNSAFE = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u
const ATTRIBUTE =
  /(?:align="(?:left|center)"|clear="all"|width="72"|alt="[^"<>]*"|colspan="\d+"|(?:href|src)="https:\/\/[^"<>\s]*")/
const TAG = new RegExp(`</?(?:a|b|br|code|details|h3|img|p|sub|summary|table|td|th|tr)(?: ${ATTRIBUTE.source})*>`, 'g')
/** What is read as Markdown: headings and alerts, of our own words. */
const HEADING = /^(?:#{3,4} [^<>[\]`*_|]*|> \[!(?:CAUTION|WARNING|NOTE)\]|> [^<>[\]`*_|]*)$/

/** Nothing that a run leaves obeys a text, hides one, or shows a secret. */
export function expectHarmless(run: ActionRun, secrets: readonly string[]): void {
  const lines = run.stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'))
  const isCommand = (line: string): boolean => /^\s*(::|##\[)/.test(line)
  expect(lines.filter((line) => isCommand(line) && !OWN_COMMAND.test(line))).toEqual([])
  expect(lines.filter((line) => new RegExp(`^\\s*(::[^:]*::|##\\[\\w+\\])\\s*${MARK}`).test(line))).toEqual([])
  expect(lines.filter((line) => UNSAFE.test(line)).map((line) => JSON.stringify(line.slice(0, 300)))).toEqual([])
  expect(lines.filter((line) => line.length > 30_000).map((line) => line.slice(0, 100))).toEqual([])
  for (const line of run.summary.split('\n'))
    expect(line.replace(TAG, '')).not.toMatch(line.startsWith('<') ? /[<>]/ : new RegExp(`^(?!$|${HEADING.source})`))
  expect(Object.keys(run.outputs).filter((name) => run.outputs[name]?.includes(MARK) && name === MARK)).toEqual([])
  const shown = [...lines, run.stderr, run.summary, JSON.stringify(run.outputs), JSON.stringify(run.report)].join('\n')
  const plain = shown.replaceAll('\\n', '\n')
  const isShown = (text: string): boolean => shown.includes(text) || plain.includes(text)
  expect(secrets.flatMap(spellingsOf).filter(isShown)).toEqual([])
  expect(run.stderr).toBe('')
}
