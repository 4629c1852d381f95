import { afterEach, beforeEach } from 'vitest'
import { shortenWaits } from '../../emulator/short-waits.ts'

let areShort = false

/** The fast clock of a file's tests in this process: what waits between two tries waits a fiftieth. */
export function waitShortly(): void {
  let restore: () => void
  beforeEach(() => {
    restore = shortenWaits()
  })
  afterEach(() => restore())
}

/** The same for the actions that a file's tests run; the emulator keeps its time. */
export function runsWaitShortly(): void {
  beforeEach(() => {
    areShort = true
  })
  afterEach(() => {
    areShort = false
  })
}

export function runsAreShort(): boolean {
  return areShort
}
