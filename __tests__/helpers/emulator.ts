import { onTestFinished } from 'vitest'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/server.ts'

/** An emulator that stops with the test, without rate limits unless the test asks for them. */
export async function emulate(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ rateLimits: 'off', ...options })
  onTestFinished(emulator.stop)
  return emulator
}

export type Reply = {
  status: number
  headers: Headers
  text: string
  /** The first error's title and detail, empty for anything but an errors document. */
  error: { status?: string; title?: string; detail?: string; id?: string }
  // biome-ignore lint/suspicious/noExplicitAny: tests read documents of many shapes
  json: any
}

/** Calls the Management API with the emulator's key; `/...` of the Source when the path does not start with `/api/`.
 *  A header of '' is left out. */
export async function call(
  emulator: Emulator,
  method: string,
  path: string,
  init: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const isJson = init.body !== undefined && typeof init.body !== 'string'
  const headers = Object.entries({
    authorization: `Bearer ${emulator.apiKey}`,
    ...(isJson ? { 'content-type': 'application/vnd.api+json' } : {}),
    ...init.headers,
  }).filter(([, value]) => value !== '')
  const body = isJson ? JSON.stringify(init.body) : (init.body as string | undefined)
  const full = path.startsWith('/api/') ? path : `/api/v1/sources/${emulator.sourceId}${path}`
  const response = await fetch(`${emulator.apiUrl}${full}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  })
  return replyOf(response)
}

export async function replyOf(response: Response): Promise<Reply> {
  const text = await response.text()
  const isJson = response.headers.get('content-type') === 'application/vnd.api+json'
  const json = isJson ? JSON.parse(text) : undefined
  return { status: response.status, headers: response.headers, text, json, error: json?.errors?.[0] ?? {} }
}

export function purgeDocument(attributes: Record<string, unknown>): unknown {
  return { data: { type: 'purges', attributes } }
}
