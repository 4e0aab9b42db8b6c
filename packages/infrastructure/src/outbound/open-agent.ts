import type { AddressPolicy } from '@ghostpost/delivery/receivers'
import { Agent, type buildConnector } from 'undici'
import { guardedConnector, type ResolveHost } from './guarded-connector.ts'
import type { NameResolver } from './names/index.ts'
import { tunnelConnector } from './tunnel-connector.ts'

export interface AgentOptions {
  /** The allowed receiver addresses. Checked for the URL, every resolved address, and the connected socket. */
  policy: AddressPolicy
  /** The proxy for every connection, which also resolves the names; null to connect directly. */
  proxy?: URL | null
  /** Additional trusted certificates, for tests. */
  ca?: string
  /** Replaces the resolver of host names, in tests. */
  resolve?: ResolveHost
  /** A keep-alive connection takes no request at a greater age, in milliseconds; 60 s by default. */
  connectionAgeMaxMs?: number
  connectTimeoutMs: number
  totalTimeoutMs: number
}

const keepAliveMs = 4_000
/** A receiver that moves to another address is reached there within this time and the TTL of its old address. */
const connectionAgeDefaultMs = 60_000
const headBytesMax = 16_384

/** Opens a connector that connects through the proxy, if there is one, and only to addresses the policy allows. */
export function openConnector(options: AgentOptions, names: NameResolver): buildConnector.connector {
  const { proxy } = options
  return proxy ? tunnelConnector({ ...options, proxy }) : guardedConnector({ ...options, names })
}

/**
 * Opens an HTTP client that uses `connect`.
 * @param perOrigin most keep-alive connections per origin; null for one connection per request, closed afterwards
 */
export function openAgent(
  connect: buildConnector.connector,
  { totalTimeoutMs, connectionAgeMaxMs = connectionAgeDefaultMs }: AgentOptions,
  perOrigin: number | null,
): Agent {
  return new Agent({
    connect,
    pipelining: perOrigin === null ? 0 : 1,
    connections: perOrigin,
    clientTtl: connectionAgeMaxMs,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    maxHeaderSize: headBytesMax,
    headersTimeout: totalTimeoutMs,
    bodyTimeout: totalTimeoutMs,
    allowH2: false,
  })
}
