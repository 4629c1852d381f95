import { expect, test } from 'vitest'
import { findForeignSetting } from '../../src/select/git-configuration.ts'

const listing = (...settings: [origin: string, name: string, value?: string][]): Buffer =>
  Buffer.from(
    settings.map(([origin, name, value]) => `${origin}\0${name}${value === undefined ? '' : `\n${value}`}\0`).join(''),
  )
const isForeign = (file: string): boolean => file.startsWith('/work/')

test.each([
  ...['core.sshcommand', 'core.askpass', 'core.gitproxy', 'credential.helper', 'credential.https://example.com.helper'],
  ...['remote.origin.uploadpack', 'remote.a.b.vcs', 'url.ext::sh.insteadof'],
  ...['http.proxy', 'http.sslverify', 'http.https://example.com/.sslcainfo', 'http.https://example.com.proxy'],
])('%s reaches out', (name) => {
  const found = (origin: string) =>
    findForeignSetting(listing([origin, 'user.name', 'a'], [origin, name, 'x']), isForeign)
  expect(found('file:/work/.gitconfig')).toEqual({ name, file: '/work/.gitconfig' })
  expect([found('file:/home/.gitconfig'), found('command line:')]).toEqual([undefined, undefined])
})

test.each([
  ...['core.autocrlf', 'alias.st', 'diff.renames', 'user.email', 'remote.origin.fetch', 'http.postbuffer', 'url.x'],
  ...['core.hookspath', 'core.fsmonitor', 'credential.usehttppath', 'x.core.sshcommand'],
])('%s does not, or is switched off', (name) => {
  expect(findForeignSetting(listing(['file:/work/.gitconfig', name, 'core.sshcommand']), isForeign)).toBeUndefined()
})

test.each([
  ['nothing', Buffer.from('')],
  ['a name without a value', listing(['file:/work/a', 'core.bare'])],
  ['a value of several lines', listing(['file:/work/a', 'alias.x', 'a\ncore.sshcommand\nb'])],
])('%s is no such setting', (_, bytes) => {
  expect(findForeignSetting(bytes, isForeign)).toBeUndefined()
})
