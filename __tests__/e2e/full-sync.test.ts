import { describe, expect, test } from 'vitest'
import { ALL, FILES, recordOf, type Synced, synced } from '../helpers/full-sync.ts'
import { gotSource, listed, lookedAt, patched, purged, scenario, uploaded, url } from '../helpers/scenario.ts'
import { createTree } from '../helpers/tree.ts'

const uploads = (asked: readonly string[]): string[] => asked.filter((line) => line.includes('/upload/'))

describe('a first sync', () => {
  test('uploads every file that matches, records its bytes and purges it', async () => {
    const { run, asked, stored, asset } = await scenario({ files: FILES, inputs: ALL })
    const { code, outputs, log, report, annotations } = await run()
    expect([code, stored(), annotations]).toEqual([0, ['a.png', 'img/b c.png'], []])
    expect(asked().slice(0, 2)).toEqual([gotSource, listed()])
    expect(asked().slice(2).sort()).toEqual(
      [...['a.png', 'img/b%20c.png'].flatMap((path) => [uploaded(path), patched(path)]), purged, purged].sort(),
    )
    expect(asset('a.png').custom_fields).toEqual({ 'imgix-sync': recordOf('one') })
    expect(outputs).toMatchObject({ uploaded: '["a.png","img/b c.png"]', base: '', 'base-strategy': 'all' })
    expect(report).toMatchObject({ mode: 'all', files: [{ change: 'added' }, { change: 'added' }] })
    expect(log).toContain('mode: all, so every matching file is compared with the Source')
    expect(log).toContain('2 of 3 files below dist/ match the files patterns')
    expect(log).toContain('Compared with the Source: 0 unchanged, 0 changed, 2 new\n')
    expect(log).toContain('upload dist/a.png to /a.png (3 B, new, direct, image/png)')
  })

  test('of files that git does not know, and of a folder that is in no repository', async () => {
    const { run, site, stored, imgix } = await scenario({ files: { '.gitignore': 'dist\n' }, inputs: ALL })
    site.write({ 'dist/built.png': 'b' })
    const first = await run()
    expect([first.code, stored(), first.outputs.head]).toEqual([0, ['built.png'], site.head()])
    const workspace = createTree({ 'dist/built.png': 'b', 'dist/more.png': 'm' })
    const second = await run({}, { workspace })
    expect([second.code, second.errors, stored()]).toEqual([0, [], ['built.png', 'more.png']])
    expect(second.outputs).toMatchObject({ uploaded: '["more.png"]', skipped: '["built.png"]', head: '', base: '' })
    expect(second.log).not.toContain('head:')
    expect(imgix.violations).toBe(0)
  })

  test('untracked: ignore takes what git tracks, and the log says how many files it leaves out', async () => {
    const { run, site, stored } = await scenario({ files: FILES, inputs: ALL })
    site.write({ 'dist/left.png': 'l' })
    const { code, log } = await run({ untracked: 'ignore' })
    expect([code, stored()]).toEqual([0, ['a.png', 'img/b c.png']])
    expect(log).toContain(
      'untracked: ignore, so the run leaves out 1 of 3 matching files that git does not track: dist/left.png',
    )
  })

  test('where the patterns point, with a warning of the line that points nowhere', async () => {
    const { run, stored } = await scenario({ files: FILES, inputs: ALL })
    const { code, annotations } = await run({ files: "img/*\n'*.png'" })
    expect([code, stored()]).toEqual([0, ['img/b c.png']])
    expect(annotations).toEqual([
      expect.objectContaining({
        level: 'warning',
        message: "files: line 2, '*.png', matches no file: quotes are part of a pattern; write *.png",
      }),
    ])
  })

  test('without git on the PATH', async () => {
    const { run, stored } = await scenario({ files: FILES, inputs: ALL })
    const { code, errors } = await run({}, { env: { PATH: '/nowhere' } })
    expect([code, errors, stored()]).toEqual([0, [], ['a.png', 'img/b c.png']])
  })

  test('with a prefix', async () => {
    const { run, stored, since } = await synced({ inputs: { prefix: 'site' } })
    expect(stored()).toEqual(['site/a.png', 'site/img/b c.png'])
    await run()
    expect(since()).toEqual([gotSource, listed()])
  })
})

