import { AsyncLocalStorage } from 'node:async_hooks'

/** What an exchange learns of the connection that is opened for it; the client has no other way to tell. */
export interface ConnectionPhases {
  /** The proxy has been asked for a tunnel, and has not opened it. */
  atProxy: boolean
  dnsMs: number | null
  /** TCP, or the tunnel through a proxy. */
  connectMs: number | null
  tlsMs: number | null
}

/** The phases of the exchange for which a connection is being opened. */
export const phasesStorage = new AsyncLocalStorage<ConnectionPhases>()

export function newPhases(): ConnectionPhases {
  return { atProxy: false, dnsMs: null, connectMs: null, tlsMs: null }
}
