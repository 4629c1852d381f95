import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../../src/inputs/defaults.ts'
import { advise, type Names } from '../../src/inputs/pattern-advice.ts'
import { readMeaning } from '../../src/inputs/pattern-meaning.ts'
import { compilePatterns, readPatternLines } from '../../src/inputs/patterns.ts'

const TREE = [
  ...['a.png', 'b.PNG', 'index.html', 'Docs/guide.pdf', 'caf\u00e9/c.gif', '[slug]/hero.webp', 'my images/x.jpg'],
  ...['img/logo.svg', 'img/icons/d.jpeg', 'IMG_1.JPG'],
]

function adviceFor(text: string, { root = 'public', tree = TREE, isLost = false, known = true } = {}) {
  const names: Names = { known: known ? tree : undefined, list: async () => tree }
  return advise([{ name: 'files', lines: readPatternLines(text) }], names, { root, isLost })
}

/** What a line matches nothing for, and what to write in its place. */
async function problemOf(line: string, more: Parameters<typeof adviceFor>[1] = {}): Promise<string | undefined> {
  const [warning, ...others] = await adviceFor(line.startsWith('!') ? `**\n${line}` : line, more)
  expect(others).toEqual([])
  const [, problem] = warning?.split(' matches no file: ') ?? []
  return problem
}

const LINE = 'a line is one pattern'
const QUOTES = 'quotes are part of a pattern'
const BRACES = 'a pattern has no braces'
const STARS = '** stands for folders only between slashes'
const COMMENT = '# starts a comment at the start of a line only'
const BACKSLASH = 'a backslash does not separate folders'
const ROOT = 'patterns are relative to root'
const NO_REGEXP = 'a pattern is not a regular expression'
const both = (one: string, other: string) => `write ${one} and ${other}, each on its own line`
const PNG_JPG = both('**/*.png', '**/*.jpg')

