const LEAST_MS = 10_000

/** @returns a function that calls `log` at most once in `leastMs`, and not at once */
export function seldom<T>(log: (value: T) => void, leastMs = LEAST_MS): (value: T) => void {
  let last = performance.now()
  return (value) => {
    if (performance.now() - last < leastMs) return
    last = performance.now()
    log(value)
  }
}
