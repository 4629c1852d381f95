import { expect, test } from 'vitest'
import { readInputs } from '../../src/inputs/inputs.ts'
import { NO_ATTRIBUTES } from '../../src/inputs/metadata.ts'
import { warnOfPatterns } from '../../src/select/pattern-warnings.ts'
import { NO_FILES } from '../../src/select/select.ts'
import { setInputs } from '../helpers/inputs.ts'
import { createRepository } from '../helpers/repository.ts'
import { select, selectPush } from '../helpers/select.ts'
import { createTree } from '../helpers/tree.ts'

const SITE = { 'public/img/a.png': '1', 'public/B.PNG': '1', 'public/x.html': '1', 'README.md': '1' }
const CHANGED = { 'public/img/a.png': '2', 'public/x.html': '2' }
const LOST =
  'files: none of the 3 files below public/ matches, so no push publishes a file: check the patterns, or root'
const quotes = (line: number) =>
  `line ${line}, '**/*.png', matches no file: quotes are part of a pattern; write **/*.png`

function site(files: Readonly<Record<string, string>> = SITE) {
  const repository = createRepository()
  repository.write(files)
  repository.commit()
  return repository
}

test.each<[string, Record<string, string>, string[]]>([
  ['patterns that match', { files: '**/*.png' }, []],
  ['the default', {}, []],
  ['quotes in a block', { files: "'**/*.png'" }, [LOST, `files: ${quotes(1)}`]],
  [
    'braces',
    { files: '**/*.{gif,webp}' },
    [
      LOST,
      "files: line 1, '**/*.{gif,webp}', matches no file: a pattern has no braces; write **/*.gif and **/*.webp, each on its own line",
    ],
  ],
  [
    'exclusions alone',
    { files: '!**/*.psd' },
    [LOST, 'files: every line starts with !, so no file matches: put a pattern such as **/* before them'],
  ],
  [
    "root's own folder",
    { files: 'public/**' },
    [LOST, "files: line 1, 'public/**', matches no file: patterns are relative to root; write **"],
  ],
  [
    'case',
    { files: '**/*.HTML' },
    [LOST, "files: line 1, '**/*.HTML', matches no file: case matters; write **/*.html"],
  ],
  [
    'a name that lies deeper',
    { files: 'a.png' },
    [LOST, "files: line 1, 'a.png', matches no file: it names no folder above; write **/a.png"],
  ],
  ['what nobody can tell', { files: '**/*.gif' }, [LOST]],
  ['one line of two', { files: "**/*.png\n'**/*.png'" }, [`files: ${quotes(2)}`]],
  [
    'case of one line of two',
    { files: '**/*.html\n**/*.Png' },
    ["files: line 2, '**/*.Png', matches no file: case matters; write **/*.PNG"],
  ],
  ['sub-images', { 'sub-images': "'**/*.png'" }, [`sub-images: ${quotes(1)}`]],
  [
    'content-types',
    { 'content-types': '**/*.{avif,heic}: image/avif' },
    [
      "content-types: line 1, '**/*.{avif,heic}', matches no file: a pattern has no braces; write **/*.avif: image/avif and **/*.heic: image/avif, each on its own line",
    ],
  ],
])('a push: %s', async (_, inputs, warnings) => {
  const { changes } = await selectPush(site(), CHANGED, { root: 'public', ...inputs })
  expect(changes.warnings).toEqual(warnings)
})

test('the metadata file, by its name and line', async () => {
  const text = '# attributes\n"img/*.{png,jpg}": { name: x }\nimg/a.png: { name: y }\n"public/img/**": { name: z }\n'
  const { changes } = await selectPush(
    site(),
    { ...CHANGED, 'meta.yml': text },
    { root: 'public', metadata: 'meta.yml' },
  )
  expect(changes.warnings).toEqual([
    "meta.yml: line 2, 'img/*.{png,jpg}', matches no file: a pattern has no braces; write img/*.png and img/*.jpg, each on its own line",
    "meta.yml: line 4, 'public/img/**', matches no file: patterns are relative to root; write img/**",
  ])
})

test('a push that changes nothing below root warns of a line that looks wrong, and of no other', async () => {
  const files = "'**/*.png'\n**/*.PDF\n**/*.Html"
  const { changes } = await selectPush(site(), { 'README.md': '2' }, { root: 'public', files })
  expect(changes.warnings).toEqual([`files: ${quotes(1)}`])
})

test('a push of files that do not match is told of nothing, where others match', async () => {
  const { changes } = await selectPush(site(), { 'public/x.html': '2' }, { root: 'public', files: '**/*.png' })
  expect([changes.files, changes.warnings]).toEqual([[], []])
})

