import type { OutboundRequest, Sent, SendRequest } from '@ghostpost/delivery/deliver'
import { judgeProxiedUrl, judgeReceiverUrl } from '@ghostpost/delivery/receivers'
import { exchange, type ExchangeLimits } from './exchange.ts'
import { KeptConnections, type KeptConnectionLimits } from './kept-connections.ts'
import { openAgent, openConnector, type AgentOptions } from './open-agent.ts'

export interface SenderOptions extends ExchangeLimits, AgentOptions {
  keptConnections?: KeptConnectionLimits
}

export interface Sender {
  send: SendRequest
  /** Ends all connections. */
  close: () => Promise<void>
}

const keptConnectionsMax: KeptConnectionLimits = { overall: 1_024, perOrigin: 128 }

/**
 * Makes the only thing that opens a connection to a receiver: HTTP/1.1, no redirects, no compression, no proxy but the
 * operator's, one deadline over everything, and no address the policy does not allow. It has as many connections as
 * requests are under way, and besides those that are kept for later ones, which are bounded.
 */
export function createSender(options: SenderOptions): Sender {
  const connect = openConnector(options)
  const keptMax = options.keptConnections ?? keptConnectionsMax
  const kept = new KeptConnections(keptMax)
  const shared = openAgent(kept.counting(connect), options, keptMax.perOrigin)
  // A connection that ends with its request: for one that must not die with a stale one, and where no more are kept.
  const single = openAgent(connect, options, null)
  const judgeUrl = options.proxy ? judgeProxiedUrl : judgeReceiverUrl
  const exchangeOnce = (request: OutboundRequest): Promise<Sent> => {
    const { withinMs = Infinity, freshConnection, url } = request
    const limits = { ...options, totalTimeoutMs: Math.min(options.totalTimeoutMs, withinMs) }
    if (freshConnection || !kept.hasRoom(url.origin)) return exchange(single, request, limits)
    return kept.during(url.origin, () => exchange(shared, request, limits))
  }
  return {
    send: (request) => {
      const verdict = judgeUrl(request.url, options.policy)
      if (verdict.allowed) return exchangeOnce(request)
      const outcome = { kind: 'address_forbidden', reason: verdict.reason } as const
      return Promise.resolve({ outcome, startedAt: new Date(), durationMs: 0 })
    },
    close: async () => void (await Promise.all([shared.destroy(), single.destroy()])),
  }
}
