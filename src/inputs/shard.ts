import { createHash } from 'node:crypto'
import type { Allowed } from './values.ts'

/** Which part of the files this run takes. `index` starts at 1. */
export type Shard = { readonly index: number; readonly count: number }

const SHARDS_MAX = 256

/** `i/n` */
export function parseShard(text: string): Shard | Allowed {
  const match = /^(\d{1,3})\/(\d{1,3})$/.exec(text)
  const [index, count] = [Number(match?.[1]), Number(match?.[2])]
  const isShard = index >= 1 && index <= count && count <= SHARDS_MAX
  return isShard ? { index, count } : { allowed: `i/n, i from 1 to n, n up to ${SHARDS_MAX}` }
}

/** Every path is in exactly one shard, the same in every run. */
export function isInShard(path: string, { index, count }: Shard): boolean {
  if (count === 1) return true
  return createHash('sha256').update(path).digest().readUInt32BE() % count === index - 1
}

/** @returns the files of a shard. `matching`: how many files all shards have, if there are several. */
export function takeShard<F extends { path: string }>(
  files: readonly F[],
  shard: Shard,
): { files: readonly F[]; matching?: number } {
  if (shard.count === 1) return { files }
  return { files: files.filter(({ path }) => isInShard(path, shard)), matching: files.length }
}
