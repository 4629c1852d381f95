/** Nothing is sent: the host is not public. */
export class HostError extends Error {
  override name = 'HostError'
}
