import { expect, test } from 'vitest'
import { gotSource, purged, scenario, url } from '../helpers/scenario.ts'

/** Every name with the path of its purge URL, written out: what @imgix/js-core makes of it. */
const names: Record<string, string> = {
  'two  spaces.png': 'two%20%20spaces.png',
  "it's.png": "it's.png",
  'say "cheese".png': 'say%20%22cheese%22.png',
  'a#b.png': 'a%23b.png',
  'what?.png': 'what%3F.png',
  '100%.png': '100%25.png',
  'a+b.png': 'a%2Bb.png',
  'a&b=c.png': 'a&b=c.png',
  '[a].png': '%5Ba%5D.png',
  '{a,b}.png': '%7Ba,b%7D.png',
  '(a).png': '(a).png',
  '*.png': '*.png',
  '!not.png': '!not.png',
  'a:b.png': 'a%3Ab.png',
  'me@2x.png': 'me@2x.png',
  'a;b$c~.png': 'a;b$c~.png',
  'tab\there.png': 'tab%09here.png',
  'new\nline.png': 'new%0Aline.png',
  'carriage\rreturn.png': 'carriage%0Dreturn.png',
  '-rf.png': '-rf.png',
  ' lead and trail .png': '%20lead%20and%20trail%20.png',
  '.hidden/.dot.png': '.hidden/.dot.png',
  'back\\slash.png': 'back%5Cslash.png',
  '%2e%2e.png': '%252e%252e.png',
  '%20.png': '%2520.png',
  '%.png': '%25.png',
  '...png': '...png',
  '😀.png': '%F0%9F%98%80.png',
  'caf\u00e9.png': 'caf%C3%A9.png',
  'cafe\u0301.png': 'cafe%CC%81.png',
  '\u202egnp.png': '%E2%80%AEgnp.png',
  '::error::x.png': '%3A%3Aerror%3A%3Ax.png',
  'x\n::error::injected.png': 'x%0A%3A%3Aerror%3A%3Ainjected.png',
  'x\r::warning::injected.png': 'x%0D%3A%3Awarning%3A%3Ainjected.png',
  '##[error]x.png': '%23%23%5Berror%5Dx.png',
  '`tick`.png': '%60tick%60.png',
  'a|b.png': 'a%7Cb.png',
  'a^b.png': 'a%5Eb.png',
  '<img src=x>.png': '%3Cimg%20src=x%3E.png',
  '</td></table><b>.png': '%3C/td%3E%3C/table%3E%3Cb%3E.png',
  'constructor/__proto__.png': 'constructor/__proto__.png',
  'upload/create/status/x.png': 'upload/create/status/x.png',
}
const files = Object.fromEntries(Object.keys(names).map((name) => [name, `bytes of ${name}`]))
/** Two of the names differ by their Unicode form alone. */
const twinsToo = { guards: 'off' }

test('every name that git can hold is stored under exactly that name and purged as pages request it', async () => {
  const { push, imgix, purges } = await scenario()
  const run = await push(files, twinsToo)
  expect([run.code, run.errors]).toEqual([0, []])
  const stored = [...imgix.objects].map(([name, { body }]) => [name, String(body)])
  expect(Object.fromEntries(stored)).toEqual(files)
  expect(purges()).toEqual(
    Object.values(names)
      .map((path) => url(path))
      .sort(),
  )
  expect(JSON.parse(String(run.outputs.uploaded)).sort()).toEqual(Object.keys(names).sort())
  expect(run.annotations).toEqual([])
})

test('the same names, deleted', async () => {
  const { push, asked, purges } = await scenario({ files })
  const run = await push(Object.fromEntries(Object.keys(names).map((name) => [name, null])))
  expect([run.code, run.errors]).toEqual([0, []])
  expect(asked()).toEqual([gotSource, ...Object.keys(names).map(() => purged)])
  expect(purges()).toEqual(
    Object.values(names)
      .map((path) => url(path))
      .sort(),
  )
})

