import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { attributesFor, NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import { parseMetadata } from '../../src/inputs/metadata-file.ts'
import { TextFileError } from '../../src/inputs/text-file.ts'
import { expectSameVerdict } from '../helpers/schema.ts'

function parse(text: string): ReturnType<typeof parseMetadata> {
  const metadata = parseMetadata(text)
  const problems = 'problems' in metadata ? metadata.problems : []
  expectSameVerdict(
    'metadata',
    text,
    problems.map(({ message }) => message),
  )
  return metadata
}

/** What a text wants for the path a.png. */
function wanted(text: string): unknown {
  const metadata = parse(text)
  return 'problems' in metadata ? metadata.problems : attributesFor(metadata, 'a.png')
}

function problemsOf(text: string): readonly string[] {
  const metadata = parse(text)
  const problems = 'problems' in metadata ? metadata.problems : []
  return new TextFileError('m.yml', problems).message.split('\n')
}

test.each([
  ['an empty file', '', {}],
  ['comments alone', '# nothing yet\n', {}],
  ['a document without content', '---\n...\n', {}],
  ['an empty map', '{}', {}],
  ['a pattern that does not match', '"*.jpg": { name: x }', {}],
  ['categories', '"*.png":\n  categories: [a, "b c", a]', { categories: ['a', 'b c'] }],
  [
    'fields of every type, as they are written',
    'a.png: { custom_fields: { s: x, n: 007, f: 1.10, x: 0x1F, e: 1e400, b: True, d: 2024-01-02, y: yes, z: null, t: ~ } }',
    {
      customFields: {
        ...{
          s: 'x',
          n: '007',
          f: '1.10',
          x: '0x1F',
          e: '1e400',
          b: 'True',
          d: '2024-01-02',
          y: 'yes',
          z: null,
          t: null,
        },
      },
    },
  ],
  [
    'keys of every type',
    'a.png: { custom_fields: { 01: a, true: b, null: c, "with space": d } }',
    { customFields: { '01': 'a', true: 'b', null: 'c', 'with space': 'd' } },
  ],
  [
    'tags',
    'a.png: { tags: { Dog: 1, Cat: 0.5, Cow: 0, Pig: null } }',
    { tags: { Dog: 1, Cat: 0.5, Cow: 0, Pig: null } },
  ],
  ['name and description', 'a.png: { name: Luke, description: null }', { name: 'Luke', description: null }],
  ['a block of text', 'a.png:\n  description: |\n    One\n    two\n\n', { description: 'One\ntwo' }],
  ['CRLF and a BOM', '\uFEFFa.png:\r\n  name: x\r\n', { name: 'x' }],
  ['%YAML 1.1, where yes would be true', '%YAML 1.1\n---\na.png: { name: yes }', { name: 'yes' }],
  ['a tag of the core schema', 'a.png: { name: !!str 12 }', { name: '12' }],
  ['an alias', 'b: { categories: &c [x] }\na.png: { categories: *c }', { categories: ['x'] }],
  ['an alias of a whole rule', 'b: &r { name: x }\na.png: *r', { name: 'x' }],
  ['an anchor that is set again', 'b: { name: &n x }\nc: { name: &n y }\na.png: { name: *n }', { name: 'y' }],
  ['later rules last', '"**": { name: x, description: d }\na.png: { name: y }', { name: 'y', description: 'd' }],
  ['later rules last, numbers for patterns too', '"**": { name: x }\n1: { name: z }', { name: 'x' }],
])('%s', (_, text, expected) => {
  expect(wanted(text)).toEqual({ ...NO_ATTRIBUTES, ...expected })
})

test('each pattern has its line, as written, with a BOM too', () => {
  const metadata = parse('\uFEFF# pictures\n"**": { name: x }\n\na.png:\n  name: y\n? b.png\n: { name: z }\n')
  const rules = 'rules' in metadata ? metadata.rules : []
  expect(rules.map(({ line, pattern }) => [line, pattern])).toEqual([
    [2, '**'],
    [4, 'a.png'],
    [6, 'b.png'],
  ])
})

test('a key that is called __proto__', () => {
  const { customFields } = wanted('a.png: { custom_fields: { __proto__: x, constructor: y } }') as {
    customFields: object
  }
  expect(Object.entries(customFields)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
})

const ATTRIBUTES = 'allowed are categories, custom_fields, description, name and tags'
const CATEGORIES = 'allowed is a list of texts, such as [product, summer]'
const FIELD = 'allowed is a text, a number, true or false, or null to take it away'
const CONFIDENCE = 'allowed is a confidence from 0 to 1, or null to take it away'
const ONE_PATTERN = 'one pattern that takes files, without ! and # before it'
const RELATIVE = "patterns relative to root, without '.' and '..' segments"

test.each([
  ['a list', '- a', ['1:1: the file is a list; allowed is a map from patterns to attributes']],
  ['a text', '\n hello', ["2:2: the file is the text 'hello'; allowed is a map from patterns to attributes"]],
  [
    'a rule without attributes',
    'a:\nb: {}\n',
    [`1:3: 'a' is without a value; ${ATTRIBUTES}`, `2:4: 'b' is an empty map; ${ATTRIBUTES}`],
  ],
  ['a rule that is a list', 'a:\n  - name', [`2:3: 'a' is a list; ${ATTRIBUTES}`]],
  ['an unknown attribute', 'a:\n  name: x\n  category: y', [`3:3: 'category' is not known; ${ATTRIBUTES}`]],
  ['an attribute in camel case', 'a: { customFields: { b: c } }', [`1:6: 'customFields' is not known; ${ATTRIBUTES}`]],
  ['categories as a text', 'a: { categories: b }', [`1:18: categories is the text 'b'; ${CATEGORIES}`]],
  ['categories as null', 'a: { categories: null }', [`1:18: categories is null; ${CATEGORIES}`]],
  ['no categories', 'a: { categories: [] }', [`1:18: categories is an empty list; ${CATEGORIES}`]],
  [
    'categories of other types',
    'a:\n  categories:\n    - 2024\n    - [b]\n    -\n    - " "\n    - true',
    [
      "3:7: a category is the number '2024'; allowed is a text (put it in quotes)",
      '4:7: a category is a list; allowed is a text',
      '5:6: a category is without a value; allowed is a text',
      '6:7: a category is empty; allowed is a text',
      "7:7: a category is the boolean 'true'; allowed is a text (put it in quotes)",
    ],
  ],
  [
    'custom fields as a list',
    'a: { custom_fields: [b] }',
    ['1:21: custom_fields is a list; allowed is a map from keys to values'],
  ],
  [
    'custom fields of other types',
    'a: { custom_fields: { b: [c], d: { e: f }, g: , h: "" } }',
    [
      `1:26: the custom field 'b' is a list; ${FIELD}`,
      `1:34: the custom field 'd' is a map; ${FIELD}`,
      `1:47: the custom field 'g' is without a value; ${FIELD}`,
      `1:52: the custom field 'h' is empty; ${FIELD}`,
    ],
  ],
  [
    "the action's own field",
    'a: { custom_fields: { imgix-sync: b } }',
    ["1:23: the custom field 'imgix-sync' is the action's own; allowed is any other name"],
  ],
  [
    'tags of other types',
    'a: { tags: { b: red, c: 2, d: -0.1, e: .nan, f: true } }',
    [
      `1:17: the tag 'b' is the text 'red'; ${CONFIDENCE}`,
      `1:25: the tag 'c' is the number '2'; ${CONFIDENCE}`,
      `1:31: the tag 'd' is the number '-0.1'; ${CONFIDENCE}`,
      `1:40: the tag 'e' is the number '.nan'; ${CONFIDENCE}`,
      `1:49: the tag 'f' is the boolean 'true'; ${CONFIDENCE}`,
    ],
  ],
  [
    'a name that is a number',
    'a: { name: 12 }',
    ["1:12: name is the number '12'; allowed is a text (put it in quotes), or null to clear it"],
  ],
  [
    'a description that is a list',
    'a: { description: [b] }',
    ['1:19: description is a list; allowed is a text, or null to clear it'],
  ],
  ['a name without a value', 'a:\n  name:\n', ['2:8: name is without a value; allowed is a text, or null to clear it']],
  [
    'half of a surrogate pair',
    'a: { name: "\\ud800" }',
    ["1:12: name is the text '\ud800'; allowed is a text, or null to clear it"],
  ],
  ['a pattern that excludes', '"!a": { name: b }', [`1:1: '!a' is not allowed; ${ONE_PATTERN}`]],
  ['a pattern that is a comment', '"#a": { name: b }', [`1:1: '#a' is not allowed; ${ONE_PATTERN}`]],
  ['two patterns', '"a\\nb": { name: b }', [`1:1: 'a b' is not allowed; ${ONE_PATTERN}`]],
  [
    'a pattern above root',
    '../a: { name: b }',
    [`1:1: '../a' is not allowed; ${RELATIVE}: '../a' has a '.' or '..' segment`],
  ],
  ['an absolute pattern', '/a: { name: b }', [`1:1: '/a' is not allowed; ${RELATIVE}: '/a' is not relative to root`]],
  ['a key that is empty', '"": { name: b }', ['1:1: a key must be a text']],
  ['a key that is a list', '? [a]\n: { name: b }', ['1:3: a key must be a text']],
  ['a pattern without quotes', '\n**/*.png:\n  name: b\n', ['2:1: a text that starts with * must be in quotes']],
  [
    'a pattern without quotes, in flow',
    '{ *.png : { name: b } }',
    ['1:3: a key must be a text; a text that starts with * must be in quotes'],
  ],
  [
    'an exclusion without quotes',
    '!a/**:\n  name: b\n',
    ['1:1: tags are not known here; a text that starts with ! must be in quotes'],
  ],
  [
    'a key twice',
    'a: { name: b, name: c }\na: { name: d }',
    ["1:15: 'name' is there twice", "2:1: 'a' is there twice"],
  ],
  ['a key twice, in two spellings', 'a: { custom_fields: { 1: b, "1": c } }', ["1:29: '1' is there twice"]],
  ['a merge key', 'a: &a { name: b }\nc:\n  <<: *a\n  description: d', ['3:3: merge keys (<<) are not known here']],
  [
    'a tag of its own',
    'a: { name: !secret b }',
    ['1:12: tags are not known here; a text that starts with ! must be in quotes'],
  ],
  [
    'binary data',
    'a: { name: !!binary aGk= }',
    ['1:12: tags are not known here; a text that starts with ! must be in quotes'],
  ],
  [
    'an alias without an anchor',
    'a: { name: *b }',
    ["1:12: the alias '*b' has no value: there is no such anchor before it"],
  ],
  [
    'a mistake behind another one that the parser trips over',
    '"a":1 &a\n  b: x\n*c: d',
    ['3:1: a text that starts with * must be in quotes'],
  ],
  ['two documents', 'a: { name: b }\n---\nc: { name: d }', ['2:1: a second document; allowed is one']],
  ['a tab', 'a:\n\tname: b', ['2:1: Tabs are not allowed as indentation']],
  [
    'a list that does not end',
    'a: { categories: [b\n',
    ['2:1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ],
  ['a map in a map', 'a: b: c', ['1:4: Nested mappings are not allowed in compact mappings']],
  [
    'an alias of another type, where it is used',
    'a: { categories: &c [d] }\nb: { name: *c }',
    ['2:12: name is a list; allowed is a text, or null to clear it'],
  ],
  ['a problem behind an anchor, once', 'a: &a { nam: b }\nc: *a\nd: *a', [`1:9: 'nam' is not known; ${ATTRIBUTES}`]],
])('%s is a problem', (_, text, problems) => {
  expect(problemsOf(text)).toEqual(problems.map((problem) => `m.yml:${problem}`))
})

test('all problems at once, in the order of the file', () => {
  const text = 'a: { name: [] }\nb: { nme: x }\na: { tags: 1 }\n../c:\n'
  expect(problemsOf(text).map((problem) => problem.split(':').slice(1, 3).join(':'))).toEqual([
    ...['1:12', '2:6', '3:1', '4:1', '4:6'],
  ])
})

const laughs = (levels: number): string =>
  [
    'a0: &a0 [x, x]',
    ...Array.from({ length: levels }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}x]`),
  ].join('\n')

const EXHAUSTED = 'more than 100000 values, those that aliases stand for included'

test.each([
  ['anchors that explode', laughs(20), [`6:25: ${EXHAUSTED}`]],
  [
    'one anchor used very often',
    `a: &a { categories: [${'x, '.repeat(999)}x] }\n${Array.from({ length: 1000 }, (_, at) => `b${at}: *a\n`).join('')}`,
    [`100:6: ${EXHAUSTED}`],
  ],
  [
    'an anchor in itself',
    'a: &a { categories: *a }',
    ["1:21: the alias '*a' has no value: it stands for what it is part of"],
  ],
  ['deep nesting', '['.repeat(100_000), [expect.stringMatching(/^1:\d+: nested too deeply$/)]],
  ['a file over 1 MB', '#'.repeat(1_000_001), ['1:1: the file is larger than 1 MB']],
])('%s is a problem, soon', (_, text, problems) => {
  expect(problemsOf(text).map((problem) => problem.replace('m.yml:', ''))).toEqual(problems)
})

test.each([
  ['.', ['a.png', 'a/b.png'], []],
  ['./a', ['a', 'a/b'], ['ab']],
  ['a/', ['a/b'], ['a', 'ab']],
  ['a//b', ['a/b'], ['a//c']],
  ['a/**', ['a', 'a/b/c'], ['b', 'ab']],
  ['a/b*/c', ['a/b/c', 'a/bb/c/d'], ['a/c']],
  [' a b ', ['a b'], ['a']],
  ['a\\*', ['a*'], ['ab']],
  ['[ab]/c', ['a/c', 'b/c/d'], ['c']],
  ['{a,b}', ['{a,b}'], ['a']],
])('the pattern %j, as in files', (pattern, taken, left) => {
  const metadata = parse(`${JSON.stringify(pattern)}: { name: x }`)
  const rules = 'problems' in metadata ? [] : metadata.rules
  expect([...taken, ...left].filter((path) => rules[0]?.matches(path))).toEqual(taken)
})

test("the documentation's messages are those of its file with two mistakes", () => {
  const page = readFileSync(new URL('../../docs/metadata.md', import.meta.url), 'utf8')
  const [, file = ''] = /^```yml\n(.*?)^```$/ms.exec(page) ?? []
  const [, shown = ''] = /^```\n((?:\.github.*\n)+)```$/m.exec(page) ?? []
  expect(wanted(file)).toEqual(NO_ATTRIBUTES)
  const problems = problemsOf(file.replace('description:', 'discription:').replace('Hero: 1', 'Hero: 2'))
  expect(shown.trim().split('\n')).toEqual(problems.map((line) => line.replace('m.yml', '.github/imgix-metadata.yml')))
})
