import { type LookupAddress, type LookupOptions, promises } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { HostError } from './unsent.ts'

/** Decides whether a request can go to the host of a URL from an answer. */
export type Hosts = {
  /** Looks at the URL alone: a name is resolved only for a connection, or by the proxy. */
  allows(url: URL): Promise<boolean>
  /** Resolves a name for a connection, and fails with a HostError if the host is not public. */
  readonly lookup: LookupFunction
}

export type Resolve = (name: string, options: LookupOptions & { all: true }) => Promise<LookupAddress[]>

type Kind = 'public' | 'loopback' | 'private' | 'link-local' | 'reserved'

type Ranges = readonly (readonly [Kind, readonly string[]])[]
// https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry, read 2026-11
const IPV4_RANGES: Ranges = [
  ['loopback', ['127.0.0.0/8']],
  ['private', ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16']],
  ['link-local', ['169.254.0.0/16']],
  ['reserved', ['0.0.0.0/8', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24']],
  ['reserved', ['203.0.113.0/24', '224.0.0.0/3']],
]
/** IPv6 addresses that stand for one of IPv4: mapped, NAT64. 6to4 is public without a range. */
const EMBEDDING = ['::ffff:0:0/96', '64:ff9b::/96']
const IPV6_RANGES: Ranges = [
  ...IPV4_RANGES.map(([kind, ranges]) => [kind, ranges.flatMap(embedded)] as const),
  ['public', EMBEDDING],
  ['loopback', ['::1/128']],
  ['private', ['fc00::/7']],
  ['link-local', ['fe80::/10']],
  // all but 2000::/3, and what is special in it
  ['reserved', ['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '3fff::/20']],
]
// apart, because BlockList takes an address of IPv4 for one that is mapped to IPv6
const KINDS = { ipv4: IPV4_RANGES.map(toBlockList('ipv4')), ipv6: IPV6_RANGES.map(toBlockList('ipv6')) }

/** Allows public hosts, and those of the kind that the API's own host is of.
 *  @param resolve the system's look-up of a name */
export function createHosts(apiUrl: string, resolve: Resolve = promises.lookup): Hosts {
  const apiHost = hostOf(new URL(apiUrl))
  const kindOfApi = async (): Promise<Kind> => {
    const known = kindOfHost(apiHost)
    if (known !== undefined) return known
    const addresses = await resolve(apiHost, { all: true }).catch(() => [])
    return addresses.map(({ address }) => kindOf(address)).find((kind) => kind !== 'public') ?? 'public'
  }
  const isAllowed = async (kind: Kind): Promise<boolean> => kind === 'public' || kind === (await kindOfApi())

  const lookUp = async (name: string, options: LookupOptions): Promise<LookupAddress[]> => {
    const addresses = await resolve(name, { ...options, all: true })
    for (const { address } of addresses) {
      if (!(await isAllowed(kindOf(address))))
        throw new HostError(`its name leads to ${address}, which is not a public address`)
    }
    return addresses
  }

  return {
    allows: (url) => isAllowed(kindOfHost(hostOf(url)) ?? 'public'),
    lookup: (name, options, callback) => {
      lookUp(name, options).then(
        (addresses) =>
          options.all ? callback(null, addresses) : callback(null, addresses[0]?.address ?? '', addresses[0]?.family),
        (error) => callback(error, ''),
      )
    },
  }
}

/** Whether a URL's host is this machine, as far as the URL tells. */
export function isLoopback(url: URL): boolean {
  return kindOfHost(hostOf(url)) === 'loopback'
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$|\.$/g, '')
}

/** Top-level domains of private networks: a proxy that looks names up itself would find them.
 *  @see RFC 6762 (local) and RFC 8375 (home.arpa); ICANN's resolution 2024.07.29.06 (internal) */
const PRIVATE_NAME = /\.(?:home\.arpa|internal|local|localdomain)$/

/** @returns undefined for a name that has to be looked up */
function kindOfHost(host: string): Kind | undefined {
  if (isIP(host) !== 0) return kindOf(host)
  if (/(^|\.)localhost$/.test(host)) return 'loopback'
  return host.includes('.') && !PRIVATE_NAME.test(host) ? undefined : 'private'
}

/** @param address without brackets */
export function kindOf(address: string): Kind {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  return KINDS[family].find(({ list }) => list.check(address.replace(/%.*$/, ''), family))?.kind ?? 'public'
}

/** @returns a range of IPv4 as it is in IPv6: mapped, by NAT64, and by 6to4, which has it in front */
function embedded(range: string): string[] {
  const [address = '', prefix] = range.split('/')
  const [a, b, c, d] = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'))
  const [mapped, nat64] = ['::ffff:', '64:ff9b::'].map((start) => `${start}${address}/${96 + Number(prefix)}`)
  return [String(mapped), String(nat64), `2002:${a}${b}:${c}${d}::/${16 + Number(prefix)}`]
}

function toBlockList(family: 'ipv4' | 'ipv6') {
  return ([kind, ranges]: Ranges[number]): { kind: Kind; list: BlockList } => {
    const list = new BlockList()
    for (const range of ranges) list.addSubnet(String(range.split('/')[0]), Number(range.split('/')[1]), family)
    return { kind, list }
  }
}
