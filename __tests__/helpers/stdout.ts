import { onTestFinished, vi } from 'vitest'

/** Keeps what the test prints. @returns a function for what was printed so far */
export function captureStdout(): () => string {
  const printed: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed.push(String(chunk))
    return true
  })
  onTestFinished(() => write.mockRestore())
  return () => printed.join('')
}
