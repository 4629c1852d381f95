import { expect, test } from 'vitest'
import { createIsOlder, createPartNames } from '../../src/download-reports/part-names.ts'
import { report } from '../helpers/reports.ts'

const URL_OF = 'https://storage.googleapis.com/imgix-reports/a.csv?Signature=x.exe'
const nameOf = (key: string, url = URL_OF, number = 1): string =>
  createPartNames()(report('2026-11-21', { key }))(number, url)

test.each([
  ['image_analytics_20201004', 'image_analytics_20201004-01.csv'],
  ['../../x', '_x-01.csv'],
  ['/etc/passwd', '_etc_passwd-01.csv'],
  ['..', 'report_20261121-01.csv'],
  ['', 'report_20261121-01.csv'],
  ['-rf', 'rf-01.csv'],
  ['C:\\x', 'C_x-01.csv'],
  ['a\n::error::b', 'a_error_b-01.csv'],
  ['a\0b\u202e', 'a_b_-01.csv'],
  ['ключ', 'report_20261121-01.csv'],
  ['.git', '_git-01.csv'],
  ['a'.repeat(300), `${'a'.repeat(100)}-01.csv`],
])('the key %j', (key, expected) => {
  expect(nameOf(key)).toBe(expected)
})

test.each([
  ['/imgix-reports/a.csv.gz', '.csv.gz'],
  ['/a.GZ', '.gz'],
  ['/a.json', '.json'],
  ['/a', ''],
  ['/a.20261121', ''],
  ['/a.csv/', ''],
  ['/a.c%2e%2e', ''],
  ['/a.extraordinary', ''],
  ['/a.%2e%2e/x', ''],
])('the path %s', (path, expected) => {
  expect(nameOf('a', `https://storage.example.com${path}?b=.exe`)).toBe(`a-01${expected}`)
})

test('no URL', () => {
  expect(nameOf('a', '../../x.csv')).toBe('a-01')
})

test('numbers sort as text up to 99', () => {
  expect([2, 10, 100].map((number) => nameOf('a', URL_OF, number))).toEqual(['a-02.csv', 'a-10.csv', 'a-100.csv'])
})

test('reports whose keys come to the same have names of their own', () => {
  const nameParts = createPartNames()
  const names = ['a/b', 'a_b', 'A_B', 'a_b_2', 'a-01'].map((key) => nameParts(report('2026-11-21', { key }))(1, URL_OF))
  expect(names).toEqual(['a_b-01.csv', 'a_b_2-01.csv', 'A_B_3-01.csv', 'a_b_2_2-01.csv', 'a-01-01.csv'])
})

test.each([
  ['usage-03.csv', true],
  ['USAGE-103.csv.gz', true],
  ['usage-02.csv', false],
  ['usage-2024.csv', false],
  ['usage-007.csv', false],
  ['usage-20241101.csv', false],
  ['usage-03.json', false],
])('%s beside two parts of usage: a part of an earlier fetch is %s', (name, expected) => {
  expect(createIsOlder(['usage-01.csv', 'usage-02.csv'])(name)).toBe(expected)
})
