import { judgeReceiverUrl, type AddressPolicy, type SendRequest } from '@ghostpost/delivery'
import { Agent } from 'undici'
import { exchange, type ExchangeLimits } from './exchange.ts'
import { guardedConnector, type ResolveHost } from './guarded-connector.ts'

export interface SenderOptions extends ExchangeLimits {
  /** Which addresses receivers may have; asked about the URL, every resolved address, and the connected socket. */
  policy: AddressPolicy
  /** Certificates to trust beside the public ones; for tests. */
  ca?: string
  /** How host names are resolved; the system's resolver unless a test says otherwise. */
  resolve?: ResolveHost
}

export interface Sender {
  send: SendRequest
  /** Ends all connections. */
  close: () => Promise<void>
}

/** A receiver may keep this many connections of one worker busy. */
const connectionsPerHostMax = 128
const originsMax = 2_000
const keepAliveMs = 4_000
const headBytesMax = 16_384

/**
 * Makes the only thing that opens a connection to a receiver: HTTP/1.1, no redirects, no compression, no proxy, one
 * deadline over everything, and no address the policy does not allow.
 */
export function createSender(options: SenderOptions): Sender {
  const shared = openAgent(options, 1)
  // A request that must not be repeated gets a connection of its own, so that it cannot die with a stale one.
  const single = openAgent(options, 0)
  return {
    send: (request) => {
      const verdict = judgeReceiverUrl(request.url, options.policy)
      if (!verdict.allowed) {
        const outcome = { kind: 'address_forbidden', reason: verdict.reason } as const
        return Promise.resolve({ outcome, startedAt: new Date(), durationMs: 0 })
      }
      const { withinMs = Infinity } = request
      const limits = { ...options, totalTimeoutMs: Math.min(options.totalTimeoutMs, withinMs) }
      return exchange(request.freshConnection ? single : shared, request, limits)
    },
    close: async () => void (await Promise.all([shared.destroy(), single.destroy()])),
  }
}

/** @param pipelining 1 keeps connections alive, 0 closes each after its request */
function openAgent(options: SenderOptions, pipelining: 0 | 1): Agent {
  return new Agent({
    connect: guardedConnector(options),
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
