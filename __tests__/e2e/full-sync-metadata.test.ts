import { describe, expect, test } from 'vitest'
import { ALL, recordOf, synced } from '../helpers/full-sync.ts'
import { hosted } from '../helpers/github.ts'
import {
  began,
  gotSource,
  lookedAt,
  patched,
  purged,
  scenario,
  temporaryFolder,
  uploaded,
} from '../helpers/scenario.ts'

const PATH = '.github/imgix.yml'
const YAML = `"img/**":
  categories: [product]
  custom_fields: { department: shop, SKU: 0042 }
img/hero.png:
  name: Hero
  tags: { Hero: 1 }
`
const FILES = { [PATH]: YAML, 'dist/img/hero.png': 'h', 'dist/img/shoe.png': 's', 'dist/logo.png': 'l' }
const CHANGED = { files: FILES, inputs: { root: 'dist', metadata: PATH } }
const FULL = { files: FILES, inputs: { metadata: PATH } }
const PRODUCT = { categories: ['product'], custom_fields: { department: 'shop', SKU: '0042' } }
const HERO = { ...PRODUCT, name: 'Hero', tags: { Hero: 1 }, description: null }
const listedWithAll =
  'GET /api/v1/sources/SRC/assets?page[limit]=100&sort=date_created&fields[assets]=origin_path,file_size,custom_fields,categories,description,name,tags -> 200'

