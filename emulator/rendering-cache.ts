import { decodeSegments } from './call.ts'
import type { Emulator } from './server.ts'

/** A file at the time when imgix fetched it from the bucket. */
export type Held = { etag: string; modifiedAt: number; contentType: string | undefined; body: Buffer }
export type PurgeFate = 'lost' | { delayMs: number } | undefined

type Entry = { held: Held | undefined; at: number }

/** @see https://docs.imgix.com/apis/management/sources (cache_ttl_error, default 300 s) */
const missingMs = 300_000

/** The cache of imgix, per domain. A file stays until a purge, a 404 stays for 300 s. A purge does nothing if the file in
 *  the bucket has not changed. */
export function createRenderingCache(
  imgix: Pick<Emulator, 'objects' | 'onPurge'>,
  fateOf: (url: string, nth: number) => PurgeFate = () => undefined,
) {
  const entries = new Map<string, Entry>()
  const purges = new Map<string, number>()

  function fetch(path: string): Held | undefined {
    const object = imgix.objects.get(path)
    if (object === undefined) return undefined
    const { sha256, modifiedAt, contentType, body = Buffer.alloc(0) } = object
    return { etag: sha256.slice(0, 32), modifiedAt, contentType, body }
  }

  function purge(key: string): void {
    const path = key.slice(key.indexOf('/') + 1)
    if (entries.get(key)?.held?.etag !== fetch(path)?.etag) entries.delete(key)
  }

  imgix.onPurge((url) => {
    const nth = (purges.get(url) ?? 0) + 1
    purges.set(url, nth)
    const [host = '', ...path] =
      url
        .replace(/^https:\/\//, '')
        .split('?')[0]
        ?.split('/') ?? []
    const key = `${host}/${decodeSegments(path.join('/'))?.join('/')}`
    const fate = fateOf(url, nth)
    if (fate === 'lost') return
    if (fate === undefined) purge(key)
    else setTimeout(() => purge(key), fate.delayMs).unref()
  })

  return {
    /** @returns the file that imgix serves; undefined for a 404 */
    take(host: string, path: string): Held | undefined {
      const key = `${host}/${path}`
      const known = entries.get(key)
      if (known !== undefined && (known.held !== undefined || Date.now() - known.at < missingMs)) return known.held
      const held = fetch(path)
      entries.set(key, { held, at: Date.now() })
      return held
    },
  }
}