describe('what people write, and what they mean by it, whether there are such files or not', () => {
  test.each([
    ["'**/*.png'", `${QUOTES}; write **/*.png`],
    ['"**/*.png"', `${QUOTES}; write **/*.png`],
    ['`**/*.png`', `${QUOTES}; write **/*.png`],
    ['\u201c**/*.png\u201d', `${QUOTES}; write **/*.png`],
    ["!'**/*.psd'", `${QUOTES}; write !**/*.psd`],
    ['"!**/*.psd"', `${QUOTES}; write !**/*.psd`],
    ["'**/*.png',", `${LINE}, and ${QUOTES}; write **/*.png`],
    ["'**/*.png", `${QUOTES}; write **/*.png`],
    ['**/*.{png,jpg}', `${BRACES}; ${PNG_JPG}`],
    ['!**/*.{psd, ai}', `${BRACES}; ${both('!**/*.psd', '!**/*.ai')}`],
    ['**/*.{png,jpg', `${BRACES}; ${PNG_JPG}`],
    ['**/{1..2}.png', `${BRACES}; ${both('**/1.png', '**/2.png')}`],
    ['**/*.(png|jpg)', `parentheses are part of a name; ${PNG_JPG}`],
    ['**/*.(?:png|jpg)', `parentheses are part of a name; ${PNG_JPG}`],
    ['**/*.@(png|jpg)', `parentheses are part of a name; ${PNG_JPG}`],
    ['**/*.[png,jpg]', `brackets are one character; ${PNG_JPG}`],
    ['**/*.jpe?g', `? is one character; ${both('**/*.jpg', '**/*.jpeg')}`],
    ['photos/**.png', `${STARS}; write photos/**/*.png`],
    ['photos**', `${STARS}; write photos/**`],
    ['**/*.png,**/*.jpg', `${LINE}; ${PNG_JPG}`],
    ['**/*.png, **/*.jpg', `${LINE}; ${PNG_JPG}`],
    ['**/*.png; **/*.jpg', `${LINE}; ${PNG_JPG}`],
    ['**/*.png **/*.jpg', `${LINE}; ${PNG_JPG}`],
    ['**/*.png|**/*.jpg', `${LINE}; ${PNG_JPG}`],
    ['**/*.png,', `${LINE}; write **/*.png`],
    ['!**/*.psd, **/*.ai', `${LINE}; ${both('!**/*.psd', '!**/*.ai')}`],
    ['**/*.png\\n**/*.jpg', `\\n is not a line break; ${PNG_JPG}`],
    ['["**/*.png", "**/*.jpg"]', `a list in brackets is a class of characters, and ${LINE}, and ${QUOTES}; ${PNG_JPG}`],
    ['- **/*.png', 'a dash does not start a list item; write **/*.png'],
    [
      "- '**/*.{png,jpg}' # both",
      `a dash does not start a list item, and ${COMMENT}, and ${QUOTES}, and ${BRACES}; ${PNG_JPG}`,
    ],
    ['**/*.png # pictures', `${COMMENT}; write **/*.png`],
    ['**/*.png // pictures', `${COMMENT}; write **/*.png`],
    ['photos\\**\\*.png', `${BACKSLASH}; write photos/**/*.png`],
    ['.\\photos\\*.png', `${BACKSLASH}; write photos/*.png`],
    ['C:\\site\\public\\photos\\*.png', `${BACKSLASH}, and ${ROOT}; write photos/*.png`],
    ['public/**', `${ROOT}; write **`],
    ['./public/photos/*.png', `${ROOT}; write photos/*.png`],
    ['$GITHUB_WORKSPACE/public/*.png', `no shell replaces variables, and ${ROOT}; write *.png`],
    ['https://a.imgix.net/photos/a.png', 'a pattern is a path and not a URL; write photos/a.png'],
    ['.*\\.png$', `${NO_REGEXP}; write **/*.png`],
    [
      '^photos/.*\\.(png|jpe?g)$',
      `${NO_REGEXP}; write photos/**/*.png and photos/**/*.jpeg and photos/**/*.jpg, each on its own line`,
    ],
    ['.png', 'it is a whole name and not an extension; write **/*.png'],
    ['files: **/*.png', 'a name and a colon are part of it; write **/*.png'],
    ['**/*.png: image/png', 'a content type belongs into content-types; write **/*.png'],
    ['**/*.p\u200bng', 'it contains an invisible character; write **/*.png'],
  ])('%s', async (line, problem) => {
    expect(await problemOf(line)).toBe(problem)
    expect(await problemOf(line, { tree: ['notes.txt'], known: false })).toBe(problem)
  })
})

test('a globstar in the middle of a name: the right form does not take what the line matches', async () => {
  const lines = [{ line: 1, pattern: 'img**.png', rest: ': image/x' }]
  const tree = ['img1.png', 'img/a.png']
  const form = 'img*/**/*.png'
  expect(tree.filter(compilePatterns(form))).toEqual(['img/a.png'])
  const names: Names = { known: tree, list: async () => tree }
  expect(await advise([{ name: 'content-types', lines }], names, { root: '.', isLost: false })).toEqual([
    `content-types: line 1, 'img**.png', does not match img/a.png: ${STARS}; ${both('img**.png: image/x', `${form}: image/x`)}`,
  ])
})

