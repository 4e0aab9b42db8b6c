import type { AddressPolicy } from '@ghostpost/delivery'
import { Agent } from 'undici'
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

/** A receiver may keep this many connections of one worker busy. */
const connectionsPerHostMax = 128
const originsMax = 2_000
const keepAliveMs = 4_000
const headBytesMax = 16_384

/**
 * A client whose connections only lead where the policy allows.
 * @param pipelining 1 keeps connections alive, 0 closes each after its request
 */
export function openAgent(options: AgentOptions, pipelining: 0 | 1): Agent {
  const { proxy } = options
  return new Agent({
    connect: proxy ? tunnelConnector({ ...options, proxy }) : guardedConnector(options),
    pipelining,
    connections: connectionsPerHostMax,
    maxOrigins: originsMax,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    maxHeaderSize: headBytesMax,
    headersTimeout: options.totalTimeoutMs,
    bodyTimeout: options.totalTimeoutMs,
    allowH2: false,
  })
}
