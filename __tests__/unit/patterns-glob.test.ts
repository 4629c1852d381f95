import { relative } from 'node:path'
import { create } from '@actions/glob'
import { expect, test } from 'vitest'
import { compilePatterns } from '../../src/inputs/patterns.ts'
import { captureStdout } from '../helpers/stdout.ts'
import { createTree } from '../helpers/tree.ts'

const FILES = [
  'a.png',
  'b.png',
  'B.PNG',
  'a.jpg',
  '.hidden.png',
  '.well-known/logo.png',
  'notes.txt',
  'img/a.png',
  'img/b.psd',
  'img/.dot.png',
  'img/deep/er/c.png',
  'img/deep/er/notes.txt',
  'img2/a.png',
  'img b/c d.png',
  'folder.png/inner.txt',
  'folder.png/a.png',
  'new\nline.png',
  'tab\tname.png',
  'sub\nfolder/x.png',
  'q"uote.png',
  "apo'strophe.png",
  'back\\slash.png',
  '[a].png',
  '[b]/x.png',
  'a[1].png',
  'a1.png',
  '{x,y}.png',
  'x.png',
  '+(a).png',
  '!bang.png',
  '#hash.png',
  '~/x.png',
  'star*.png',
  'quest?.png',
  'ä.png',
  'e\u0301.png',
  '\u{1f600}.png',
  '-dash.png',
  'a,b.png',
  'a;b&c.png',
  '100%.png',
  '**.txt',
]

/** @returns the files of a tree that glob finds, relative to its root, sorted; undefined where it gives up */
async function globbed(root: string, patterns: string): Promise<string[] | undefined> {
  const before = process.cwd()
  captureStdout() // glob tells of its work by @actions/core
  process.chdir(root)
  try {
    const globber = await create(patterns, { matchDirectories: false })
    return (await globber.glob()).map((path) => relative(root, path)).sort()
  } catch (error) {
    // glob ends so where the literal start of a pattern goes on below a file
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  } finally {
    process.chdir(before)
  }
}

function matched(files: readonly string[], patterns: string): string[] {
  return files.filter(compilePatterns(patterns)).sort()
}

test.each([
  ['everything', '**'],
  ['everything, as a star', '*'],
  ['everything below', '**/*'],
  ['an extension at any depth', '**/*.png'],
  ['an extension at the top', '*.png'],
  ['a name with a dot', '*.*'],
  ['a name with a dot at any depth', '**/*.*'],
  ['a folder with a dot', '*.*/**'],
  ['two dots', '**/*.*.*'],
  ['a dot at the end', '*.'],
  ['both cases by classes', '**/*.[pP][nN][gG]'],
  ['a literal file', 'a.png'],
  ['a literal file below', 'img/deep/er/c.png'],
  ['a folder: all that is in it', 'img'],
  ['a folder with a slash', 'img/'],
  ['a folder that is named like a picture', 'folder.png'],
  ['a folder that is named like a picture, with a slash', 'folder.png/'],
  ['a slash after a file', 'a.png/'],
  ['the same extension, folders only', '*.png/'],
  ['a globstar at the end', 'img/**'],
  ['a globstar at the end with a slash', 'img/**/'],
  ['only a globstar with a slash', '**/'],
  ['a globstar in the middle', 'img/**/c.png'],
  ['a globstar in the middle that takes nothing', 'img/**/a.png'],
  ['a globstar in a segment', 'img/**.png'],
  ['two globstars', '**/deep/**'],
  ['two globstars in a row', '**/**/er'],
  ['three stars', 'img/***'],
  ['a star for a folder', '*/a.png'],
  ['exclusion after', '**/*.png\n!img'],
  ['exclusion before has no effect', '!img\n**/*.png'],
  ['an exclusion and what comes back', '**\n!img\nimg/deep'],
  ['exclusion of a folder with a slash', '**\n!img/'],
  ['exclusion by extension', 'img/**\n!**/*.psd'],
  ['only an exclusion', '!**/*.psd'],
  ['two exclamation marks', '!!a.png'],
  ['three exclamation marks', '**\n!!!a.png'],
  ['an exclamation mark with a space', '**\n! a.png'],
  ['an escaped exclamation mark', '\\!bang.png'],
  ['a comment', '# a.png\nb.png'],
  ['a comment with spaces before', '  # a.png\nb.png'],
  ['an escaped hash', '\\#hash.png'],
  ['a hash within', 'x.png # not a comment'],
  ['a class with a hash', '[#]hash.png'],
  ['spaces around', '   a.png   '],
  ['spaces within', 'img b/c d.png'],
  ['empty lines', '\n\na.png\n\n'],
  ['carriage returns', 'a.png\r\nimg\r\n'],
  ['a dot and a slash', './a.png'],
  ['a dot, a slash and a globstar', './**/*.psd'],
  ['an excluded dot and slash', '**/*.png\n!./img'],
  ['two slashes', 'img//a.png'],
  ['dotfiles by a star', '.*'],
  ['dotfiles below', '**/.*.png'],
  ['a dot folder', '.well-known'],
  ['one character', '?.png'],
  ['one character of more than one unit', '\u{1f600}.png'],
  ['one character that is composed', 'ä.png'],
  ['a class', '[ab].png'],
  ['a range', '[a-x].png'],
  ['a class that is not', '[!a].png'],
  ['a class that is not, the other way', '[^a].png'],
  ['a class of one', 'a[[]1].png'],
  ['an open class', '[a.png'],
  ['an empty class', '[].png'],
  ['a class of a bracket', '[]]a'],
  ['a class of letters by name', '[[:alpha:]].png'],
  ['brackets are a class', '[a].png'],
  ['brackets escaped', '\\[a\\].png'],
  ['a folder with brackets', '[[]b]'],
  ['braces are braces', '{x,y}.png'],
  ['plus and parentheses are themselves', '+(a).png'],
  ['at and parentheses are themselves', '@(a|b).png'],
  ['a star escaped', 'star\\*.png'],
  ['a question mark in a class', 'quest[?].png'],
  ['a backslash escaped', 'back\\\\slash.png'],
  ['a backslash before a letter', '\\a.png'],
  ['a backslash at the end', 'a.png\\'],
  ['a newline by a star', 'new*line.png'],
  ['a newline by a globstar', '**/x.png'],
  ['a folder with a newline by a question mark', 'sub?folder'],
  ['a tilde within', 'img/~'],
  ['a file as a folder', 'a.png/**'],
  ['nothing that is there', 'no/such/**'],
])('%s', async (_, patterns) => {
  const root = createTree(FILES)
  expect(matched(FILES, patterns)).toEqual(await globbed(root, patterns))
})

