import { describe, expect, test } from 'vitest'
import { ALL, FILES, synced } from '../helpers/full-sync.ts'
import { gotSource, listed, scenario, url } from '../helpers/scenario.ts'

describe('a dry run', () => {
  test('with a key: what is new, changed and unchanged, and what only the Source has', async () => {
    const { site, imgix, run, since } = await synced()
    site.write({ 'dist/a.png': 'eno', 'dist/new.png': 'n', 'dist/unknown.png': 'u' })
    for (const path of ['unknown.png', 'old/<gone>.png', 'gone.txt']) imgix.put(path, 'u')
    const { code, log, summary, outputs } = await run({ 'dry-run': 'true' })
    expect([code, since()]).toEqual([0, [gotSource, listed()]])
    expect(log).toContain(
      'Compared with the Source: 1 unchanged, 1 changed, 1 new, 1 without a record of their bytes, 1 only at the Source\n',
    )
    expect(log).toContain("/old/<gone>.png: only at the Source, left as it is: imgix's API can't delete it")
    expect(log).toContain('upload dist/new.png to /new.png (1 B, new, direct, image/png)')
    expect(log).toContain('upload dist/a.png to /a.png (3 B, changed, direct, image/png)')
    expect(log).toContain('upload dist/unknown.png to /unknown.png (1 B, direct, image/png)')
    expect(log).toContain('skipped dist/img/b c.png: unchanged: the Source holds these bytes')
    expect(log).toContain('dry run: 3 files would be uploaded, 3 URLs purged; nothing was changed')
    expect(summary).toMatch(
      /<code>a\.png<\/code><\/a><\/td><td>changed, would be published<br><sub>3&#160;B<\/sub><\/td>/,
    )
    expect(summary).toContain('<td><sub>dist/</sub> <code>new.png</code></td>') // it is in no commit, so no page has it
    expect(summary).toContain("1 asset only at the Source: left there, as imgix's API has no delete call")
    expect(summary).toContain('<p><code>/old/&#60;gone&#62;.png</code></p>')
    expect(summary).not.toMatch(/delete[sd]/)
    expect(outputs).toMatchObject({ uploaded: '[]', purged: '[]', skipped: '["img/b c.png"]' })
  })

  test('with a prefix: what only the Source has below it', async () => {
    const { imgix, run } = await synced({ inputs: { prefix: 'site' } })
    for (const path of ['gone.png', 'site/gone.png', 'sites/gone.png']) imgix.put(path, 'x')
    const { log } = await run({ 'dry-run': 'true' })
    expect(log).toContain('0 new, 1 only at the Source\n')
    expect(log).toContain('/site/gone.png: only at the Source')
  })

  test('a file that can not be taken is not called gone', async () => {
    const { imgix, site, run } = await synced()
    site.link('dist/broken.png', 'nothing')
    imgix.put('broken.png', 'x')
    const { log, errors } = await run({ 'dry-run': 'true' })
    expect(log).toContain('Compared with the Source: 2 unchanged, 0 changed, 0 new\n')
    expect(errors[0]).toBe(
      "dist/broken.png: a symbolic link whose target can't be reached (ENOENT): put the target back, or the file itself in place of the link",
    )
  })

  test('without a key: every file, no request, and it is said that nothing is compared', async () => {
    const { imgix, run } = await scenario({ files: FILES, inputs: ALL })
    const { code, log, outputs } = await run({ 'dry-run': 'true', 'api-key': '', 'source-id': '' })
    expect([code, imgix.requests.length, outputs['skipped-count']]).toEqual([0, 0, '0'])
    expect(log).toContain('without api-key and source-id nothing is compared with the Source, so every file is taken')
    expect(log).toContain('dry run: 2 files would be uploaded')
  })
})

