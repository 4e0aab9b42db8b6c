import { AsyncLocalStorage } from 'node:async_hooks'
import type { AddressPolicy } from '@ghostpost/delivery'
import { buildConnector } from 'undici'
import { forbiddenLiteral } from './guarded-connector.ts'
import { openTunnel, ProxyFailedError } from './open-tunnel.ts'

export interface TunnelConnectorOptions {
  policy: AddressPolicy
  proxy: URL
  connectTimeoutMs: number
  ca?: string
}

/** What an exchange waits for before its request starts; the client has no other way to tell it. */
export interface AwaitedConnection {
  /** The proxy has been asked for a tunnel, and has not opened it. */
  atProxy: boolean
}

export const awaitedConnection = new AsyncLocalStorage<AwaitedConnection>()

/**
 * Connects through a proxy, which resolves the names; literal addresses are judged here. TLS is with the receiver: its
 * certificate has to be for the receiver's name.
 */
export function tunnelConnector(options: TunnelConnectorOptions): buildConnector.connector {
  const { policy, proxy, connectTimeoutMs, ca } = options
  const trust = ca === undefined ? {} : { ca }
  const secure = buildConnector({ timeout: connectTimeoutMs, allowH2: false, ...trust })
  return (target, callback) => {
    const forbidden = forbiddenLiteral(target, policy)
    if (forbidden) return callback(forbidden, null)
    const awaited = awaitedConnection.getStore() ?? { atProxy: false }
    awaited.atProxy = true
    return openTunnel(authorityOf(target), { proxy, withinMs: connectTimeoutMs, ...trust }, (tunnel) => {
      if (tunnel instanceof ProxyFailedError) return callback(tunnel, null)
      awaited.atProxy = false
      if (target.protocol === 'http:') return callback(null, tunnel)
      return secure({ ...target, httpSocket: tunnel }, callback)
    })
  }
}

function authorityOf({ hostname, port, protocol }: buildConnector.Options): string {
  const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname
  return `${host}:${port || (protocol === 'http:' ? 80 : 443)}`
}
