import type { AddressPolicy } from '@ghostpost/delivery/receivers'
import { Agent, type buildConnector } from 'undici'
import { guardedConnector, type ResolveHost } from './guarded-connector.ts'
import { tunnelConnector } from './tunnel-connector.ts'

export interface AgentOptions {
  /** Which addresses receivers may have; asked about the URL, every resolved address, and the connected socket. */
  policy: AddressPolicy
  /** Every connection goes through it, and it resolves the names; null to connect directly. */
  proxy?: URL | null
  /** Certificates to trust beside the public ones; for tests. */
  ca?: string
  /** How host names are resolved; the system's resolver unless a test says otherwise. */
  resolve?: ResolveHost
  connectTimeoutMs: number
  totalTimeoutMs: number
}

const keepAliveMs = 4_000
const headBytesMax = 16_384

/** Connects as the options say, and only where their policy allows. */
export function openConnector(options: AgentOptions): buildConnector.connector {
  const { proxy } = options
  return proxy ? tunnelConnector({ ...options, proxy }) : guardedConnector(options)
}

/**
 * A client that connects with `connect`.
 * @param perOrigin the most connections of one origin, kept alive; null for one per request, closed after it
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
