import { setTimeout as sleep } from 'node:timers/promises'

const WAITS_MS = [20, 50, 100, 200, 400, 800]

/**
 * Does something again while another program holds the file. On Windows, a virus scanner opens each new file for a moment
 * and keeps it from being renamed.
 * @throws the last error
 */
export async function retryHeld<T>(
  action: () => T | Promise<T>,
  { windows = process.platform === 'win32', waitsMs = WAITS_MS } = {},
): Promise<T> {
  for (const waitMs of windows ? waitsMs : []) {
    try {
      return await action()
    } catch (error) {
      if (!['EPERM', 'EACCES', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
      await sleep(waitMs)
    }
  }
  return action()
}