test('in the summary a name is text', async () => {
  const { push } = await scenario()
  const run = await push(files, twinsToo)
  const summary = run.summary.replaceAll('&#8203;', '') // where a narrow page can break a name
  expect(summary).toContain('<code>&#60;img src=x&#62;.png</code>')
  expect(summary).toContain('<code>&#96;tick&#96;.png</code>')
  expect(summary).toContain('<code>x\\n::error::injected.png</code>')
  expect(
    summary.match(/<\w+/g)?.filter((tag) => !/^<(a|br|code|details|img|p|sub|summary|table|td|th|tr)$/.test(tag)),
  ).toEqual([])
  expect(summary.match(/<img /g)).toHaveLength(12)
  expect(summary.match(/<table>/g)).toHaveLength(1)
  expect(summary).not.toMatch(/[\u202e\r\t]/)
})

test('names that fail are annotations on the file, and give the runner no command', async () => {
  const hostile = ['::error::x.png', 'x\n::error file=a::y.png', 'a,line=1::b%0A.png', '##[error]x.png', '<b>`|.png']
  const { push, imgix } = await scenario()
  imgix.fault({ on: { path: /upload/ }, times: Infinity, do: { answer: { status: 400 } } })
  const run = await push(Object.fromEntries(hostile.map((name) => [name, 'x'])))
  expect(run.code).toBe(1)
  const properties = run.annotations.map(({ level, properties }) => [level, properties.file])
  expect(properties.filter(([, file]) => file).sort()).toEqual(hostile.map((name) => ['error', name]).sort())
  expect(run.errors).toHaveLength(hostile.length + 1)
  expect(run.errors.at(-1)).toBe('5 of 5 files failed')
  expect(run.errors.filter((message) => message.includes('\n'))).toEqual([])
  expect(JSON.parse(String(run.outputs.failed)).sort()).toEqual(hostile.sort())
  expect(run.summary).not.toMatch(/<b>`|`\||\n::error/)
})

test('a name that is no UTF-8 fails, the others go through', async () => {
  const { site, push, stored, purges } = await scenario()
  site.writeBytes(Buffer.from('caf\xe9.png', 'latin1'), 'latin')
  const run = await push({ 'a.png': 'a' })
  expect([run.code, stored(), purges()]).toEqual([1, ['a.png'], [url('a.png')]])
  expect(run.errors).toEqual([
    'caf\ufffd.png: its name is not UTF-8, so no URL can contain it: rename it',
    '1 of 2 files failed',
  ])
  expect(run.results).toEqual(['failed caf\ufffd.png', `purged ${url('a.png')}`, 'uploaded a.png'])
})

test('a deleted name that is no UTF-8 fails nothing', async () => {
  const { site, push, purges } = await scenario()
  site.writeBytes(Buffer.from('caf\xe9.png', 'latin1'), 'latin')
  site.commit()
  site.git('rm', '--quiet', '-r', '.')
  const run = await push({ 'a.png': 'a' })
  expect([run.code, run.errors, purges()]).toEqual([0, [], [url('a.png')]])
})

test('a prefix and a root: the origin path is the one plus what is below the other', async () => {
  const { push, stored, purges } = await scenario({ files: { 'a/files2/no.png': 'old' } })
  const inputs = { root: 'a/files', prefix: '/site one/img/', files: '*.png\n# a comment\n!skip*\nskip-not.png' }
  const run = await push(
    {
      ...{ 'a/files/1 a.png': '1', 'a/files/skip.png': '2', 'a/files/skip-not.png': '3', 'a/files/deep/4.png': '4' },
      ...{ 'a/files2/no.png': 'new', 'a/filesystem.png': '5', 'files/6.png': '6', '7.png': '7' },
    },
    inputs,
  )
  expect([run.code, run.errors]).toEqual([0, []])
  expect(stored()).toEqual(['site one/img/1 a.png', 'site one/img/skip-not.png'])
  expect(purges()).toEqual([url('site%20one/img/1%20a.png'), url('site%20one/img/skip-not.png')])
  expect(run.outputs.uploaded).toBe('["site one/img/1 a.png","site one/img/skip-not.png"]')
})

test('by default images, PDFs and videos are taken, in any case of letters; pages and scripts are not', async () => {
  const { push, stored } = await scenario()
  const images = ['a.PNG', 'b.Jpeg', 'c.pdf', 'd.MP4', 'e.svg', 'f.avif', 'g.heic', 'h.psd', '.well-known/i.webp']
  const others = ['index.html', 'app.js', 'font.woff2', 'x.png.txt', 'png', 'data.json', 'style.css', '.env']
  await push(Object.fromEntries([...images, ...others].map((name) => [name, name])))
  expect(stored()).toEqual(images.sort())
})