describe('what they mean only where a file says so', () => {
  test.each([
    ['**/*.Png', 'case matters; write **/*.png'],
    ['docs/*.PDF', 'case matters; write Docs/*.pdf'],
    ['img_*.jpg', 'case matters; write IMG_*.JPG'],
    ['!IMG/**', 'case matters; write !img/**'],
    ['cafe\u0301/**', 'its letters are of another Unicode form; write caf*/**'],
    ['[slug]/*.webp', 'brackets are one character; write [[]slug]/*.webp'],
    ['my%20images/*', '% is not an escape; write my images/*'],
    ['*.png/', 'it ends with a slash, so it matches folders only; write *.png'],
    ['svg', 'it is a whole name and not an extension; write **/*.svg'],
    ['.*.svg', `${NO_REGEXP}; write **/*.svg`],
    ['a.png #1', `${COMMENT}; write a.png`],
    ['a.png, img/logo.svg', `${LINE}; ${both('a.png', 'img/logo.svg')}`],
    ['**/{logo}.svg', `${BRACES}; write **/logo.svg`],
  ])('%s', async (line, problem) => {
    expect(await problemOf(line)).toBe(problem)
    expect(await problemOf(line, { tree: ['notes.txt'] })).toBe(undefined)
  })

  test('the last folder of a root that lies deeper', async () => {
    expect(await problemOf('public/img/*', { root: 'site/public' })).toBe(`${ROOT}; write img/*`)
    expect(await problemOf('site/public/gone/*', { root: 'site/public' })).toBe(`${ROOT}; write gone/*`)
    expect(await problemOf('public/gone/*', { root: 'site/public' })).toBe(undefined)
  })

  test('a pattern without folders, as in gitignore', async () => {
    expect(await problemOf('*.svg')).toBe('it names no folder above; write **/*.svg')
    expect(await problemOf('!*.svg')).toBe('it names no folder above; write !**/*.svg')
    expect(await problemOf('!*.{svg,nothing}')).toBe(
      `${BRACES}, and it names no folder above; ${both('!**/*.svg', '!**/*.nothing')}`,
    )
    expect(await problemOf('./icons/', { isLost: true })).toBe('it names no folder above; write **/icons/')
  })

  test('where nothing matches, or is excluded, a pattern whose folders can be anywhere', async () => {
    const tree = ['site/icons/a.svg']
    expect(await problemOf('./icons/*', { isLost: true, tree })).toBe('it names no folder above; write **/icons/*')
    expect(await problemOf('!icons/**', { tree })).toBe('it names no folder above; write !**/icons/**')
    expect(await problemOf('icons/**', { tree })).toBe(undefined)
  })
})