describe('in mode changed', () => {
  test('an asset gets its attributes after its upload, in one PATCH, where it differs', async () => {
    const { imgix, push, asked, asset } = await scenario(CHANGED)
    imgix.put('img/hero.png', 'old')
    Object.assign(asset('img/hero.png'), { categories: ['Summer'], custom_fields: { department: 'x', by: 'Ann' } })
    const { code, log, errors, report } = await push({ 'dist/img/hero.png': 'new', 'dist/logo.png': 'new' })
    const hero = { path: 'dist/img/hero.png', originPath: 'img/hero.png' }
    expect(report?.updates).toEqual([{ ...hero, result: 'updated' }])
    expect([code, errors, asked().sort()]).toEqual([
      ...[0, []],
      [
        ...[...began, lookedAt('img/hero.png'), patched('img/hero.png'), purged, purged],
        ...[uploaded('img/hero.png'), uploaded('logo.png')],
      ].sort(),
    ])
    expect(asset('img/hero.png')).toEqual({
      ...HERO,
      categories: ['Summer', 'product'],
      custom_fields: { department: 'shop', SKU: '0042', by: 'Ann' },
    })
    expect(log).toContain('updated the metadata of dist/img/hero.png')
    const again = await push({ 'dist/img/hero.png': 'newer' }, { purge: 'false' })
    expect(again.report?.updates).toEqual([{ ...hero, result: 'same' }])
    expect(asked().slice(-3)).toEqual([...began, uploaded('img/hero.png')])
  })

  test('a change of the file alone updates what it touches, and uploads nothing', async () => {
    const { imgix, push, asked, asset } = await scenario(CHANGED)
    for (const path of ['img/hero.png', 'img/shoe.png', 'logo.png']) imgix.put(path, 'x')
    const { code, log, outputs } = await push({ [PATH]: YAML.replace('Hero\n', 'Heroine\n') }, {}, { depth: 1 })
    expect([code, asked()]).toEqual([0, [lookedAt('img/hero.png'), patched('img/hero.png')]])
    expect(asset('img/hero.png')).toEqual({ ...HERO, name: 'Heroine' })
    expect(log).toContain('0 uploads (0 B), 1 update of attributes, 0 purges, about 1 s by the rate limits')
    expect(outputs).toMatchObject({ 'uploaded-count': '0', 'failed-count': '0' })
  })

  test('a file that is new touches all that it names; one that only moves its lines touches none', async () => {
    const { imgix, push, asked } = await scenario({ ...CHANGED, files: { ...FILES, [PATH]: '' } })
    for (const path of ['img/hero.png', 'img/shoe.png', 'logo.png']) imgix.put(path, 'x')
    await push({ [PATH]: YAML })
    expect(asked().sort()).toEqual(
      ['img/hero.png', 'img/shoe.png'].flatMap((path) => [lookedAt(path), patched(path)]).sort(),
    )
    const before = asked().length
    const run = await push({ [PATH]: `# moved\n\n${YAML}` })
    expect([run.code, asked().length]).toEqual([0, before])
  })

  test('a dry run says what it would update', async () => {
    const { push, asked } = await scenario(CHANGED)
    const { code, log } = await push({ [PATH]: YAML.replace('Hero\n', 'Heroine\n') }, { 'dry-run': 'true' })
    expect([code, asked(), log]).toEqual([0, [], expect.stringContaining('update the metadata of dist/img/hero.png\n')])
  })

  test('without git the file counts for uploads only, and a warning says so', async () => {
    const { site, job, pushOf, asset, asked } = await hosted({ files: FILES })
    const before = site.head()
    site.write({ [PATH]: YAML.replace('Hero\n', 'Heroine\n'), 'dist/img/shoe.png': 'new' })
    const inputs = { root: 'dist', metadata: PATH, purge: 'false' }
    const { code, annotations } = await job(pushOf(before, site.commit()), { inputs, env: { PATH: temporaryFolder() } })
    expect([code, asked(), asset('img/shoe.png').categories]).toEqual([
      ...[0, [...began, uploaded('img/shoe.png'), lookedAt('img/shoe.png'), patched('img/shoe.png')]],
      ['product'],
    ])
    expect(annotations.map(({ level, message }) => [level, message])).toContainEqual([
      'warning',
      expect.stringMatching(/^metadata: without git and the base commit the earlier version of the file is unknown/),
    ])
  })

  test('an asset that the Source lacks fails the run, with a remedy', async () => {
    const { push } = await scenario(CHANGED)
    const { code, errors } = await push({ [PATH]: YAML.replace('Hero\n', 'Heroine\n') })
    expect([code, errors]).toEqual([
      1,
      [
        expect.stringMatching(
          /^dist\/img\/hero.png: its metadata was not set: the Source has no such asset; run once with mode: all, .* \(404\)$/,
        ),
      ],
    ])
  })

  test('an upload goes through, though its attributes can not be set: the run fails', async () => {
    const { imgix, push, stored } = await scenario(CHANGED)
    imgix.fault({ on: { method: 'PATCH' }, times: Infinity, do: { answer: { status: 400 } } })
    const changed = { 'dist/img/hero.png': 'new', 'dist/logo.png': 'new' }
    const { code, errors, outputs, summary, annotations } = await push(changed)
    expect([code, stored(), outputs['purged-count'], outputs['failed-count']]).toEqual([
      ...[1, ['img/hero.png', 'logo.png'], '2', '0'],
    ])
    const line = /^dist\/img\/hero.png: its metadata was not set: imgix does not accept the change; .* \(400 BadRequest/
    expect(errors).toEqual([expect.stringMatching(line)])
    expect(annotations[0]?.properties).toMatchObject({ file: 'dist/img/hero.png' })
    expect(summary).toMatch(
      /^### ❌ imgix: 2 files published; 1 asset needs you[\s\S]*: its metadata was not set: .*hero\.png/,
    )
  })

  test('a key that may not edit ends the run, once', async () => {
    const { imgix, push } = await scenario(CHANGED)
    imgix.put('img/hero.png', 'x')
    imgix.fault({ on: { method: 'PATCH' }, times: Infinity, do: { answer: { status: 403 } } })
    const { code, errors } = await push({ [PATH]: YAML.replace('Hero\n', 'Heroine\n') })
    expect([code, errors]).toEqual([
      1,
      [expect.stringMatching(/^api-key: the key lacks the permission Asset Manager Edit/)],
    ])
  })
})

describe('in mode all', () => {
  test('a first sync sets attributes and records in one PATCH each', async () => {
    const { asked, asset } = await synced(FULL)
    expect(asked().slice(0, 2)).toEqual([gotSource, listedWithAll])
    expect(asked().filter((line) => line.startsWith('PATCH'))).toHaveLength(3)
    expect(asset('img/hero.png')).toEqual({
      ...HERO,
      custom_fields: { ...PRODUCT.custom_fields, 'imgix-sync': recordOf('h') },
    })
    expect(asset('logo.png').custom_fields).toEqual({ 'imgix-sync': recordOf('l') })
  })

  test('a second sync changes nothing', async () => {
    const { run, since } = await synced(FULL)
    const { code } = await run()
    expect([code, since()]).toEqual([0, [gotSource, listedWithAll]])
  })

  test('a change of the file, or of the asset from outside: that asset alone', async () => {
    const { site, run, since, asset } = await synced(FULL)
    site.write({ [PATH]: `${YAML.replace('Hero\n', 'Heroine\n')}imgs/x.png: { name: x }\n` })
    Object.assign(asset('img/shoe.png'), { categories: [] })
    const { code, log, outputs } = await run()
    expect([code, outputs['uploaded-count'], since().slice(2).sort()]).toEqual([
      ...[0, '0'],
      ['img/hero.png', 'img/shoe.png'].flatMap((path) => [lookedAt(path), patched(path)]).sort(),
    ])
    expect(asset('img/hero.png')).toMatchObject({
      name: 'Heroine',
      custom_fields: { ...PRODUCT.custom_fields, 'imgix-sync': recordOf('h') },
    })
    expect(log).toContain("metadata: no file matches 'imgs/x.png'\n")
    expect([asset('img/shoe.png').categories, log]).toEqual([
      ['product'],
      expect.stringContaining('2 updates of attributes'),
    ])
  })

  test('a PATCH that fails leaves its record out, too: the next run makes up for both', async () => {
    const { imgix, run, asset } = await scenario({ files: FILES, inputs: { ...ALL, metadata: PATH } })
    imgix.fault({ on: { method: 'PATCH', path: /hero/ }, do: { answer: { status: 400 } } })
    const first = await run({ purge: 'false' })
    expect([first.code, first.errors.length, first.outputs['uploaded-count']]).toEqual([1, 1, '3'])
    const second = await run({ purge: 'false' })
    expect([second.code, second.outputs.uploaded]).toEqual([0, '["img/hero.png"]'])
    expect(asset('img/hero.png')).toMatchObject({ name: 'Hero' })
  })
})

describe('a metadata file that can not be used ends the run before any request', () => {
  test.each([
    [
      'all its errors, each with its place',
      '"img/**":\n  categories: product\n  discription: x\n"*.png": { tags: { Hero: 2 } }\n',
      [
        /^\.github\/imgix\.yml:2:15: categories is the text 'product'; allowed is a list of texts/,
        /^\.github\/imgix\.yml:3:3: 'discription' is not known; allowed are categories/,
        /^\.github\/imgix\.yml:4:26: the tag 'Hero' is the number '2'; allowed is a confidence from 0 to 1/,
      ],
    ],
    ['YAML that is none', 'a: [\n', [/^\.github\/imgix\.yml:\d:\d: /]],
  ])('%s', async (_, yaml, expected) => {
    for (const inputs of [{}, ALL]) {
      const { run, asked, site } = await scenario(CHANGED)
      site.write({ [PATH]: yaml })
      const { code, errors, annotations } = await run(inputs)
      expect([code, asked(), errors]).toEqual([1, [], expected.map((line) => expect.stringMatching(line))])
      expect(
        annotations.map(({ properties: { file, line, col }, message }) => [`${file}:${line}:${col}`, message]),
      ).toEqual(errors.map((line) => [line.split(': ')[0], line]))
    }
  })

  test('many errors: the first hundred', async () => {
    const { run, site } = await scenario(CHANGED)
    site.write({ [PATH]: 'a: { b: c }\n'.repeat(250) })
    const { errors, log } = await run()
    expect([errors.length, log.split('\n').filter((line) => line.startsWith(`${PATH}:`)).length]).toEqual([50, 50])
    expect(log).toContain('and 150 more problems')
  })

  test.each([
    ['that is not there', 'none.yml'],
    ['that is a folder', 'dist'],
    ['outside the workspace', '../x.yml'],
    ['by an absolute path', '/etc/hostname'],
  ])('one %s', async (_, metadata) => {
    const { run, asked } = await scenario(CHANGED)
    const { code, errors } = await run({ metadata })
    const message = `metadata: '${metadata}' is not allowed; a file inside the workspace, relative to it, and not in .git`
    expect([code, asked(), errors]).toEqual([1, [], [expect.stringContaining(message)]])
  })

  test('a link out of the workspace', async () => {
    const { run, asked, site } = await scenario(CHANGED)
    site.link('m.yml', '/etc/hostname')
    expect([(await run({ metadata: 'm.yml' })).code, asked()]).toEqual([1, []])
  })
})
