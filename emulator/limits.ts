export type LimitClass = 'upload' | 'purge' | 'get' | 'refresh' | 'create' | 'update' | 'default'
export type LimitRule = { count: number; perMs: number }
export type LimitRules = Partial<Record<LimitClass, LimitRule>>
export type Limits = { admit: (limitClass: LimitClass | undefined, now: number) => boolean; violations: () => number }

/** @see https://docs.imgix.com/references/api-rate-limits (read 2026-11-21) */
export const documentedRules: Record<LimitClass, LimitRule> = {
  upload: { count: 2, perMs: 1000 },
  purge: { count: 10, perMs: 1000 },
  get: { count: 10, perMs: 1000 },
  refresh: { count: 10, perMs: 60_000 },
  create: { count: 60, perMs: 3_600_000 },
  update: { count: 60, perMs: 3_600_000 },
  default: { count: 4, perMs: 1000 },
}

/** A sliding window for each class: a request is refused if `count` others were admitted in the last `perMs`. A refused
 *  request does not count, so a client that waits is admitted again. */
export function createLimits(rules: LimitRules): Limits {
  const admitted = new Map<LimitClass, number[]>()
  let violations = 0
  return {
    violations: () => violations,
    admit(limitClass, now) {
      const rule = limitClass && rules[limitClass]
      if (!limitClass || !rule) return true
      const recent = (admitted.get(limitClass) ?? []).filter((at) => at > now - rule.perMs)
      const within = recent.length < rule.count
      if (within) recent.push(now)
      else violations += 1
      admitted.set(limitClass, recent)
      return within
    },
  }
}

/** The path of today for one of an older route, which `routes.ts` answers too. */
function todaysPath(path: string): string {
  return path
    .replace(/^\/api\/v1\/assets\/([^/]+)/, '/api/v1/sources/$1/assets')
    .replace(/^\/api\/v1\/sources\/upload\/([^/]+)/, '/api/v1/sources/$1/upload')
}

/** @returns the limit class of a request; undefined for the bucket, which has no limit */
export function limitClassOf(method: string, path: string): LimitClass | undefined {
  if (!path.startsWith('/api/v1/')) return undefined
  if (method === 'POST' && path === '/api/v1/purge') return 'purge'
  if (method === 'POST' && path === '/api/v1/sources') return 'create'
  if (method === 'PATCH' && /^\/api\/v1\/sources\/[^/]+$/.test(path)) return 'update'
  const section = /^\/api\/v1\/sources\/[^/]+\/(.+)$/.exec(todaysPath(path))?.[1] ?? ''
  if (method === 'POST' && section.startsWith('upload/')) return 'upload'
  if (method === 'POST' && section.startsWith('assets/refresh/')) return 'refresh'
  return method === 'GET' && section.startsWith('assets/') ? 'get' : 'default'
}
