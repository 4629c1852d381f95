import { expect, test } from 'vitest'
import { DEFAULTS } from '../../src/inputs/defaults.ts'
import { compilePatterns } from '../../src/inputs/patterns.ts'
import { findDisagreement, START_BYTES } from '../../src/plan/guards/magic-bytes.ts'
import { SAMPLES, startOf, UNMARKED_SAMPLES } from '../helpers/file-starts.ts'

const EXTENSIONS = [...new Set([...SAMPLES, ...UNMARKED_SAMPLES].flatMap(([, extensions]) => extensions))]
const byDefault = compilePatterns(DEFAULTS.files)

test('every default extension has a sample', () => {
  const last = (line: string) =>
    line
      .replace('**/*.', '')
      .replace(/\[(.).*?\]/g, '$1')
      .toLowerCase()
  const selected = DEFAULTS.files.split('\n').filter((line) => line !== '')
  expect(selected.map(last).filter((extension) => !EXTENSIONS.includes(extension))).toEqual([])
  expect(EXTENSIONS.filter((extension) => !byDefault(`a.${extension}`))).toEqual(['svgz'])
})

test.each(SAMPLES)('%s may be called %s, and nothing else', (_, extensions, start) => {
  const agreeing = EXTENSIONS.filter((extension) => findDisagreement(`a.${extension}`, start) === undefined)
  expect(agreeing.sort()).toEqual([...extensions].sort())
})

test.each(UNMARKED_SAMPLES)('%s has no mark, so it may be called anything', (_, _extensions, start) => {
  expect(EXTENSIONS.filter((extension) => findDisagreement(`a.${extension}`, start) !== undefined)).toEqual([])
})

test.each([
  ['a.PNG', 'png'],
  ['folder.jpg/a.Png', 'png'],
  ['.png', 'png'],
])('%s is a name for a PNG', (path, extension) => {
  expect(findDisagreement(path, startOf(extension))).toBeUndefined()
  expect(findDisagreement(path, startOf('gif'))).toContain('a GIF image')
})

test.each([
  'a',
  'png',
  'a.png/b',
  'a.html',
  'a.txt',
  'a.css',
  'a.woff2',
  'a.json',
  'a.',
  'a.__proto__',
  'a.constructor',
])('%s has no format that is known', (path) => {
  for (const [, , start] of SAMPLES) expect(findDisagreement(path, start)).toBeUndefined()
})

test.each([
  ['a.jpg', 'png', 'a PNG image', 'png'],
  ['a.png', 'jpg', 'a JPEG image', 'jpg'],
  ['a.JPEG', 'webp', 'a WebP image', 'webp'],
  ['a.png', 'webp', 'a WebP image', 'webp'],
  ['a.jpg', 'heic', 'a HEIF image', 'heic'],
  ['a.heic', 'jpg', 'a JPEG image', 'jpg'],
  ['a.png', 'avif', 'an AVIF image', 'avif'],
  ['a.png', 'gif', 'a GIF image', 'gif'],
  ['a.png', 'svg', 'an SVG image', 'svg'],
  ['a.svg', 'png', 'a PNG image', 'png'],
  ['a.svg', 'svgz', 'gzip-compressed', 'svgz'],
  ['a.jpg', 'pdf', 'a PDF document', 'pdf'],
  ['a.pdf', 'eps', 'PostScript', 'eps'],
  ['a.ico', 'gif', 'a GIF image', 'gif'],
  ['a.gif', 'mp4', 'an MP4 or QuickTime video', 'mp4'],
  ['a.mp4', 'webm', 'a WebM video', 'webm'],
  ['a.mp4', 'heic', 'a HEIF image', 'heic'],
])('%s that begins like .%s', (path, like, name, extension) => {
  expect(findDisagreement(path, startOf(like))).toBe(
    `its bytes are ${name}, but it is called .${path.slice(2).toLowerCase()}: rename it to .${extension}, or convert it`,
  )
})

const ERROR_PAGE = '<!DOCTYPE html>\n<html lang="en"><head><title>404 Not Found</title>'
const S3_ERROR = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>'

