import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Timings of the connection opened for an exchange. The connector fills them in, because undici does not report them.
 */
export interface ConnectionPhases {
  /** The proxy was asked for a tunnel and has not opened it yet. */
  atProxy: boolean
  dnsMs: number | null
  /** TCP connect, or the tunnel through a proxy. */
  connectMs: number | null
  tlsMs: number | null
}

/** Passes the phases of an exchange to the connector that opens its connection. */
export const phasesStorage = new AsyncLocalStorage<ConnectionPhases>()

export function newPhases(): ConnectionPhases {
  return { atProxy: false, dnsMs: null, connectMs: null, tlsMs: null }
}
