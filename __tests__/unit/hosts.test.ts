import type { LookupAddress } from 'node:dns'
import { describe, expect, test } from 'vitest'
import { createHosts, kindOf, type Resolve } from '../../src/imgix/http/hosts.ts'
import { HostError } from '../../src/imgix/http/unsent.ts'

const API = 'https://api.imgix.com'

describe('the kind of an address', () => {
  const rows: [kind: string, addresses: string[]][] = [
    [
      'public',
      ['8.8.8.8', '100.63.255.255', '100.128.0.0', '172.15.0.1', '172.32.0.1', '192.167.0.1', '223.255.255.255'],
    ],
    ['public', ['2606:4700::1', '2001:200::1', '2a00:1450:4001:800::200e']],
    ['loopback', ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1']],
    ['private', ['10.0.0.0', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', 'fd00::1', 'fc00::']],
    ['private', ['100.64.0.1', '100.127.255.255']],
    ['link-local', ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1']],
    ['reserved', ['0.0.0.0', '0.1.2.3', '::', '192.0.0.8', '192.0.2.1', '198.19.0.1', '198.51.100.1', '203.0.113.1']],
    ['reserved', ['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', 'ff02::1', 'ff0e::1', 'fec0::1']],
    ['reserved', ['2001:db8::1', '2001:0:1::1', '3fff::1', '64:ff9b:1::808:808', '::8.8.8.8', '100::1', '5f00::1']],
    ['loopback', ['::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::127.0.0.1', '2002:7f00:1::']],
    [
      'private',
      ['::ffff:10.1.2.3', '0:0:0:0:0:ffff:0a01:0203', '64:ff9b::a01:203', '2002:a01:203::1', '2002:c0a8:1::'],
    ],
    ['link-local', ['::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::']],
    ['public', ['::ffff:8.8.8.8', '64:ff9b::808:808', '2002:808:808::1']],
  ]
  test.each(rows)('%s: %j', (kind, addresses) => {
    expect(addresses.map((address) => [address, kindOf(address)])).toEqual(addresses.map((address) => [address, kind]))
  })
})

/** A system that knows these names. */
function resolving(names: Record<string, string[]>): Resolve & { asked: string[] } {
  const asked: string[] = []
  const resolve = async (name: string): Promise<LookupAddress[]> => {
    asked.push(name)
    const found = names[name] ?? []
    if (found.length === 0) throw Object.assign(new Error(`no ${name}`), { code: 'ENOTFOUND' })
    return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  return Object.assign(resolve, { asked })
}

function isChecked(url: string, apiUrl = API, names: Record<string, string[]> = {}): Promise<boolean> {
  return createHosts(apiUrl, resolving(names)).allows(new URL(url))
}

describe('what a URL itself tells of its host', () => {
  test.each([
    ...['https://127.0.0.1/', 'https://127.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://0177.0.0.1/'],
    ...['https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://[::ffff:a00:1]/', 'https://[64:ff9b::10.0.0.1]/'],
    ...['https://[2002:a00:1::]/', 'https://10.0.0.7:8443/', 'https://169.254.169.254/', 'https://0.0.0.0/'],
    ...['https://[::]/', 'https://[fe80::1]/', 'https://[fd00::1]/', 'https://100.64.0.1/', 'https://224.0.0.1/'],
    ...['https://localhost/', 'https://localhost./', 'https://a.localhost/', 'https://a.LocalHost./'],
    ...[
      'https://metadata.google.internal/',
      'https://printer.local./',
      'https://a.b.home.arpa/',
      'https://a.localdomain/',
    ],
    ...['https://intranet/', 'https://intranet./', 'https://１２７.0.0.1/'],
  ])('%s is refused', async (url) => expect(await isChecked(url)).toBe(false))

  test.each([
    'https://storage.example.com/',
    'https://8.8.8.8/',
    'https://[2606:4700::1]/',
    'https://internal.example/',
  ])('%s is not', async (url) => expect(await isChecked(url)).toBe(true))

  test.each([
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4001/', true],
    ['http://localhost', 'https://[::1]/', true],
    ['http://[::1]', 'http://127.0.0.2/', true],
    ['http://127.0.0.1:4000', 'https://10.0.0.1/', false],
    ['http://127.0.0.1:4000', 'https://169.254.169.254/', false],
    ['http://127.0.0.1:4000', 'https://intranet/', false],
    ['https://10.0.0.1', 'https://192.168.7.1/', true],
    ['https://10.0.0.1', 'https://intranet/', true],
    ['https://10.0.0.1', 'https://127.0.0.1/', false],
    ['https://imgix.internal', 'https://storage.internal/', true],
    ['https://imgix.example.com', 'https://storage.local/', true],
    ['https://10.0.0.1', 'https://169.254.169.254/', false],
    ['https://imgix.example.com', 'https://10.0.0.9/', true],
    ['https://public.example.com', 'https://10.0.0.9/', false],
    ['https://unknown.example.com', 'https://10.0.0.9/', false],
  ])('an API at %s, and %s: %s', async (apiUrl, url, expected) => {
    const names = { 'imgix.example.com': ['10.0.0.1'], 'public.example.com': ['8.8.8.8'] }
    expect(await isChecked(url, apiUrl, names)).toBe(expected)
  })
})

describe('what a name leads to', () => {
  /** @returns the addresses, or the message of what is wrong with them */
  async function lookUp(addresses: string[], { all = true, apiUrl = API } = {}): Promise<unknown> {
    const resolve = resolving({ 'storage.example.com': addresses })
    const { lookup } = createHosts(apiUrl, resolve)
    const result = await new Promise((done) =>
      lookup('storage.example.com', { all }, (error, address, family) => done(error ?? [address, family])),
    )
    expect(resolve.asked.filter((name) => name === 'storage.example.com')).toHaveLength(1)
    return result
  }

  test.each([
    [['10.0.0.7']],
    [['127.0.0.1']],
    [['169.254.169.254']],
    [['0.0.0.0']],
    [['::1']],
    [['fe80::1%eth0']],
    [['::ffff:10.0.0.7']],
    [['64:ff9b::a00:7']],
    [['8.8.8.8', '10.0.0.7']],
    [['2606:4700::1', '::1']],
  ])('%j is refused', async (addresses) => {
    const error = await lookUp(addresses)
    expect(error).toBeInstanceOf(HostError)
    expect(error).toMatchObject({ message: `its name leads to ${addresses.at(-1)}, which is not a public address` })
  })

  test('public addresses are given on, all of them or the first', async () => {
    const both = ['8.8.8.8', '2606:4700::1']
    expect(await lookUp(both)).toEqual([
      [
        { address: '8.8.8.8', family: 4 },
        { address: '2606:4700::1', family: 6 },
      ],
      undefined,
    ])
    expect(await lookUp(both, { all: false })).toEqual(['8.8.8.8', 4])
  })

  test('an API on this machine has its storage there, too', async () => {
    expect(await lookUp(['127.0.0.1'], { all: false, apiUrl: 'http://localhost:4000' })).toEqual(['127.0.0.1', 4])
    expect(await lookUp(['10.0.0.7'], { apiUrl: 'http://localhost:4000' })).toBeInstanceOf(HostError)
  })

  test('a name that nobody knows', async () => {
    expect(await lookUp([])).toMatchObject({ code: 'ENOTFOUND' })
  })
})
