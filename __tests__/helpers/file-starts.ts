type Sample = readonly [what: string, extensions: readonly string[], start: Buffer]

const bytes = (latin1: string): Buffer => Buffer.from(latin1, 'latin1')

/** A file type box: the major brand, then the compatible ones. */
const ftyp = (...brands: readonly [string, ...string[]]): Buffer => {
  const [major, ...compatible] = brands
  const body = `ftyp${major}\0\0\0\0${compatible.join('')}`
  return bytes(`\0\0\0${String.fromCharCode(body.length + 4)}${body}\0\0\x01\0meta`)
}

const PNG = '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89'
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
const SVG_DOCTYPE = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"'
const ENTITIES = ' [\n\t<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n\t<!ENTITY a "]">\n]>\n'
const COMMENT = '<!-- Generator: Adobe Illustrator 27 <svg> ]> -->\n'
const JPEG = ['jpg', 'jpeg', 'jpe', 'jfif', 'pjpeg']
const MOVIE = ['mp4', 'mov', 'm4v']
const EBML = '\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08'

/** How valid files begin, with every extension that they may have of those that have a format. */
export const SAMPLES: readonly Sample[] = [
  ['PNG', ['png', 'apng', 'ico'], bytes(PNG)],
  ['PNG for Apple devices', ['png', 'apng', 'ico'], bytes(PNG.replace('\0\0\0\rIHDR', '\0\0\0\x04CgBIP\0 \x02'))],
  ['animated PNG', ['png', 'apng', 'ico'], bytes(`${PNG}\0\0\0\x08acTL\0\0\0\x02\0\0\0\0\xf3\x8d\x93p`)],
  ['JPEG, JFIF', JPEG, bytes('\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0')],
  ['JPEG, Exif', JPEG, bytes('\xff\xd8\xff\xe1\x1f\x9eExif\0\0MM\0*\0\0\0\x08')],
  ['JPEG, bare', JPEG, bytes('\xff\xd8\xff\xdb\0\x43\0\x03\x02\x02')],
  ['JPEG, Adobe', JPEG, bytes('\xff\xd8\xff\xee\0\x0eAdobe\0d\0\0\0\0\0')],
  ['GIF 87a', ['gif'], bytes('GIF87a\x01\0\x01\0\x80\0\0')],
  ['GIF 89a', ['gif'], bytes('GIF89a\x01\0\x01\0\x80\0\0')],
  ['WebP, lossy', ['webp'], bytes('RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0')],
  ['WebP, extended', ['webp'], bytes('RIFF\xff\xff\x01\0WEBPVP8X\n\0\0\0')],
  ['AVIF', ['avif', 'heif'], ftyp('avif', 'avif', 'mif1', 'miaf', 'MA1B')],
  ['AVIF, generic major brand', ['avif', 'heif'], ftyp('mif1', 'avif', 'miaf')],
  ['AVIF sequence', ['avif', 'heif'], ftyp('avis', 'avif', 'avis', 'msf1', 'iso8')],
  ['HEIC', ['heic', 'heif'], ftyp('heic', 'mif1', 'heic')],
  ['HEIC, generic major brand', ['heic', 'heif'], ftyp('mif1', 'heic', 'mif1')],
  ['HEIC, 10 bits', ['heic', 'heif'], ftyp('heix', 'mif1', 'heix')],
  ['HEIC sequence', ['heic', 'heif'], ftyp('hevc', 'msf1', 'hevc')],
  ['HEIF of the second edition', ['heic', 'heif'], ftyp('mif2', 'mif2', 'miaf')],
  ['HEIF of another codec', ['heic', 'heif'], ftyp('mif1', 'mif1', 'jpeg')],
  ['TIFF, little-endian', ['tif', 'tiff'], bytes('II*\0\x08\0\0\0\x0e\0')],
  ['TIFF, big-endian, directory at the end', ['tif', 'tiff'], bytes('MM\0*\0\x1f\0\0\0\0')],
  ['BigTIFF, little-endian', ['tif', 'tiff'], bytes('II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0')],
  ['BigTIFF, big-endian', ['tif', 'tiff'], bytes('MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10')],
  ['JPEG XR', ['jxr'], bytes('II\xbc\x01\x20\0\0\0\x24\xc3\xdd\x6f')],
  ['JPEG 2000', ['jp2'], bytes('\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 ')],
  ['JPEG 2000 codestream', ['jp2'], bytes('\xff\x4f\xff\x51\0\x2f\0\0\0\0\0\x40')],
  ['Photoshop', ['psd'], bytes('8BPS\0\x01\0\0\0\0\0\0\0\x03\0\0\0\x01\0\0\0\x01\0\x08\0\x03')],
  ['ICNS', ['icns'], bytes('icns\0\x01\x02\x03ic07\0\0\x1f\0')],
  ['ICO', ['ico'], bytes('\0\0\x01\0\x03\0\x30\x30\0\0\x01\0\x20\0')],
  ['ICO with one PNG', ['ico'], bytes(`\0\0\x01\0\x01\0\0\0\0\0\x01\0\x20\0\xff\x01\0\0\x16\0\0\0${PNG}`)],
  ['BMP', ['bmp'], bytes('BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0')],
  ['BMP of OS/2', ['bmp'], bytes('BM\x20\0\0\0\0\0\0\0\x1a\0\0\0\x0c\0\0\0\x01\0\x01\0')],
  ['BMP, version 5', ['bmp'], bytes('BM\x8a\x10\0\0\0\0\0\0\x8a\0\0\0\x7c\0\0\0\x01\0\0\0')],
  ['PDF', ['pdf', 'ai'], bytes('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj')],
  ['PDF after other bytes', ['pdf', 'ai'], bytes(`${'\0\xff mail header\r\n'.repeat(40)}%PDF-1.3\n`)],
  ['EPS', ['eps', 'ai'], bytes('%!PS-Adobe-3.0 EPSF-3.0\r\n%%BoundingBox: 0 0 1 1\r\n')],
  ['EPS with a preview', ['eps', 'ai'], bytes('\xc5\xd0\xd3\xc6\x20\0\0\0\xff\x1f\0\0\0\0\0\0')],
  ['EPS for a printer', ['eps', 'ai'], bytes('\x1b%-12345X@PJL ENTER LANGUAGE=POSTSCRIPT\n%!PS-Adobe-3.0\n')],
  ['EPS after end of transmission', ['eps', 'ai'], bytes('\x04%!PS-Adobe-3.0\n')],
  ['EPS after a blank line', ['eps', 'ai'], bytes('\r\n%!PS-Adobe-3.0 EPSF-3.0\n')],
  ['PDF under its PostScript name', ['pdf', 'eps', 'ai'], bytes('%!PS-Adobe-3.0 PDF-1.4\n')],
  ['SVG', ['svg'], bytes(SVG)],
  ['SVG with a declaration', ['svg'], bytes(DECLARATION + SVG)],
  ['SVG with everything', ['svg'], bytes(`\n${COMMENT}${DECLARATION}${COMMENT}${SVG_DOCTYPE}${ENTITIES}${SVG}`)],
  ['SVG with a document type', ['svg'], bytes(`${DECLARATION}${SVG_DOCTYPE}>\n${SVG}`)],
  ['SVG with a style sheet', ['svg'], bytes(`<?xml version="1.0"?><?xml-stylesheet href="a.css"?>${SVG}`)],
  ['SVG with a prefix of many signs', ['svg'], bytes('<s.v-g_1:svg xmlns:s.v-g_1="http://www.w3.org/2000/svg"/>')],
  ['SVG with a prefix', ['svg'], bytes('<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>')],
  ['SVG, its attributes on lines of their own', ['svg'], bytes('<svg\n\tviewBox="0 0 1 1"\n>')],
  ['SVG after a byte order mark', ['svg'], Buffer.from(`\ufeff${DECLARATION}${SVG}`)],
  ['SVG in UTF-16', ['svg'], Buffer.from(`\ufeff${DECLARATION}${SVG}`, 'utf16le')],
  ['SVG in UTF-16, big-endian', ['svg'], Buffer.from(`\ufeff${DECLARATION}${SVG}`, 'utf16le').swap16()],
  ['SVG in UTF-16 without a mark', ['svg'], Buffer.from(SVG, 'utf16le')],
  ['SVG in Latin-1', ['svg'], bytes(`<?xml version="1.0" encoding="ISO-8859-1"?><!-- \xe9t\xe9 -->${SVG}`)],
  ['SVG, cut in a long comment', ['svg'], bytes(`${DECLARATION}<!-- ${'license '.repeat(600)}`).subarray(0, 4096)],
  ['SVG, cut in its first tag', ['svg'], bytes(`<!--${' '.repeat(4086)}--><sv`)],
  ['SVG, compressed', ['svgz'], bytes('\x1f\x8b\x08\0\0\0\0\0\0\x03')],
  ['MP4', MOVIE, ftyp('isom', 'isom', 'iso2', 'avc1', 'mp41')],
  ['MP4 for Apple devices', MOVIE, ftyp('M4V ', 'M4V ', 'mp42', 'isom')],
  ['MP4 in fragments', MOVIE, ftyp('iso5', 'iso6', 'mp41', 'dash')],
  ['QuickTime', MOVIE, ftyp('qt  ', 'qt  ')],
  ['QuickTime, movie first', MOVIE, bytes('\0\0\x1f\x9emoov\0\0\0lmvhd\0\0\0\0')],
  ['QuickTime, media first', MOVIE, bytes('\0\0\0\x08wide\0\x1f\xff\xffmdat\0\0')],
  ['QuickTime, large media first', MOVIE, bytes('\0\0\0\x01mdat\0\0\0\x01\x20\0\0\0')],
  ['QuickTime, free space first', MOVIE, bytes(`\0\0\0\x10free${'\0'.repeat(8)}\0\0\x1f\x9emoov`)],
  ['WebM', ['webm'], bytes(`${EBML}B\x82\x84webmB\x87\x81\x02B\x85\x81\x02\x18\x53\x80\x67libmatroska`)],
]

/** How valid files begin that have no mark of their own: nothing tells them from damaged files of any format. */
export const UNMARKED_SAMPLES: readonly Sample[] = [
  ['PICT, version 2', ['pct'], bytes(`${'\0'.repeat(512)}\x1f\x9e\0\0\0\0\0\x10\0\x10\0\x11\x02\xff\x0c\0\xff\xff`)],
  ['PICT, version 1', ['pct'], bytes(`${'PICT'.padEnd(512, '\0')}\x1f\x9e\0\0\0\0\0\x10\0\x10\x11\x01\x01\0\n`)],
  ['PICT without its header', ['pct'], bytes('\x06\x12\0\0\0\0\0\x10\0\x10\0\x11\x02\xff\x0c\0\xff\xfe\0\0')],
  ['QuickTime, any other atom first', MOVIE, bytes('\0\0\0\x18uuid\xff\xcc\x82\x63\xf8\x55\x4a\x93')],
]

/** How a valid file with this extension begins. */
export function startOf(extension: string): Buffer {
  const sample = SAMPLES.find(([, extensions]) => extensions.includes(extension))
  if (sample === undefined) throw new Error(`no sample of .${extension}`)
  return sample[2]
}
