import { expect, test } from 'vitest'
import { readJobLog } from '../../emulator/workflow-commands.ts'
import { count, duration, html, printable, prose, size } from '../../src/runner/text.ts'

test.each([
  ['plain', 'a b/é.png', 'a b/é.png'],
  ['a newline and a command', 'a\n::error::x.png', 'a\\n::error::x.png'],
  ['a command', '::error::x', '\\:\\:error::x'],
  ['a command after spaces', ' \t::set-output name=a::b', ' \\t::set-output name=a::b'],
  ['a command after a space', '  ::error::x', '  \\:\\:error::x'],
  ['a command of the old form', 'a ##[error]x', 'a ##\\[error]x'],
  ['carriage return', 'a\r::error::x', 'a\\r::error::x'],
  ['tab', 'a\tb', 'a\\tb'],
  ['escape sequence', '\u001b[31mred', '\\u{1b}[31mred'],
  ['null and delete', 'a\u0000\u007fb', 'a\\u{0}\\u{7f}b'],
  ['next line, of C1', 'a\u0085b', 'a\\u{85}b'],
  ['line and paragraph separators', 'a\u2028\u2029b', 'a\\u{2028}\\u{2029}b'],
  ['direction', 'a\u202egnp.exe', 'a\\u{202e}gnp.exe'],
  ['isolates', '\u2066a\u2069', '\\u{2066}a\\u{2069}'],
  ['zero width space and byte order mark', '\u200ba\ufeff', '\\u{200b}a\\u{feff}'],
  ['half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
  ['an emoji with joiners stays', '\u{1f468}\u200d\u{1f469}', '\u{1f468}\u200d\u{1f469}'],
])('printable: %s', (_, text, expected) => {
  expect(printable(text)).toBe(expected)
})

const HOSTILE = [
  '::error::x',
  '\n::error::x',
  '\r\n::add-mask::a',
  '\u2028::error::x',
  ' ::error::x',
  '\u00a0::error::x',
  '\u3000::error::x',
  '\v::error::x',
  '\f::error::x',
  '\u0085::error::x',
  '::stop-commands::x',
  '##[group]x',
]

test.each(HOSTILE)('a name such as %j is no command, alone or in a line', (name) => {
  for (const line of [printable(name), printable(`uploaded ${name} (1 B)`)]) {
    expect(line).not.toMatch(/[\n\r]/)
    // the runner trims a line before it looks for a command
    expect(line.trimStart().startsWith('::')).toBe(false)
    expect(line).not.toContain('##[')
    expect(readJobLog(`${line}\n`)).toMatchObject({ annotations: [], masks: [] })
  }
})

test.each([
  ['markup', '<img src=x onerror="a()">', '&#60;img src=x onerror=&#34;a()&#34;&#62;'],
  ['an entity', '&lt;', '&#38;lt;'],
  ['quotes and backticks', '\'a\' "b" `c`', '&#39;a&#39; &#34;b&#34; &#96;c&#96;'],
  ['the end of a comment', '-->', '--&#62;'],
  ['a newline', 'a\n\n# b', 'a\\n\\n# b'],
  ['a pipe and stars', '|**a**|', '|**a**|'],
])('html: %s', (_, text, expected) => {
  expect(html(text)).toBe(expected)
})

test.each([
  ['a user', '@octocat', '@&#8203;octocat'],
  ['a team in brackets', 'ask (@acme/team)', 'ask (@&#8203;acme/team)'],
  ['an issue', 'fixes #12', 'fixes #&#8203;12'],
  ['an issue of another repository', 'a/b#12', 'a/b#&#8203;12'],
  ['an entity before a number', "'#1", '&#39;#&#8203;1'],
  ['a name with an at sign, and an address', 'icon@2x.png, a@b.test', 'icon@2x.png, a@b.test'],
  ['markup', '<b>@a</b>', '&#60;b&#62;@&#8203;a&#60;/b&#62;'],
])('prose notifies nobody: %s', (_, text, expected) => {
  expect(prose(text)).toBe(expected)
})

test.each([
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1500, '1.5 kB'],
  [99_949, '99.9 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [30_000_000, '30.0 MB'],
  [5_000_000_000, '5.0 GB'],
  [5_000_000_000_000, '5000 GB'],
])('%i bytes are %s', (bytes, expected) => {
  expect(size(bytes)).toBe(expected)
})

test.each([
  [0, '0.0 s'],
  [1.25, '1.3 s'],
  [9.94, '9.9 s'],
  [10, '10 s'],
  [119, '119 s'],
  [120, '2 min'],
  [7199, '120 min'],
  [7200, '2.0 h'],
])('%d seconds are %s', (seconds, expected) => {
  expect(duration(seconds)).toBe(expected)
})

test.each([
  [0, '0 files'],
  [1, '1 file'],
  [2, '2 files'],
])('%i: %s', (number, expected) => {
  expect(count(number, 'file')).toBe(expected)
})
