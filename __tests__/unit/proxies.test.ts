import { expect, test } from 'vitest'
import { ProxySettingError } from '../../src/imgix/http/unsent.ts'
import { readProxies } from '../../src/inputs/proxies.ts'

const API = 'https://api.imgix.com/api/v1/purge'
const PROXY = 'http://proxy.example:3128'

function proxyOf(env: Record<string, string>, url = API): string | undefined {
  return readProxies(env).proxyFor(new URL(url))?.href
}

test.each([
  ['no variable', {}, undefined],
  ['an empty one', { HTTPS_PROXY: '' }, undefined],
  ['one of spaces', { HTTPS_PROXY: ' ' }, undefined],
  ['upper case', { HTTPS_PROXY: PROXY }, `${PROXY}/`],
  ['lower case', { https_proxy: PROXY }, `${PROXY}/`],
  ['both: lower case wins', { https_proxy: PROXY, HTTPS_PROXY: 'http://other' }, `${PROXY}/`],
  ['both, the lower one empty', { https_proxy: '', HTTPS_PROXY: PROXY }, `${PROXY}/`],
  ['the one for http alone', { HTTP_PROXY: PROXY }, undefined],
  ['a proxy without scheme', { HTTPS_PROXY: 'proxy.example:3128' }, `${PROXY}/`],
  ['without scheme, with credentials', { HTTPS_PROXY: 'u:p@proxy.example:3128' }, 'http://u:p@proxy.example:3128/'],
  ['an https proxy', { HTTPS_PROXY: 'https://proxy.example/' }, 'https://proxy.example/'],
  ['an IPv6 address', { HTTPS_PROXY: 'http://[::1]:3128' }, 'http://[::1]:3128/'],
])('the proxy for https of %s', (_, env, expected) => {
  expect(proxyOf(env as Record<string, string>)).toBe(expected)
  expect(readProxies(env as Record<string, string>).problemFor(new URL(API))).toBeUndefined()
})

test.each([
  ['HTTP_PROXY', { HTTP_PROXY: PROXY }, `${PROXY}/`],
  ['http_proxy', { http_proxy: PROXY, HTTP_PROXY: 'http://other' }, `${PROXY}/`],
  ['HTTPS_PROXY alone', { HTTPS_PROXY: PROXY }, undefined],
])('the proxy for http of %s, loopback hosts included', (_, env, expected) => {
  expect(proxyOf(env as Record<string, string>, 'http://127.0.0.1:8080/a')).toBe(expected)
})

test.each([
  ['*', API, true],
  ['other.example, *', API, true],
  ['api.imgix.com', API, true],
  ['API.imgix.com', API, true],
  ['imgix.com', API, true],
  ['gix.com', API, false],
  ['.imgix.com', API, true],
  ['*.imgix.com', API, true],
  ['.gix.com', API, false],
  ['api.imgix.com.example', API, false],
  ['other.example,.imgix.com', API, true],
  ['other.example  .imgix.com', API, true],
  [' , ', API, false],
  ['api.imgix.com:443', API, true],
  ['api.imgix.com:80', API, false],
  ['.imgix.com:443', API, true],
  ['127.0.0.1', 'http://127.0.0.1:8080/', true],
  ['127.0.0.1:8080', 'http://127.0.0.1:8080/', true],
  ['127.0.0.1:80', 'http://127.0.0.1/', true],
  ['localhost', 'http://127.0.0.1:8080/', false],
  ['::1', 'http://[::1]:8080/', true],
  ['[::1]', 'http://[::1]:8080/', true],
  ['[::1]:8080', 'http://[::1]:8080/', true],
  ['[::1]:80', 'http://[::1]:8080/', false],
  ['::2', 'http://[::1]:8080/', false],
])('NO_PROXY=%s, %s: bypassed: %s', (noProxy, url, bypassed) => {
  const env = { HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY }
  expect(proxyOf({ ...env, NO_PROXY: noProxy }, url) === undefined).toBe(bypassed)
  expect(proxyOf({ ...env, no_proxy: noProxy, NO_PROXY: '*' }, url) === undefined).toBe(bypassed)
})

test.each([
  ['socks5://u:secret@proxy.example:1080'],
  ['socks5h://proxy.example'],
  ['ftp://proxy.example'],
  ['http://'],
  ['http://proxy.example:99999'],
  ['http://u:sec#ret@proxy.example:3128'],
  ['http://u:sec/ret@proxy.example'],
  ['http://proxy.example/path'],
  ['http://proxy.example?a=b'],
  ['http://u:secret%zz@proxy.example'],
  ['two proxies'],
])('%s is a problem that names the variable and not the value', (value) => {
  for (const variable of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']) {
    const [used, other] = ['https://a.example/', 'http://a.example/'].map((url) => new URL(url))
    const [own, another] = /https/i.test(variable) ? [used, other] : [other, used]
    const line = `${variable}: its value is not allowed; an http or https proxy, such as http://user:password@proxy.example:3128, with reserved characters of user name and password percent-encoded`
    const { proxyFor, problemFor } = readProxies({ [variable]: value })
    expect([problemFor(own as URL), problemFor(another as URL)]).toEqual([line, undefined])
    expect(() => proxyFor(own as URL)).toThrow(new ProxySettingError(line))
    expect(proxyFor(another as URL)).toBeUndefined()
    expect(readProxies({ [variable]: value, NO_PROXY: '*' }).problemFor(own as URL)).toBeUndefined()
  }
})

test.each([
  ['no credentials', 'http://proxy.example', []],
  ['a user name alone', 'http://u@proxy.example', [btoa('u:')]],
  ['a plain password', 'http://u:secret@proxy.example', ['secret', btoa('u:secret')]],
  ['an encoded one', 'http://u:p%40ss@proxy.example', ['p%40ss', 'p@ss', btoa('u:p@ss')]],
  ['one that is not encoded', 'u:p@s^s@proxy.example', ['p@s^s', 'p%40s%5Es', btoa('u:p@s^s')]],
  ['one of a value that is not allowed', 'socks5://u:p%40ss@proxy.example', ['p%40ss', 'p@ss', btoa('u:p@ss')]],
  ['one that breaks the URL', 'http://u:sec/ret@proxy.example', ['sec/ret', btoa('u:sec/ret')]],
  ['one that can’t be decoded', 'http://u:100%@proxy.example', ['100%', btoa('u:100%')]],
])('the secrets of %s', (_, value, secrets) => {
  expect([...readProxies({ HTTPS_PROXY: value }).secrets].sort()).toEqual(secrets.sort())
})
