import { callbackify } from 'node:util'
import type { AddressPolicy } from '@ghostpost/delivery/receivers'
import type { buildConnector } from 'undici'
import { phasesStorage, newPhases } from './connection-phases.ts'
import { forbiddenLiteral } from './guarded-connector.ts'
import { openTunnel, ProxyFailedError } from './open-tunnel.ts'
import { openSecureConnector } from './secure-connector.ts'
import { watchConnection } from './odd-responses/index.ts'

export interface TunnelConnectorOptions {
  policy: AddressPolicy
  proxy: URL
  connectTimeoutMs: number
  ca?: string
}

/**
 * Connects through a proxy, which resolves the names. It checks literal addresses against the policy itself. TLS runs
 * between us and the receiver, whose certificate must match the receiver's name.
 */
export function tunnelConnector(options: TunnelConnectorOptions): buildConnector.connector {
  const { policy, proxy, connectTimeoutMs, ca } = options
  const trust = ca === undefined ? {} : { ca }
  const secure = callbackify(openSecureConnector(ca))
  return (target, callback) => {
    const forbidden = forbiddenLiteral(target, policy)
    if (forbidden) return callback(forbidden, null)
    const phases = phasesStorage.getStore() ?? newPhases()
    const start = performance.now()
    phases.atProxy = true
    return openTunnel(authorityOf(target), { proxy, withinMs: connectTimeoutMs, ...trust }, (tunnel) => {
      if (tunnel instanceof ProxyFailedError) return callback(tunnel, null)
      phases.atProxy = false
      const opened = performance.now()
      phases.connectMs = opened - start
      if (target.protocol === 'http:') return callback(null, watchConnection(tunnel))
      const remainingMs = Math.max(start + connectTimeoutMs - opened, 0)
      secure(target, tunnel, remainingMs, (error, socket) => {
        if (error) return callback(error, null)
        phases.tlsMs = performance.now() - opened
        return callback(null, watchConnection(socket))
      })
    })
  }
}

function authorityOf({ hostname, port, protocol }: buildConnector.Options): string {
  const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname
  return `${host}:${port || (protocol === 'http:' ? 80 : 443)}`
}