test.each([
  ['a file', '**.png', 'does not match deep/b.png: ** stands for folders only between slashes; write **/*.png'],
  ['nothing else', 'deep/**b.png', undefined],
  [
    'an exclusion',
    '**/*.png\n!**.png',
    'does not match deep/b.png: ** stands for folders only between slashes; write !**/*.png',
  ],
])('a globstar in a segment that matches a file, and does not match %s', async (_, text, problem) => {
  const advice = await adviceFor(text, { tree: ['a.png', 'deep/b.png'] })
  expect(advice.map((each) => each.replace(/^files: line \d, '[^']*', /, ''))).toEqual(
    problem === undefined ? [] : [problem],
  )
})

test.each([
  ['quotes in a name', "'a'.png", ["'a'.png"]],
  ['braces in a name', '{x,y}.png', ['{x,y}.png']],
  ['a comma', 'a,b*.png, c', ['a,b1.png, c']],
  ['a globstar in a segment, with no file in a folder', '**.png', ['a.png', 'deep/b.svg']],
  ['a globstar in a segment, with a line for the folders', '**.png\ndeep/**', ['a.png', 'deep/b.png']],
  ['a globstar in a segment, with a later line for the rest', '**.png\n!drafts/**', ['a.png', 'drafts/b.png']],
  ['an exclusion with one', '**/*\n!**.psd\nkeep/**', ['a.psd', 'keep/b.psd']],
  ['many of them', `${'a**'.repeat(80)}/`.repeat(15), [`${'a'.repeat(80)}/`.repeat(15).concat('b')]],
  ["the root's own name", 'public/**', ['public/a.png']],
  ['a hash', '*.png #1', ['a.png #1']],
  ['a backslash', 'a\\[1\\].png', ['a[1].png']],
  ['an escape that is needless', 'my\\ images/*', ['my images/a.png']],
  ['a dash', '- *.png', ['- a.png']],
  ['a trailing slash', 'img/', ['img/a.png']],
  ['a folder', 'img', ['img/a.png']],
  ['a dot and a slash', './img/**', ['img/a.png']],
  ['a folder that is named like a picture', 'x.png', ['x.png/a.txt']],
  ['a file that a later line excludes', "'a.png'\n!**", ["'a.png'"]],
])('no word of a pattern that matches a file: %s', async (_, text, tree) => {
  expect(await adviceFor(text, { tree, isLost: true })).toEqual([])
})

test.each([
  '*.nothing',
  '**/*.gif\n! **/*.nothing',
  'photos/**',
  'photos',
  '**/*.[pP][nN][gG]x',
  '!drafts/**\n**/*.nothing',
  '**/+(a).x',
  'a b/c d.x',
])('no word of a pattern that may match tomorrow: %s', async (text) => {
  expect(await adviceFor(text)).toEqual([])
})

test('the default has nothing to read otherwise', () => {
  expect(readPatternLines(DEFAULTS.files).filter(({ pattern }) => readMeaning(pattern, 'png') !== undefined)).toEqual(
    [],
  )
})

test('what is advised matches what was meant', async () => {
  const { forms = [] } = readMeaning("- '{img,Docs}/**/*.{svg,jpe?g,pdf}', # all", '.') ?? {}
  expect(TREE.filter(compilePatterns(forms.join('\n')))).toEqual(['Docs/guide.pdf', 'img/logo.svg', 'img/icons/d.jpeg'])
})

test('each warning names its line; there are only some of an input', async () => {
  const text = ['# pictures', '**/*.png', ...Array.from({ length: 7 }, (_, at) => `'${at}.png'`)].join('\n')
  expect(await adviceFor(text)).toEqual([
    ...[3, 4, 5, 6, 7].map(
      (line) => `files: line ${line}, '${line - 3}.png', matches no file: ${QUOTES}; write ${line - 3}.png`,
    ),
    'files: and 2 more lines of that kind',
  ])
})

test('a line of content-types is advised whole', async () => {
  const lines = [{ line: 1, pattern: '**/*.{avif,heic}', rest: ': image/x' }]
  const names = { known: undefined, list: async () => TREE }
  expect(await advise([{ name: 'content-types', lines }], names, { root: '.', isLost: false })).toEqual([
    `content-types: line 1, '**/*.{avif,heic}', matches no file: ${BRACES}; ${both('**/*.avif: image/x', '**/*.heic: image/x')}`,
  ])
})

describe('exclusions', () => {
  test('alone take nothing', async () => {
    expect(await adviceFor('!**/*.psd\n# and\n!**/*.ai')).toEqual([
      'files: every line starts with !, so no file matches: put a pattern such as **/* before them',
    ])
  })

  test('before what takes their files again exclude nothing', async () => {
    expect(await adviceFor('!img/**\n!**/*.psd\n**/*.svg')).toEqual([
      "files: line 1, '!img/**', excludes nothing, because the lines after it include img/logo.svg again: put it after them",
    ])
    expect(await adviceFor('!!img/**\n!**/*.svg')).toEqual([])
  })
})

test('names are listed once, and only for a line that looks wrong', async () => {
  let listed = 0
  const list = async () => {
    listed += 1
    return TREE
  }
  const asked = (text: string) =>
    advise([{ name: 'files', lines: readPatternLines(text) }], { known: undefined, list }, { root: '.', isLost: false })
  expect(await asked('**/*.Png\n!img')).toEqual([])
  expect(listed).toBe(0)
  expect(await asked("'a.png'\n'b.png'")).toHaveLength(2)
  expect(listed).toBe(1)
})

test.each([
  ['many alternatives', '{a,b}'.repeat(50)],
  ['a long range', '**/{1..1000000}.png'],
  ['open braces', '{a,b'.repeat(60)],
  ['many separators', 'a.b, '.repeat(50)],
  ['many quotes', '"'.repeat(300)],
  ['much space', `${' '.repeat(250)}#x`],
  ['more than anybody writes', `'${'a'.repeat(60_000)}'`],
])(
  '%s end',
  async (_, line) => {
    expect((await adviceFor(line, { known: false })).length).toBeLessThan(2)
  },
  1000,
)