test('a pattern that matches only what the push deletes', async () => {
  const deleted = { "public/'a'.png": null }
  const { changes } = await selectPush(site({ ...SITE, "public/'a'.png": '1' }), deleted, {
    root: 'public',
    files: "'a'.png",
  })
  expect([changes.files.length, changes.warnings]).toEqual([1, []])
})

test('without a base, of every file', async () => {
  const repository = site()
  const inputs = { files: "'*.md'", deleted: 'ignore' }
  const { changes } = await select(repository.dir, inputs, { name: 'schedule', sha: repository.head() })
  expect(changes.warnings).toEqual([
    'files: none of the 4 files in the repository matches, so no push publishes a file: check the patterns, or root',
    "files: line 1, '*.md', matches no file: quotes are part of a pattern; write *.md",
  ])
})

const NO_MATCH =
  'files: none of the 3 files in the repository matches, so no push publishes a file: check the patterns, or root'

test.each<[string, Record<string, string>, string]>([
  ['built', { files: 'dist/**' }, `${NO_MATCH}, or set mode: all for files that a step makes, such as dist/a.png`],
  ['installed', { files: '**/*.svg' }, NO_MATCH],
])('files that git does not track, %s by a step', async (_, inputs, expected) => {
  const repository = site({ '.gitignore': 'dist\nnode_modules\n', 'x.html': '1' })
  repository.write({ 'dist/a.png': '1', 'node_modules/a/b.svg': '1' })
  expect((await selectPush(repository, { 'y.html': '1' }, inputs)).changes.warnings).toEqual([expected])
})

test('a full sync: where other lines match, and of files that lie where no pattern points', async () => {
  const workspace = createTree(['public/img/a.png', 'public/icons/b.svg', "public/img/'q'.png"])
  const files = "img/**\npublic/icons/**\n'icons/*'\nIMG/*.png\n'q'.png\nimg/'q'.png"
  const { changes } = await select(workspace, { mode: 'all', root: 'public', files })
  expect(changes.files.map(({ path }) => path)).toEqual(["public/img/'q'.png", 'public/img/a.png'])
  expect(changes.warnings).toEqual([
    "files: line 2, 'public/icons/**', matches no file: patterns are relative to root; write icons/**",
    "files: line 3, 'icons/*', matches no file: quotes are part of a pattern; write icons/*",
    "files: line 4, 'IMG/*.png', matches no file: case matters; write img/*.png",
    "files: line 5, 'q'.png, matches no file: it names no folder above; write **/'q'.png",
  ])
})

test.each<[string, Record<string, string>, number]>([
  ['the default patterns', {}, 0],
  ['patterns that match the changed files', { files: '**/*.png\nimg/*' }, 0],
  ['a pattern that matches none of them', { files: '**/*.png\nicons/*' }, 1],
  ['an exclusion before the patterns', { files: '!**/a.png\n**/*.png' }, 1],
  ['patterns of another input', { 'content-types': '*.avif: image/avif' }, 1],
])('the files of the head are listed only for what the changed ones cannot tell: %s', async (_, inputs, times) => {
  setInputs({ 'dry-run': 'true', ...inputs })
  let listings = 0
  const list = async () => {
    listings += 1
    return ['img/a.png']
  }
  const changed = [{ path: 'public/img/a.png', change: 'modified' as const }]
  const changes = { ...NO_FILES.changes, files: changed, considered: 1, rootPath: 'public/' }
  await warnOfPatterns(
    changes,
    { known: undefined, list },
    { ...readInputs('/nowhere'), workspace: '/nowhere' },
    { path: '', text: '', rules: [] },
  )
  expect(listings).toBe(times)
})

test('lines of a metadata file that get no advice cost no look at names', async () => {
  setInputs({ 'dry-run': 'true', files: '**/*' })
  const rule = { matches: () => false, attributes: NO_ATTRIBUTES }
  const rules = Array.from({ length: 40_000 }, (_, at) => ({
    ...rule,
    line: at + 1,
    pattern: at < 200 ? '*' : `${at}`,
  }))
  const list = () => expect.unreachable()
  const files = [{ path: 'a.png', change: 'modified' as const }]
  const changes = { ...NO_FILES.changes, files, considered: 1 }
  const metadata = { path: 'm.yml', text: '', rules }
  const inputs = { ...readInputs('/nowhere'), workspace: '/nowhere' }
  expect(await warnOfPatterns(changes, { known: undefined, list }, inputs, metadata)).toEqual([])
})