describe('shards', () => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`dist/img/${at}.png`, `file ${at}`]))

  test('upload every file together, each once, and then none', async () => {
    const { run, stored, asked } = await scenario({ files, inputs: { ...ALL, purge: 'false' } })
    const runs = await Promise.all(['1/3', '2/3', '3/3'].map((shard) => run({ shard })))
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(stored()).toHaveLength(30)
    expect(asked().filter((line) => line.includes('/upload/'))).toHaveLength(30)
    const counts = runs.map(({ outputs }) => Number(outputs['uploaded-count']))
    expect([counts.reduce((sum, count) => sum + count, 0), Math.min(...counts) > 0]).toEqual([30, true])
    expect(runs[0]?.log).toContain(
      `30 of 30 files below dist/ match the files patterns, ${counts[0]} of those in this shard`,
    )
    const again = await run({ shard: '2/3', 'dry-run': 'true' })
    expect(again.log).toContain(`Compared with the Source: ${counts[1]} unchanged, 0 changed, 0 new\n`)
  })

  test('each says of its own part what only the Source has', async () => {
    const { site, run } = await synced({ files })
    site.write({ 'dist/img/7.png': null })
    const runs = await Promise.all(['1/3', '2/3', '3/3'].map((shard) => run({ shard, 'dry-run': 'true' })))
    expect(runs.filter(({ log }) => log.includes('/img/7.png: only at the Source'))).toHaveLength(1)
  })

  test('one without files is green, with a reason, and asks nothing', async () => {
    const { run, imgix } = await scenario({ files: { 'dist/a.png': 'a' }, inputs: ALL })
    const runs = await Promise.all(['1/3', '2/3', '3/3'].map((shard) => run({ shard, 'dry-run': 'true' })))
    const empty = runs.filter(({ log }) => log.includes('0 files would be uploaded'))
    expect([runs.map(({ code }) => code), empty.length, imgix.requests.length]).toEqual([[0, 0, 0], 2, 2])
    const reason = '1 of 1 file below dist/ matches the files patterns, none of those in this shard'
    expect([empty[0]?.summary, empty[0]?.log]).toEqual([
      expect.stringContaining(reason),
      expect.stringContaining(reason),
    ])
  })

  test('of an empty folder fail all of them', async () => {
    const { run } = await scenario({ files: { 'README.md': 'x' }, inputs: ALL })
    expect((await run({ shard: '2/3' })).errors).toEqual([expect.stringMatching(/^root: there is no folder 'dist'/)])
  })

  test('in mode changed, too: uploads and purges of deleted files', async () => {
    const { site, run, stored, purges } = await scenario({ files: { 'old.png': 'o', 'older.png': 'o' } })
    const before = site.head()
    const pushed = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`${at}.png`, 'x']))
    site.write({ ...pushed, 'old.png': null, 'older.png': null })
    const event = site.pushEvent(before, site.commit())
    const runs = await Promise.all(['1/2', '2/2'].map((shard) => run({ shard }, { event })))
    const all = [...Object.keys(pushed), 'old.png', 'older.png'].map((path) => url(path))
    expect([stored(), purges()]).toEqual([Object.keys(pushed).sort(), all.sort()])
    expect(runs[0]?.log).toMatch(
      /14 of 14 changed files between \w+ and \w+ match the files patterns, \d+ of those in this shard/,
    )
  })

  test.each(['0/3', '4/3', '1', 'a/b'])('%s is none', async (shard) => {
    const { run, asked } = await scenario({ files: FILES, inputs: ALL })
    const { code, errors } = await run({ shard })
    expect([code, asked(), errors]).toEqual([
      1,
      [],
      [`shard: '${shard}' is not allowed; i/n, i from 1 to n, n up to 256`],
    ])
  })
})

test('names of every kind are found again', async () => {
  const names = ['a b#?%.png', 'e\u0301.png', '\u00e9.png', '😀.png', 'new\nline.png', '+&=.png', "it's.png", '(1).png']
  const files = Object.fromEntries(names.map((name) => [`dist/${name}`, name]))
  const { run, since } = await synced({ files, inputs: { guards: 'off' } })
  const { code, outputs } = await run()
  expect([code, outputs['skipped-count'], since()]).toEqual([0, String(names.length), [gotSource, listed()]])
})

test('links: inside the workspace they are followed, what leads out fails by itself', async () => {
  const { site, run, stored } = await scenario({ files: { ...FILES, 'shared/s.png': 's' }, inputs: ALL })
  site.link('dist/folder', '../shared')
  site.link('dist/out.png', '/etc/passwd')
  site.link('dist/outside', '/etc')
  const { code, errors, annotations } = await run()
  expect([code, stored()]).toEqual([1, ['a.png', 'folder/s.png', 'img/b c.png']])
  expect(errors).toEqual([
    'dist/out.png: a symbolic link that leaves the workspace, which is never followed: put the file itself in its place',
    '1 of 4 files failed',
  ])
  expect(annotations.filter(({ level }) => level === 'warning')).toEqual([
    expect.objectContaining({
      message:
        'dist/outside: a symbolic link to a folder outside the workspace or in .git, which is never followed: put the files themselves there',
      properties: expect.objectContaining({ file: 'dist/outside' }),
    }),
  ])
  const all = await run({ files: '**/*', 'dry-run': 'true' })
  expect(all.errors).toContain(
    'dist/outside: a symbolic link that leaves the workspace, which is never followed: put the file itself in its place',
  )
})

test('upload: false purges every file that matches, and compares nothing', async () => {
  const { run, purges, since } = await synced()
  const { code } = await run({ upload: 'false' })
  expect([code, purges(), since().length]).toEqual([0, [url('a.png'), url('img/b%20c.png')], 3])
})
