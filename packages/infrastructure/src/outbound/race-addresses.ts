import { connect, isIPv6, type Socket } from 'node:net'

export interface RaceOptions {
  port: number
  /** Limit for all addresses together, in milliseconds. */
  withinMs: number
}

/** RFC 8305 §5: the recommended Connection Attempt Delay, in milliseconds. */
const attemptDelayMs = 250
const keepAliveProbeMs = 60_000

/**
 * Connects to the first address that accepts (RFC 8305). The next attempt starts when the last one has failed or has
 * taken 250 ms, and earlier attempts go on: a slow address is not given up for a broken one.
 * @param addresses at least one; the families take turns, the first address first
 * @throws AggregateError with the error of each address that failed; `ETIMEDOUT` for those without an end in time
 */
export function raceAddresses(
  addresses: readonly string[],
  { port, withinMs }: RaceOptions,
): Promise<Socket> {
  const remaining = takeTurns(addresses)
  const connecting = new Set<Socket>()
  const errors: Error[] = []
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const next = setInterval(() => start(), attemptDelayMs)
  const deadline = setTimeout(() => {
    errors.push(...Array.from(connecting, () => timedOut()))
    fail()
  }, withinMs)
  const end = (): void => {
    clearInterval(next)
    clearTimeout(deadline)
    for (const socket of connecting) socket.destroy()
  }
  const fail = (): void => {
    end()
    reject(new AggregateError(errors.length > 0 ? errors : [timedOut()], 'no address accepted a connection'))
  }
  const start = (): void => {
    const address = remaining.shift()
    if (address === undefined) return
    next.refresh()
    const socket = openSocket(address, port)
    connecting.add(socket)
    socket.once('connect', () => {
      connecting.delete(socket)
      end()
      resolve(socket)
    })
    socket.once('error', (error) => {
      if (!connecting.delete(socket)) return
      errors.push(error)
      if (remaining.length > 0) start()
      else if (connecting.size === 0) fail()
    })
  }
  start()
  return promise
}

function openSocket(address: string, port: number): Socket {
  const socket = connect({
    host: address,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveProbeMs,
  })
  // A lost attempt may still fail, and nobody else listens until the client takes the socket.
  return socket.on('error', () => {})
}

/** RFC 8305 §4: the address families in turns, beginning with that of the first address. */
function takeTurns(addresses: readonly string[]): string[] {
  const isFirstSix = isIPv6(addresses[0] ?? '')
  const first = addresses.filter((address) => isIPv6(address) === isFirstSix)
  const second = addresses.filter((address) => isIPv6(address) !== isFirstSix)
  return first
    .flatMap((address, index) => [address, ...second.slice(index, index + 1)])
    .concat(second.slice(first.length))
}

function timedOut(): Error {
  return Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' })
}
