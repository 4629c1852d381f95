/** An error as its reader needs it. */
export type Advice = {
  /** what is wrong */
  readonly problem: string
  /** what to do, as an order */
  readonly remedy: string
  /** running the job again is the remedy, or a part of it */
  readonly again: boolean
  /** the problem does not tell what it kept from being done */
  readonly isGeneral?: boolean
}

export const AGAIN = 'run the job again'
export const LATER = `${AGAIN} later`
/** The remedy for an error that only imgix can correct. */
export const STAYS = `${AGAIN}; if it stays, tell imgix's support`
export const TOO_LARGE = 'make the file smaller, or leave it out by `files`'

export const fix = (problem: string, remedy: string): Advice => ({ problem, remedy, again: false })
export const again = (problem: string, remedy = AGAIN): Advice => ({ problem, remedy, again: true })
export const general = (advice: Advice): Advice => ({ ...advice, isGeneral: true })

export function times(attempts: number): string {
  return attempts === 1 ? 'once' : `${attempts} times`
}
