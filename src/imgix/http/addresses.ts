import type { ClientRequest } from 'node:http'
import type { Socket } from 'node:net'

/** How long an address of a host has before the next one is tried. Node allows 250 ms, less than the way to a far host and
 *  back. The last address has as long as the request. */
const ATTEMPT_MS = 2500

/** No address of a host takes a connection, so the request has never left. */
export class AddressError extends Error {
  override name = 'AddressError'
}

/** @param timeoutMs of the request, which is long enough for several addresses */
export function attemptOptions(timeoutMs = Number.POSITIVE_INFINITY): { autoSelectFamilyAttemptTimeout: number } {
  return { autoSelectFamilyAttemptTimeout: Math.max(10, Math.min(ATTEMPT_MS, Math.floor(timeoutMs / 4))) }
}

/** Watches which addresses a new connection tries.
 *  @returns a function that makes an AddressError of an error before the connection, if there were several addresses */
export function watchAddresses(request: ClientRequest): (error: unknown) => unknown {
  const tried = new Map<string, string>() // address to what came of it
  let isConnected = false
  request.once('socket', (socket: Socket) => {
    isConnected = !socket.connecting
    if (isConnected) return // a kept one
    socket.on('connectionAttempt', (address: string) => tried.set(address, 'no connection in time'))
    socket.on('connectionAttemptTimeout', (address: string) => tried.set(address, 'no connection in time'))
    socket.on('connectionAttemptFailed', (address: string, _port, _family, { code }: NodeJS.ErrnoException) =>
      tried.set(address, code ?? 'no connection'),
    )
    socket.once('connect', () => {
      isConnected = true
    })
  })
  return (error) => {
    if (isConnected || tried.size < 2) return error
    const each = [...tried].map(([address, why]) => `${address} (${why})`)
    return new AddressError(`no answer from ${each.join(' and ')}`, { cause: error })
  }
}
