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
  ...[
    'http.cookiefile',
    'http.https://example.com.savecookies',
    'hook.x.command',
    'trace2.eventtarget',
    'fetch.bundleuri',
  ],
  ...[
    'core.excludesfile',
    'core.attributesfile',
    'remote.origin.proxy',
    'uploadpack.packobjectshook',
    'gpg.program',
    'x.core.y',
  ],
  ...['http.proxy', 'http.sslverify', 'http.https://example.com/.sslcainfo', 'http.https://example.com.proxy'],
])('%s reaches out', (name) => {
  const found = (origin: string) =>
    findForeignSetting(listing([origin, 'user.name', 'a'], [origin, name, 'x']), isForeign)
  expect(found('file:/work/.gitconfig')).toEqual({ name, file: '/work/.gitconfig' })
  expect([found('file:/home/.gitconfig'), found('command line:')]).toEqual([undefined, undefined])
})

test.each([
  ...[
    'core.autocrlf',
    'alias.st',
    'diff.renames',
    'user.email',
    'remote.origin.fetch',
    'http.postbuffer',
    'remote.a.b.prune',
  ],
  ...[
    'http.https://github.com/.extraheader',
    'extensions.partialclone',
    'submodule.a/b.active',
    'lfs.https://a.b/.access',
  ],
  ...['core.sparsecheckoutcone', 'branch.main.merge', 'filter.lfs.process', 'maintenance.strategy'],
  ...['core.hookspath', 'core.fsmonitor', 'credential.usehttppath'],
])('%s does not, or is switched off', (name) => {
  expect(findForeignSetting(listing(['file:/work/.gitconfig', name, 'core.sshcommand']), isForeign)).toBeUndefined()
})

test.each([
  ...[
    ['https://github.com/a/b', true],
    ['HTTP://a/b', true],
    ['ssh://git@a/b', true],
    ['git@github.com:a/b', true],
    ['../a', true],
    ['/a/b::c', true],
    ['C:/a', true],
    ['ext::sh -c x', false],
    ['helper::a', false],
    ['helper://a', false],
  ],
] as const)('a remote at %s: git asks it by itself is %j', (value, isHarmless) => {
  const found = findForeignSetting(listing(['file:/work/.git/config', 'remote.origin.url', value]), isForeign)
  expect(found === undefined).toBe(isHarmless)
})

test.each([
  ['below a folder elsewhere', '../../elsewhere/more', 'file:/elsewhere/more'],
  ['by its full path', '/elsewhere/more', 'file:/elsewhere/more'],
  ['in the home of the user, which only git knows', '~/more', 'file:/work/.git/config'],
])('what such a file includes is foreign, too: %s', (_, path, where) => {
  for (const include of ['include.path', 'includeif.gitdir:/work/.path']) {
    const settings = listing(
      ['file:/work/.git/config', include, path],
      ['file:/elsewhere/more', 'user.name', 'a'],
      ['file:/elsewhere/more', 'core.sshcommand', 'x'],
    )
    expect(`file:${findForeignSetting(settings, isForeign)?.file}`).toBe(where)
    expect(
      findForeignSetting(
        listing(['file:/home/a', include, path], ['file:/elsewhere/more', 'core.sshcommand']),
        isForeign,
      ),
    ).toBeUndefined()
  }
})

test.each([
  ['nothing', Buffer.from('')],
  ['a name without a value', listing(['file:/work/a', 'core.bare'])],
  ['a value of several lines', listing(['file:/work/a', 'alias.x', 'a\ncore.sshcommand\nb'])],
])('%s is no such setting', (_, bytes) => {
  expect(findForeignSetting(bytes, isForeign)).toBeUndefined()
})