describe('a second sync', () => {
  test('of what did not change: no upload, no purge, one list', async () => {
    const { run, since } = await synced()
    const { code, outputs, log, summary } = await run()
    expect([code, since()]).toEqual([0, [gotSource, listed()]])
    expect(outputs).toMatchObject({ uploaded: '[]', purged: '[]', skipped: '["a.png","img/b c.png"]', failed: '[]' })
    expect(log).toContain('Compared with the Source: 2 unchanged, 0 changed, 0 new\n')
    expect(log).toContain('skipped dist/a.png: unchanged: the Source holds these bytes')
    expect(summary).toContain('### ✅ imgix: everything is published already')
  })

  test.each([
    ['an edit', 'changed', 'the Source holds another size', (s: Synced) => s.site.write({ 'dist/a.png': 'longer' })],
    [
      'an edit of the same size',
      'changed',
      'the Source holds other bytes',
      (s: Synced) => s.site.write({ 'dist/a.png': 'eno' }),
    ],
    ['a size that drifted', 'changed', 'the Source holds another size', (s: Synced) => s.imgix.put('a.png', 'drifted')],
  ])('after %s: that file alone', async (_, word, reason, change) => {
    const site = await synced()
    change(site)
    const { code, outputs, log } = await site.run()
    expect([code, outputs.uploaded, outputs.purged]).toEqual([0, '["a.png"]', `["${url('a.png')}"]`])
    const [source, list, look, drop, upload, ...rest] = site.since()
    const before = [gotSource, listed(), lookedAt('a.png'), patched('a.png'), uploaded('a.png')]
    expect([source, list, look, drop, upload]).toEqual(before)
    expect(rest.sort()).toEqual([patched('a.png'), purged])
    expect(log).toContain(`/a.png: ${reason}`)
    expect(log).toMatch(new RegExp(`upload dist/a.png to /a.png \\(\\d B, ${word}, direct, image/png\\)`))
    expect((await site.run()).outputs).toMatchObject({ uploaded: '[]', 'skipped-count': '2' })
  })

  test.each([
    [
      'a file that was lost',
      'added',
      ({ imgix }: Synced) => [imgix.objects, imgix.assets].map((map) => map.delete('a.png')),
    ],
    [
      'a record that was lost',
      'present',
      ({ asset }: Synced) => Object.assign(asset('a.png'), { custom_fields: null }),
    ],
    [
      'a record that is none',
      'modified',
      ({ asset }: Synced) => Object.assign(asset('a.png'), { custom_fields: { 'imgix-sync': 'x' } }),
    ],
  ])('after %s: it is uploaded and recorded again', async (_, change, lose) => {
    const site = await synced()
    lose(site)
    const { report, outputs } = await site.run()
    expect([outputs.uploaded, report]).toMatchObject(['["a.png"]', { files: [{ change }, { result: 'skipped' }] }])
    expect(site.asset('a.png').custom_fields).toEqual({ 'imgix-sync': recordOf('one') })
  })

  test('what the listing can not show is not seen; force uploads it', async () => {
    const { run, imgix, since, asset } = await synced()
    imgix.put('a.png', 'eno') // from outside: the same size, and the record is as it was
    expect((await run()).outputs.uploaded).toBe('[]')
    const forced = await run({ force: 'true' })
    expect(forced.outputs).toMatchObject({ uploaded: '["a.png","img/b c.png"]', 'purged-count': '2' })
    expect(String(imgix.objects.get('a.png')?.body)).toBe('one')
    expect(uploads(since())).toHaveLength(2)
    expect(asset('a.png').custom_fields).toEqual({ 'imgix-sync': recordOf('one') })
  })

  test('a forced run whose purges fail leaves no record that says that nothing is to be done', async () => {
    const { run, imgix } = await synced()
    imgix.fault({ on: { path: '/api/v1/purge' }, times: 2, do: { answer: { status: 400 } } })
    expect((await run({ force: 'true' })).outputs).toMatchObject({ 'uploaded-count': '2', 'purged-count': '0' })
    expect((await run()).outputs).toMatchObject({ 'uploaded-count': '2', 'purged-count': '2' })
  })

  test('what others set of an asset survives', async () => {
    const { run, site, asset } = await synced()
    const theirs = { categories: ['Dogs'], tags: { Dog: 0.5 }, name: 'Luke', description: 'A dog' }
    Object.assign(asset('a.png'), theirs, {
      custom_fields: { 'Dog name': 'Luke', n: 1, 'imgix-sync': recordOf('one') },
    })
    site.write({ 'dist/a.png': 'new bytes' })
    await run()
    expect(asset('a.png')).toEqual({
      ...theirs,
      custom_fields: { 'Dog name': 'Luke', n: 1, 'imgix-sync': recordOf('new bytes') },
    })
  })

  test('of many: the list has pages', async () => {
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`dist/${at}.png`, `${at}`]))
    const { run, since } = await synced({ files: many })
    const { outputs, summary } = await run()
    expect([outputs['skipped-count'], since()]).toEqual(['201', [gotSource, listed(), listed(100), listed(200)]])
    expect(summary).toContain('<details><summary>All 201 files</summary>')
  })
})

describe('nothing to sync is an error, never an empty green run', () => {
  test.each([
    ['a folder that is not there', { root: 'build' }, /^root: there is no folder 'build': did the build step fail/],
    [
      'patterns that take nothing',
      { files: '*.gif' },
      /^files: none of the 3 files below 'dist' matches: check the patterns/,
    ],
  ])('%s', async (_, inputs, message) => {
    const { run, asked } = await scenario({ files: FILES, inputs: ALL })
    const { code, errors } = await run(inputs)
    expect([code, asked(), errors]).toEqual([1, [], [expect.stringMatching(message)]])
  })

  test('not a Source that is not there', async () => {
    const { run } = await scenario({ files: FILES, inputs: ALL, imgix: { permissions: ['edit', 'purge'] } })
    const { code, errors } = await run({ 'source-id': 'OTHER', domains: 'a.imgix.net' })
    expect([code, errors]).toEqual([1, [expect.stringMatching(/^source-id: imgix has no Source 'OTHER'/)]])
  })
})

test('a base is not looked at', async () => {
  const { run } = await scenario({ files: FILES, inputs: ALL })
  const { code, log } = await run({ base: 'v1' })
  expect([code, log]).toEqual([0, expect.stringContaining("base: 'v1' has no effect in mode: all")])
})
