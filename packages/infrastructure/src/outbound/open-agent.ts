import type { AddressPolicy } from '@ghostpost/delivery/receivers'
import { Agent, type buildConnector } from 'undici'
import { guardedConnector, type ResolveHost } from './guarded-connector.ts'
import { tunnelConnector } from './tunnel-connector.ts'

export interface AgentOptions {
  /** The allowed receiver addresses. Checked for the URL, every resolved address, and the connected socket. */
  policy: AddressPolicy
  /** The proxy for every connection, which also resolves the names; null to connect directly. */
  proxy?: URL | null
  /** Additional trusted certificates, for tests. */
  ca?: string
  /** Resolves host names; the system's resolver by default. */
  resolve?: ResolveHost
  connectTimeoutMs: number
  totalTimeoutMs: number
}

const keepAliveMs = 4_000
const headBytesMax = 16_384

/** Opens a connector that connects through the proxy, if there is one, and only to addresses the policy allows. */
export function openConnector(options: AgentOptions): buildConnector.connector {
  const { proxy } = options
  return proxy ? tunnelConnector({ ...options, proxy }) : guardedConnector(options)
}

/**
 * Opens an HTTP client that uses `connect`.
 * @param perOrigin most keep-alive connections per origin; null for one connection per request, closed afterwards
 */
export function openAgent(
  connect: buildConnector.connector,
  { totalTimeoutMs }: Pick<AgentOptions, 'totalTimeoutMs'>,
  perOrigin: number | null,
): Agent {
  return new Agent({
    connect,
    pipelining: perOrigin === null ? 0 : 1,
    connections: perOrigin,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    maxHeaderSize: headBytesMax,
    headersTimeout: totalTimeoutMs,
    bodyTimeout: totalTimeoutMs,
    allowH2: false,
  })
}
