import { judgeProxiedUrl, judgeReceiverUrl, type SendRequest } from '@ghostpost/delivery'
import { exchange, type ExchangeLimits } from './exchange.ts'
import { openAgent, type AgentOptions } from './open-agent.ts'

export interface SenderOptions extends ExchangeLimits, AgentOptions {}

export interface Sender {
  send: SendRequest
  /** Ends all connections. */
  close: () => Promise<void>
}

/**
 * Makes the only thing that opens a connection to a receiver: HTTP/1.1, no redirects, no compression, no proxy but the
 * operator's, one deadline over everything, and no address the policy does not allow.
 */
export function createSender(options: SenderOptions): Sender {
  const shared = openAgent(options, 1)
  // A request that must not be repeated gets a connection of its own, so that it cannot die with a stale one.
  const single = openAgent(options, 0)
  const judgeUrl = options.proxy ? judgeProxiedUrl : judgeReceiverUrl
  return {
    send: (request) => {
      const verdict = judgeUrl(request.url, options.policy)
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