test('nothing matches no pattern', () => {
  expect(matched(FILES, '')).toEqual([])
  expect(matched(FILES, '# only a comment')).toEqual([])
})

/** mulberry32: the same trees and patterns in every run */
function createRandom(seed: number) {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T
  const join = (separator: string, max: number, part: () => string): string =>
    Array.from({ length: 1 + Math.floor(next() * max) }, part).join(separator)
  return { next, pick, join }
}

const NAMES = ['a', 'b', '.c', 'a.png', 'b.png', 'a b', '[a]', 'a\nb', '!a', 'é', '{a,b}', '*', '?', '(a)', '#', '\\']
// Not `[]a]`: glob takes its start for the name of a folder and looks nowhere else, which is a fault of its own.
const SEGMENTS = [
  ...['**', '**', '*', '*.png', 'a*', '?', 'a?b', '[ab]', '[!a]', '[a-b].png', '[a]', '.*', 'a', 'b', '.c', 'a.png'],
  ...['[', ']', '[[]a]', '\\[a\\]', '{a,b}', '+(a)', '!(a)', '@(a|b)', '?(a)', '(a)', 'a b', 'é', '#', '\\*', '\\?'],
  ...['\\\\', '\\a', 'a\\', '[\\]]', '[^.]*', '[*]', '[?]', '[[:alpha:]]', '***', '**a', '*?', '?*.p*', '!a'],
  ...['*.*', '*.', '.*.*', '**.*', '??', '?*', '*?*'],
]

test.each(Array.from({ length: 24 }, (_, seed) => seed))('random trees and patterns, seed %i', async (seed) => {
  const random = createRandom(seed)
  const files = new Set<string>()
  const isFree = (path: string): boolean =>
    [...files].every((file) => !`${file}/`.startsWith(`${path}/`) && !`${path}/`.startsWith(`${file}/`))
  for (let tries = 0; tries < 40; tries += 1) {
    const path = random.join('/', 3, () => random.pick(NAMES))
    if (isFree(path)) files.add(path)
  }
  const root = createTree([...files])
  for (let sets = 0; sets < 15; sets += 1) {
    const patterns = random.join('\n', 4, () => {
      const sign = random.pick(['', '', '', '!', './', '!./', '! ', '!!'])
      return sign + random.join('/', 3, () => random.pick(SEGMENTS)) + random.pick(['', '', '', '/', '/**'])
    })
    const found = await globbed(root, patterns)
    if (found !== undefined)
      expect({ patterns, files: matched([...files], patterns) }).toEqual({ patterns, files: found })
  }
})
