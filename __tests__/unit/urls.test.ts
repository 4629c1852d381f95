import { expect, test } from 'vitest'
import { parseDomain, parsePurgeUrl, purgeUrl } from '../../src/inputs/urls.ts'

/** How js-core makes the path of a URL that it builds with its defaults. */
function byJsCore(path: string): string {
  return encodeURI(path.replace(/^\//, '')).replace(/[#?:+]/g, encodeURIComponent)
}

test.each([
  ['plain', 'a/b.png', 'a/b.png'],
  ['space', 'a b.png', 'a%20b.png'],
  ['hash, question mark, colon, plus', 'a#b?c:d+e.png', 'a%23b%3Fc%3Ad%2Be.png'],
  ['percent', '100%.png', '100%25.png'],
  ['what looks encoded', 'a%20b.png', 'a%2520b.png'],
  ['what stays raw', "a&b=c@d,e;f$g'h(i)j!k*l~m.png", "a&b=c@d,e;f$g'h(i)j!k*l~m.png"],
  ['brackets and braces', '[a]{b}.png', '%5Ba%5D%7Bb%7D.png'],
  ['quote, backslash, pipe, caret, backtick', 'a"\\|^`.png', 'a%22%5C%7C%5E%60.png'],
  ['newline and tab', 'a\nb\tc.png', 'a%0Ab%09c.png'],
  ['composed', 'é.png', '%C3%A9.png'],
  ['decomposed', 'e\u0301.png', 'e%CC%81.png'],
  ['beyond the first plane', '\u{1f600}.png', '%F0%9F%98%80.png'],
])('the purge URL of a path with %s is the one of pages', (_, path, encoded) => {
  expect(purgeUrl('a.imgix.net', path)).toBe(`https://a.imgix.net/${encoded}`)
  expect(encoded).toBe(byJsCore(path))
})

test('the purge URL of every character is the one that js-core makes', () => {
  for (let code = 1; code < 0x800; code += 1) {
    const path = `a${String.fromCharCode(code)}b.png`
    expect(purgeUrl('a.imgix.net', path)).toBe(`https://a.imgix.net/${byJsCore(path)}`)
  }
})

test.each([
  ['plain', 'https://a.imgix.net/a/b.png', 'a/b.png'],
  ['with a query', 'https://a.imgix.net/a.png?w=100&h=2', 'a.png'],
  ['with a fragment', 'https://a.imgix.net/a.png#top', 'a.png'],
  ['with both', 'https://a.imgix.net/a.png?w=1#x?y', 'a.png'],
  ['not encoded', 'https://a.imgix.net/a b/é[1].png', 'a%20b/%C3%A9%5B1%5D.png'],
  ['encoded', 'https://a.imgix.net/a%20b/%C3%A9%5B1%5D.png', 'a%20b/%C3%A9%5B1%5D.png'],
  ['encoded in lower case', 'https://a.imgix.net/%c3%a9%2f.png', '%C3%A9%2F.png'],
  ['encoded in part', 'https://a.imgix.net/a%20b c.png', 'a%20b%20c.png'],
  ['an encoded percent', 'https://a.imgix.net/100%25.png', '100%25.png'],
  ['an encoded escape', 'https://a.imgix.net/a%2520b.png', 'a%2520b.png'],
  ['a lone percent', 'https://a.imgix.net/100%.png', '100%25.png'],
  ['a percent and no hexadecimal', 'https://a.imgix.net/a%zz%4.png', 'a%25zz%254.png'],
  ['percents in a row', 'https://a.imgix.net/%%20%%.png', '%25%20%25%25.png'],
  ['an encoded slash', 'https://a.imgix.net/a%2Fb.png', 'a%2Fb.png'],
  ['plus', 'https://a.imgix.net/a+b.png', 'a%2Bb.png'],
  ['an encoded plus', 'https://a.imgix.net/a%2bb.png', 'a%2Bb.png'],
  ['colon', 'https://a.imgix.net/a:b.png', 'a%3Ab.png'],
  ['an encoded question mark and hash', 'https://a.imgix.net/a%3fb%23c.png', 'a%3Fb%23c.png'],
  ['ampersand', 'https://a.imgix.net/a&b.png', 'a&b.png'],
  ['an encoded ampersand', 'https://a.imgix.net/a%26b.png', 'a%26b.png'],
  ['escapes that nobody needs', 'https://a.imgix.net/%41%2E%7e%2d%5f.png', 'A.~-_.png'],
  ['a capital scheme and host', 'HTTPS://A.Imgix.NET/A.png', 'A.png'],
  ['a backslash', 'https://a.imgix.net/a\\b.png', 'a%5Cb.png'],
  ['two slashes', 'https://a.imgix.net/a//b.png', 'a//b.png'],
  ['a URL in its path', 'https://a.imgix.net/https://b.example/a.png', 'https%3A//b.example/a.png'],
  ['a folder', 'https://a.imgix.net/a/', 'a/'],
  ['names that begin with dots', 'https://a.imgix.net/.a/..b/...png', '.a/..b/...png'],
])('a URL %s is encoded once', (_, text, path) => {
  const url = `https://a.imgix.net/${path}`
  expect(parsePurgeUrl(text)).toBe(url)
  expect(parsePurgeUrl(url)).toBe(url)
})

test.each([
  ['http', 'http://a.imgix.net/a.png'],
  ['no scheme', 'a.imgix.net/a.png'],
  ['no host', 'https:///a.png'],
  ['a port', 'https://a.imgix.net:8443/a.png'],
  ['a user', 'https://mona@a.imgix.net/a.png'],
  ['a user with a password', 'https://mona:x@a.imgix.net/a.png'],
  ['no path', 'https://a.imgix.net'],
  ['an empty path', 'https://a.imgix.net/'],
  ['only a query', 'https://a.imgix.net/?a.png'],
  ['a parent folder', 'https://a.imgix.net/a/../b.png'],
  ['a parent folder at the end', 'https://a.imgix.net/a/..'],
  ['this folder', 'https://a.imgix.net/./b.png'],
  ['an encoded parent folder', 'https://a.imgix.net/a/%2e%2E/b.png'],
  ['a parent folder encoded in part', 'https://a.imgix.net/a/.%2e/b.png'],
  ['an address', 'https://127.0.0.1/a.png'],
  ['an address in another writing', 'https://0x7f.1/a.png'],
  ['an address of version 6', 'https://[::1]/a.png'],
  ['a star', 'https://*.imgix.net/a.png'],
  ['a space in the host', 'https://a imgix.net/a.png'],
  ['a space before', ' https://a.imgix.net/a.png'],
  ['an encoded host', 'https://a%2eimgix.net/a.png'],
  ['a backslash in the host', 'https://a.imgix.net\\b/a.png'],
  ['a second URL after a space', 'https://a.imgix.net/a.png https://a.imgix.net/b.png'],
  ['a second URL after a comma', 'https://a.imgix.net/a.png, https://a.imgix.net/b.png'],
  ['a second URL after a query', 'https://a.imgix.net/a.png?w=1,https://a.imgix.net/b.png'],
])('%s is refused', (_, text) => {
  expect(parsePurgeUrl(text)).toBeUndefined()
})

test.each([
  ['a.imgix.net', 'a.imgix.net'],
  ['A.Imgix.Net', 'a.imgix.net'],
  ['under_score.imgix.net', 'under_score.imgix.net'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['localhost', 'localhost'],
  ['https://a.imgix.net', undefined],
  ['a.imgix.net/', undefined],
  ['a.imgix.net:443', undefined],
  ['a.imgix.net.', undefined],
  ['a..imgix.net', undefined],
  ['*.imgix.net', undefined],
  ['user@a.imgix.net', undefined],
  ['1.2.3.4', undefined],
  ['1', undefined],
  ['', undefined],
  ['a b', undefined],
])('the host name %j is %j', (text, expected) => {
  expect(parseDomain(text)).toBe(expected)
})
