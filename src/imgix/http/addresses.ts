import type { ClientRequest } from 'node:http'
import type { Socket } from 'node:net'
import { AddressError } from './unsent.ts'

/** How long an address of a host has before the next one is tried. Node allows 250 ms, less than the way to a far host and
 *  back. The last address has as long as the request. */
const ATTEMPT_MS = 2500

/** @param timeoutMs of the request, which is long enough for several addresses */
export function attemptOptions(timeoutMs = Number.POSITIVE_INFINITY): { autoSelectFamilyAttemptTimeout: number } {
  return { autoSelectFamilyAttemptTimeout: Math.max(10, Math.min(ATTEMPT_MS, Math.floor(timeoutMs / 4))) }
}

/** Watches the connection of a request, and which addresses a new one tries.
 *  @param onReady called when it stands, with what the network's round trip took where it is a new one
 *  @returns a function that makes an AddressError of an error before the connection, if there were several addresses */
export function watchConnection(
  request: ClientRequest,
  secure = false,
  onReady: (roundTripMs?: number) => void = () => {},
): (error: unknown) => unknown {
  const tried = new Map<string, string>() // address to what came of it
  let isConnected = false
  request.once('socket', (socket: Socket) => {
    isConnected = !socket.connecting
    if (isConnected) return onReady() // a kept one
    let startedAt = performance.now()
    socket.once('lookup', () => {
      startedAt = performance.now()
    })
    // an attempt can have begun before
    for (const event of ['connectionAttempt', 'connectionAttemptTimeout'])
      socket.on(event, (address: string) => tried.set(address, 'no connection in time'))
    socket.on('connectionAttemptFailed', (address: string, _port, _family, { code }: NodeJS.ErrnoException) =>
      tried.set(address, code ?? 'no connection'),
    )
    socket.once('connect', () => {
      isConnected = true
      const roundTripMs = performance.now() - startedAt
      if (secure) socket.once('secureConnect', () => onReady(roundTripMs))
      else onReady(roundTripMs)
    })
  })
  return (error) => {
    if (isConnected || tried.size < 2) return error
    const each = [...tried].map(([address, why]) => `${address} (${why})`)
    return new AddressError(`no answer from ${each.join(' and ')}`, { cause: error })
  }
}
