import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Timings of the connection opened for an exchange. The connector fills them in, because undici does not report them.
 */
export interface ConnectionPhases {
  /** Whose share of the look-ups the connection uses. */
  holder: string
  /** While the name is being looked up: whether that took long because of the name itself. */
  isLookupSlow: (() => boolean) | null
  /** The proxy was asked for a tunnel and has not opened it yet. */
  atProxy: boolean
  dnsMs: number | null
  /** TCP connect, or the tunnel through a proxy. */
  connectMs: number | null
  tlsMs: number | null
}

/** Passes the phases of an exchange to the connector that opens its connection. */
export const phasesStorage = new AsyncLocalStorage<ConnectionPhases>()

/** @param holder the site of the request; empty for none */
export function newPhases(holder = ''): ConnectionPhases {
  return { holder, isLookupSlow: null, atProxy: false, dnsMs: null, connectMs: null, tlsMs: null }
}
