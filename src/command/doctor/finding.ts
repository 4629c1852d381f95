/** The result of one check. */
export type Finding = {
  /** `fail`: a sync can't work; `warn`: a part of it can't; `note`: nothing to do */
  readonly level: 'ok' | 'note' | 'warn' | 'fail'
  readonly what: string
  readonly remedy?: string
}

export const ok = (what: string): Finding => ({ level: 'ok', what })
export const note = (what: string): Finding => ({ level: 'note', what })
export const warn = (what: string, remedy: string): Finding => ({ level: 'warn', what, remedy })
export const fail = (what: string, remedy: string): Finding => ({ level: 'fail', what, remedy })
