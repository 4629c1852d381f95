/** The number of first bytes that tell a format: a PDF's mark is within 1,024 bytes, an SVG's can follow long comments. */
export const START_BYTES = 4096

/** The first bytes of a file in the three forms that the tests need. */
type Start = {
  /** one character for each byte */
  readonly bytes: string
  /** the start of markup, in any encoding, without the byte order mark and reduced to ASCII */
  readonly markup: string
  /** the text; undefined if the bytes are not text */
  readonly text: string | undefined
}

/** Name with its article; its extensions, with the one to rename to first, and none if imgix does not serve it; its
 *  test. */
type Format = readonly [name: string, extensions: readonly string[], isIt: (start: Start) => boolean]

const PDF_JUNK_BYTES = 1024
const HEIF_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs']
const AVIF_BRANDS = ['avif', 'avis']
const GENERIC_BRANDS = ['mif1', 'mif2', 'msf1']
/** the start of QuickTime files without a file type box */
const MOVIE_BOXES = ['moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp']
/** element DocType, of 8 bytes */
const DOCTYPE_MATROSKA = 'B\x82\x88matroska'

/** In the order of the tests: first the marks that do not occur by chance. */
const FORMATS: readonly Format[] = [
  // PNG (third edition), 5.2; browsers also accept it as an icon
  ['a PNG image', ['png', 'apng', 'ico'], starts('\x89PNG\r\n\x1a\n')],
  // ITU-T T.81, B.1.1.3: start of image, then any marker
  ['a JPEG image', ['jpg', 'jpeg', 'jpe', 'jfif', 'pjpeg'], starts('\xff\xd8\xff')],
  // GIF89a specification, 17
  ['a GIF image', ['gif'], starts('GIF87a', 'GIF89a')],
  // RFC 9649, 2.4
  ['a WebP image', ['webp'], ({ bytes }) => bytes.startsWith('RIFF') && bytes.startsWith('WEBP', 8)],
  // AV1 Image File Format, on its brands
  ['an AVIF image', ['avif', 'heif'], (start) => hasBrand(start, AVIF_BRANDS)],
  // ISO/IEC 23008-12, 10
  ['a HEIF image', ['heic', 'heif'], isHeif],
  // TIFF 6.0, section 2; libtiff's page on BigTIFF
  ['a TIFF image', ['tif', 'tiff'], starts('II*\0', 'MM\0*', 'II+\0', 'MM\0+')],
  // ITU-T T.832, annex A
  ['a JPEG XR image', ['jxr'], starts('II\xbc\0', 'II\xbc\x01')],
  // ISO/IEC 15444-1, I.5.1 and, without the boxes, A.4.1
  ['a JPEG 2000 image', ['jp2'], starts('\0\0\0\x0cjP  \r\n\x87\n', '\xff\x4f\xff\x51')],
  ['a JPEG XL image', [], starts('\0\0\0\x0cJXL \r\n\x87\n')],
  // Adobe Photoshop File Formats Specification; version 2 is a PSB
  ['a Photoshop file', ['psd'], starts('8BPS')],
  ['an ICNS icon', ['icns'], starts('icns')],
  // RFC 8794 and 9559: only their DocType tells the two apart
  ['a WebM video', ['webm'], ({ bytes }) => bytes.startsWith('\x1aE\xdf\xa3') && !bytes.includes(DOCTYPE_MATROSKA)],
  ['a Matroska video', [], starts('\x1aE\xdf\xa3')],
  ['an MP4 or QuickTime video', ['mp4', 'mov', 'm4v'], isMovie],
  // formats that imgix does not serve, with the marks of file(1)
  ['a ZIP archive', [], starts('PK\x03\x04', 'PK\x05\x06')],
  ['gzip-compressed', ['svgz'], starts('\x1f\x8b')],
  ['a RAR archive', [], starts('Rar!\x1a\x07')],
  ['a 7-Zip archive', [], starts('7z\xbc\xaf\x27\x1c')],
  ['an AVI video', [], ({ bytes }) => bytes.startsWith('RIFF') && bytes.startsWith('AVI ', 8)],
  ['a WAV sound', [], ({ bytes }) => bytes.startsWith('RIFF') && bytes.startsWith('WAVE', 8)],
  ['an Ogg file', [], starts('OggS\0')],
  ['a Flash video', [], starts('FLV\x01')],
  // PDF Reference 1.7, 3.4.1, and what Acrobat also accepts: appendix H.3, notes 13 and 14
  ['a PDF document', ['pdf', 'ai'], ({ bytes }) => bytes.slice(0, PDF_JUNK_BYTES).includes('%PDF-')],
  ['a PDF document', ['pdf'], ({ bytes }) => /^%!PS-Adobe-\d\.\d PDF-\d/.test(bytes)],
  // Adobe Technical Note 5002, and the prefixes of printer drivers
  ['PostScript', ['eps', 'ai'], isPostScript],
  ['an SVG image', ['svg'], ({ markup }) => /^<(?:[\w.-]+:)?svg[\s/>]/.test(afterProlog(markup))],
  ['an HTML page', [], isHtml],
  ['an XML document', ['svg'], isCutInProlog],
  ['an XML document', [], ({ markup }) => /^<(?:\?xml\s|!--|[a-z][\w.:-]*[\s/>])/i.test(markup)],
  ['JSON', [], ({ text }) => /^\s*(?:\{\s*["}]|\[\s*["{[\]\d-])/.test(text ?? '')],
  // short marks
  ['a Windows bitmap', ['bmp'], isBitmap],
  // Microsoft's ICONDIR: an icon, with 1 to 255 images
  ['an ICO icon', ['ico'], ({ bytes }) => bytes.startsWith('\0\0\x01\0') && bytes[4] !== '\0' && bytes[5] === '\0'],
  // has no mark: only the bytes of another format show that such a file is wrong
  ['a PICT image', ['pct'], () => false],
]

/**
 * Compares the first bytes of a file with its extension.
 * @param start the first START_BYTES bytes, or all bytes of a smaller file
 * @returns the actual format and the remedy; undefined if they agree. A file of unknown format passes, and so does an
 *   unknown extension
 */
export function findDisagreement(path: string, start: Buffer): string | undefined {
  const extension = (/\.([^./]+)$/.exec(path)?.[1] ?? '').toLowerCase()
  const expected = FORMATS.filter(([, extensions]) => extensions.includes(extension))
  const read = readStart(start)
  if (expected.length === 0) return undefined
  if (expected.some(([, , isIt]) => isIt(read))) return undefined
  const found = FORMATS.find(([, , isIt]) => isIt(read))
  if (found === undefined) return undefined
  const [name, [rightExtension]] = found
  const remedy =
    rightExtension === undefined ? 'put the real file in its place' : `rename it to .${rightExtension}, or convert it`
  return `its bytes are ${name}, but it is called .${extension}: ${remedy}`
}

function readStart(start: Buffer): Start {
  const bytes = start.toString('latin1')
  const encoding = /^(?:\xff\xfe|<\0)/.test(bytes) ? 'utf-16le' : /^(?:\xfe\xff|\0<)/.test(bytes) ? 'utf-16be' : 'utf-8'
  return {
    bytes,
    get markup() {
      if (encoding === 'utf-8') return bytes.replace(/^\xef\xbb\xbf/, '').trimStart()
      return new TextDecoder(encoding).decode(start).trimStart()
    },
    get text() {
      try {
        // the last character can be incomplete
        const text = new TextDecoder(encoding, { fatal: true }).decode(start, { stream: true })
        return /[^\P{Cc}\s]/u.test(text) ? undefined : text
      } catch {
        return undefined
      }
    },
  }
}

function starts(...marks: readonly string[]): Format[2] {
  return ({ bytes }) => marks.some((mark) => bytes.startsWith(mark))
}

/** The brands of an ISO base media file, the major one first. ISO/IEC 14496-12 4.3 */
function brandsOf({ bytes }: Start): string[] {
  if (!bytes.startsWith('ftyp', 4)) return []
  const boxBytes = Buffer.from(bytes.slice(0, 4), 'latin1').readUInt32BE()
  const compatible = bytes.slice(16, Math.max(16, boxBytes))
  return [bytes.slice(8, 12), ...(compatible.match(/.{4}/gs) ?? [])]
}

function hasBrand(start: Start, brands: readonly string[]): boolean {
  return brandsOf(start).some((brand) => brands.includes(brand))
}

function isHeif(start: Start): boolean {
  if (hasBrand(start, HEIF_BRANDS)) return true
  return hasBrand(start, GENERIC_BRANDS) && !hasBrand(start, AVIF_BRANDS)
}

/** QuickTime has files without a file type box, and a video can have the brand of a still image. */
function isMovie(start: Start): boolean {
  const [major] = brandsOf(start)
  if (major !== undefined) return ![...HEIF_BRANDS, ...AVIF_BRANDS, ...GENERIC_BRANDS].includes(major)
  return MOVIE_BOXES.includes(start.bytes.slice(4, 8)) && start.text === undefined
}

function isPostScript({ bytes, markup }: Start): boolean {
  // a DOS header with a preview, a job for a printer, end of transmission
  return (
    ['\xc5\xd0\xd3\xc6', '\x1b%-12345X', '\x04%!'].some((mark) => bytes.startsWith(mark)) || markup.startsWith('%!')
  )
}

function isBitmap({ bytes }: Start): boolean {
  if (bytes.startsWith('BA') && bytes.startsWith('BM', 14)) return true
  // the size of the next header is between 12 and 124
  return bytes.startsWith('BM') && bytes.charCodeAt(14) >= 12 && bytes.startsWith('\0\0\0', 15)
}

const PROLOG = /^(?:\s+|<\?.*?\?>|<!--.*?-->|<!doctype[^[>]*(?:\[.*?\]\s*)?>)*/is

/** @returns the text after the declaration, comments and document type; '' if the first bytes contain nothing else */
function afterProlog(markup: string): string {
  return markup.replace(PROLOG, '')
}

/** The first bytes end before the root element, which would tell the format. */
function isCutInProlog(start: Start): boolean {
  const { bytes, markup } = start
  if (bytes.length < START_BYTES || isHtml(start)) return false
  return markup.startsWith('<') && /^(?:$|<[?!]|<[\w:-]*$)/.test(afterProlog(markup))
}

function isHtml({ markup }: Start): boolean {
  const root = afterProlog(markup)
  const prolog = markup.slice(0, markup.length - root.length)
  return (
    /<!doctype\s+html[\s>]/i.test(prolog) || /^<(?:html|head|body|title|meta|script|center|h1|p|div)[\s/>]/i.test(root)
  )
}
