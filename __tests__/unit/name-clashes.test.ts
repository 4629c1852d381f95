import { expect, test } from 'vitest'
import { foldName } from '../../src/inputs/fold-name.ts'
import { findClashes } from '../../src/plan/guards/guards.ts'
import { uploadStep } from '../helpers/plan.ts'

const REMEDY = 'rename one of the two, or leave one out by `files`'

test.each([
  ['case', 'IMG.PNG', 'img.png'],
  ['case of a folder', 'Img/a.png', 'img/a.png'],
  ['composed and decomposed', 'caf\u00e9.png', 'cafe\u0301.png'],
  ['both', 'CAF\u00c9.png', 'cafe\u0301.png'],
  ['two marks in another order', 'a\u0323\u0307.png', 'a\u0307\u0323.png'],
  ['a Hangul syllable and its letters', '\ud55c.png', '\u1112\u1161\u11ab.png'],
  ['the Kelvin sign', '\u212a.png', 'k.png'],
  ['sharp s', 'STRA\u1e9eE.png', 'stra\u00dfe.png'],
  ['final sigma', '\u039f\u0394\u039f\u03a3.png', '\u03bf\u03b4\u03bf\u03c2.png'],
  ['sigma that is not final', '\u03bf\u03b4\u03bf\u03c3.png', '\u03bf\u03b4\u03bf\u03c2.png'],
  ['iota subscript', '\u1fbc.png', '\u1fb3.png'],
  ['Cyrillic', '\u0424\u041e\u0422\u041e.png', '\u0444\u043e\u0442\u043e.png'],
  ['Deseret', '\u{10400}.png', '\u{10428}.png'],
])('one name: %s', (_, one, other) => {
  expect(foldName(one)).toBe(foldName(other))
})

test.each([
  ['sharp s and ss', 'stra\u00dfe.png', 'strasse.png'],
  ['the Turkish dotless i', 'k\u0131z.png', 'kiz.png'],
  ['the Turkish dotted I', '\u0130.png', 'i.png'],
  ['an accent', 'cafe.png', 'caf\u00e9.png'],
  ['a ligature', '\ufb01n.png', 'fin.png'],
  ['full width', '\uff41.png', 'a.png'],
  ['a letter of another script', '\u0430.png', 'a.png'],
  ['a dash and a hyphen', 'a\u2013b.png', 'a-b.png'],
  ['a folder', 'a/b.png', 'ab.png'],
])('two names: %s', (_, one, other) => {
  expect(foldName(one)).not.toBe(foldName(other))
})

test('every character folds as a regular expression that ignores case does', () => {
  const escaped = (text: string) =>
    [...text].map((character) => `\\u{${character.codePointAt(0)?.toString(16)}}`).join('')
  const isSame = (one: string, other: string) => new RegExp(`^${escaped(one)}$`, 'iu').test(other)
  for (let code = 0x80; code <= 0x1ffff; code += 1) {
    const character = String.fromCodePoint(code)
    if (!/\p{Changes_When_Casemapped}/u.test(character)) continue
    expect([character, isSame(character.normalize('NFD'), foldName(character))]).toEqual([character, true])
    for (const other of [character.toLowerCase(), character.toUpperCase()]) {
      expect([character, other, foldName(character) === foldName(other)]).toEqual([
        character,
        other,
        isSame(character.normalize('NFD'), other.normalize('NFD')),
      ])
    }
  }
})

test.each<[string, Parameters<typeof findClashes>, Record<string, string>]>([
  ['names that differ', [[uploadStep('a.png'), uploadStep('b.png')], ['c.png']], {}],
  [
    'one origin path',
    [['a.png', 'b.png', 'c.png'].map((path) => uploadStep(path, { originPath: path === 'c.png' ? 'c' : 'x' }))],
    {
      'a.png': `b.png has the same origin path: ${REMEDY}`,
      'b.png': `a.png has the same origin path: ${REMEDY}`,
    },
  ],
  [
    'one origin path, and a twin of it',
    [
      [
        uploadStep('a', { originPath: 'x' }),
        uploadStep('b', { originPath: 'X' }),
        uploadStep('c', { originPath: 'x' }),
      ],
    ],
    {
      a: `c has the same origin path: ${REMEDY}`,
      b: `its path differs only by case from a: ${REMEDY}`,
      c: `a has the same origin path: ${REMEDY}`,
    },
  ],
  [
    'twins among the uploads',
    [[uploadStep('img/A.png'), uploadStep('img/a.png'), uploadStep('Img/b.png'), uploadStep('img/b.png')]],
    {
      'img/A.png': `its path differs only by case from img/a.png: ${REMEDY}`,
      'img/a.png': `its path differs only by case from img/A.png: ${REMEDY}`,
      'Img/b.png': `its path differs only by case from img/b.png: ${REMEDY}`,
      'img/b.png': `its path differs only by case from Img/b.png: ${REMEDY}`,
    },
  ],
  [
    'a twin that is not uploaded',
    [[uploadStep('caf\u00e9.png'), uploadStep('b.png')], ['cafe\u0301.png']],
    { 'caf\u00e9.png': `its path differs only by Unicode form from cafe\u0301.png: ${REMEDY}` },
  ],
  [
    'a twin by both',
    [[uploadStep('CAF\u00c9.png')], ['cafe\u0301.png']],
    { 'CAF\u00c9.png': `its path differs only by case from cafe\u0301.png: ${REMEDY}` },
  ],
])('%s', (_, [uploads, others], clashes) => {
  expect(Object.fromEntries(findClashes(uploads, others))).toEqual(clashes)
})
