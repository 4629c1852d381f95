import { expect, test } from 'vitest'
import { createRepository } from '../helpers/repository.ts'
import { select } from '../helpers/select.ts'

const PATH = '.github/workflows/imgix.yml'
const step = (lines: string): string =>
  `on: push\njobs:\n  imgix:\n    steps:\n      - uses: imgix-sync/imgix-sync@v1\n        with:\n${lines}`
const BEFORE = step('          root: public\n          files: |\n            **/*.png\n          verify: warn\n')
const told = (names: string): string =>
  `${PATH} has another ${names} since the base, and this run takes only the files that changed: run once with mode: all to publish the others`

/** @returns the notices of a push that changes the workflow's file */
async function noticesOf(after: string, { before = BEFORE, workflow = 'imgix.yml', base = '' } = {}) {
  const repository = createRepository()
  repository.write({ [PATH]: before, 'public/a.png': '1', 'public/b.svg': '1' })
  const first = repository.commit()
  repository.write({ [PATH]: after, 'public/a.png': '2' })
  const { payload } = repository.pushEvent(first, repository.commit())
  const { changes } = await select(repository.dir, { root: 'public', base }, { payload }, { workflow })
  return changes.notices
}

test.each([
  ['another pattern', BEFORE.replace('**/*.png\n', '**/*.png\n            **/*.svg\n'), [told('files')]],
  [
    'another root, and a prefix',
    BEFORE.replace('root: public', 'root: static\n          prefix: a'),
    [told('prefix, root')],
  ],
  ['no patterns', step('          root: public\n          verify: warn\n'), [told('files')]],
  ['another input', BEFORE.replace('verify: warn', 'verify: fail'), []],
  ['another version, and other line ends', BEFORE.replace('@v1', '@v2').replaceAll('\n', '\r\n'), []],
])('the file of the workflow has %s', async (_, after, expected) => {
  expect(await noticesOf(after)).toEqual(expected)
})

test('nothing is said of the file of another workflow, or where base is set', async () => {
  const after = BEFORE.replace('png', 'svg')
  expect(await noticesOf(after, { workflow: 'other.yml' })).toEqual([])
  expect(await noticesOf(after, { base: 'HEAD~1' })).toEqual([])
})
