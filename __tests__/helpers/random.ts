/** A generator of pseudo-random numbers from a seed, so that a story can be had again (mulberry32). */
export function randomOf(seed: number) {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T
  return {
    chance: (share: number): boolean => next() < share,
    pick,
    /** @returns a whole number from 1 */
    count: (max: number) => 1 + Math.floor(next() * max),
  }
}