test.each([
  ['.png', 'PK\x03\x04\x14\0', 'a ZIP archive'],
  ['.png', ERROR_PAGE, 'an HTML page'],
  ['.svg', ERROR_PAGE, 'an HTML page'],
  ['.mp4', ERROR_PAGE, 'an HTML page'],
  ['.svg', '<!doctype html>', 'an HTML page'],
  ['.pct', '\n\n<html>', 'an HTML page'],
  ['.pdf', '<script>location = "/login"</script>', 'an HTML page'],
  ['.jpg', S3_ERROR, 'an XML document'],
  ['.svg', S3_ERROR, 'an XML document'],
  ['.svg', '<!-- nothing else -->', 'an XML document'],
  ['.jpg', '{"message": "Not Found"}', 'JSON'],
  ['.webm', 'RIFF\x10\0\0\0AVI LIST', 'an AVI video'],
])('a %s that begins with %j', (extension, content, name) => {
  expect(findDisagreement(`a${extension}`, Buffer.from(content))).toBe(
    `its bytes are ${name}, but it is called ${extension}: put the real file in its place`,
  )
})

test('a page whose first tag comes late is a page', () => {
  const start = Buffer.from(`<!doctype html><!--${' '.repeat(START_BYTES)}`).subarray(0, START_BYTES)
  expect(findDisagreement('a.svg', start)).toContain('an HTML page')
})

test.each([
  ['a box that only looks like brands', 'heic', '\0\0\0\x14ftypisom\0\0\0\0mp41heicavif', 'an MP4 or QuickTime video'],
  ['a box of the size that an icon has for a mark', 'ico', '\0\0\x01\0ftypisom\0\0\0\0', 'an MP4 or QuickTime video'],
  ['Matroska', 'webm', '\x1aE\xdf\xa3\xa3B\x86\x81\x01B\x82\x88matroskaB\x87\x81\x04', 'a Matroska video'],
])('%s is no .%s', (_, extension, content, name) => {
  expect(findDisagreement(`a.${extension}`, Buffer.from(content, 'latin1'))).toContain(`its bytes are ${name}, but`)
})

test.each([
  ['png', '404: Not Found', 'text'],
  ['bmp', 'BMW 2002', 'text that begins as the mark does'],
  ['gif', 'data:image/gif;base64,R0lGODlhAQABAAAAACw=', 'an image in text'],
  ['png', '\x89PNG\n\x1a\n\0\0\0\rIHDR', 'a mark whose line ends git has changed'],
  ['jpg', '\0\0\0\0\0\0\0\0', 'zeros'],
  ['webp', 'RIFF\x10\0\0\0', 'a mark that is cut'],
  ['svg', '\0', 'one byte'],
])('a .%s that begins with %j, %s, may be damaged, but its bytes are of no other format', (extension, content) => {
  expect(findDisagreement(`a.${extension}`, Buffer.from(content, 'latin1'))).toBeUndefined()
})

test('a start that is cut anywhere, or has bytes changed, is looked at without fault', () => {
  let state = 7
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  for (const [, , sample] of SAMPLES) {
    const start = Buffer.from(sample)
    for (let turn = 0; turn < 200; turn += 1) {
      start[random(start.length)] = random(256)
      const problem = findDisagreement(
        `a.${EXTENSIONS[random(EXTENSIONS.length)]}`,
        start.subarray(random(start.length)),
      )
      expect(problem ?? 'its bytes are right').toMatch(/^its bytes are [^\n]+$/)
    }
  }
})

test('markup made to be slow is not', () => {
  const tricks = ['<!-- -->', '<?a?>', '<!doctype a [ ]', '<!-- ', ' \n', '<!DOCTYPE ', ']', '<svg']
  for (const trick of tricks) {
    for (const head of ['', '<!doctype svg [', '<!--']) {
      const start = Buffer.from((head + trick.repeat(START_BYTES)).slice(0, START_BYTES))
      expect(() => findDisagreement('a.svg', start)).not.toThrow()
    }
  }
})
