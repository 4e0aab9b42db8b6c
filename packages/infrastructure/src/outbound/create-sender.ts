import type { OutboundRequest, SendRequest, SendResult } from '@ghostpost/delivery/deliver'
import { judgeProxiedUrl, judgeReceiverUrl } from '@ghostpost/delivery/receivers'
import type { Settings } from '../config/load-settings.ts'
import { exchange, type ExchangeLimits, type ExchangeResult } from './exchange.ts'
import { KeepAliveConnections, type KeepAliveLimits } from './keep-alive-connections.ts'
import { openNameResolver, type NameResolver, type NameResolverOptions } from './names/index.ts'
import { openAgent, openConnector, type AgentOptions } from './open-agent.ts'
import { cachedListeners } from './own-listeners.ts'

export interface SenderOptions extends ExchangeLimits, AgentOptions {
  /** Limit for the look-up of a host name, in milliseconds, within the limit for the connection; 3 s by default. */
  lookupTimeoutMs?: number
  keepAliveLimits?: KeepAliveLimits
  /** Other name servers, files and limits of look-ups, for tests. */
  names?: Omit<NameResolverOptions, 'lookupTimeoutMs' | 'waitMaxMs'>
}

export interface Sender {
  send: SendRequest
  /** Closes all connections. */
  close: () => Promise<void>
}

const lookupTimeoutDefaultMs = 3_000
/**
 * A keep-alive connection that is lost sooner than this after a request, in milliseconds, and without a byte of a
 * response, was probably closed before the receiver saw the request. "A client … MAY automatically retry" a request
 * that may be repeated (RFC 9110 §9.2.2), and only such requests use keep-alive connections.
 */
const staleMs = 1_000
const defaultKeepAliveLimits: KeepAliveLimits = { overall: 1_024, perOrigin: 128 }

/**
 * Creates the sender, the only code that opens connections to receivers: HTTP/1.1, no redirects, no
 * proxy except the configured one, one deadline per exchange, and only addresses the policy allows. It has one
 * connection per request in flight, and a bounded number of idle keep-alive connections.
 */
export function createSender(options: SenderOptions): Sender {
  const names = openNames(options)
  const connect = openConnector(options, names)
  const keepAliveLimits = options.keepAliveLimits ?? defaultKeepAliveLimits
  const keepAlive = new KeepAliveConnections(keepAliveLimits)
  const shared = openAgent(keepAlive.withCounting(connect), options, keepAliveLimits.perOrigin)
  // One connection per request, for requests that must not fail on a stale connection and when keep-alive is full.
  const single = openAgent(connect, options, null)
  const judgeUrl = options.proxy ? judgeProxiedUrl : judgeReceiverUrl
  const exchangeOnce = async (request: OutboundRequest): Promise<SendResult> => {
    const { withinMs = Infinity, freshConnection, url } = request
    const limits = { ...options, totalTimeoutMs: Math.min(options.totalTimeoutMs, withinMs) }
    if (freshConnection || !keepAlive.hasRoom(url.origin))
      return sendResultOf(await exchange(single, request, limits))
    const first = await keepAlive.track(url.origin, () => exchange(shared, request, limits))
    if (!first.wasStale || first.durationMs > staleMs) return sendResultOf(first)
    const second = await exchange(single, request, limitsAfter(first.durationMs, limits))
    return {
      ...sendResultOf(second),
      startedAt: first.startedAt,
      durationMs: first.durationMs + second.durationMs,
      mayBeRepeat: true,
    }
  }
  return {
    send: (request) => {
      const verdict = judgeUrl(request.url, options.policy)
      if (verdict.allowed) return exchangeOnce(request)
      const outcome = { kind: 'address_forbidden', reason: verdict.reason } as const
      return Promise.resolve({ outcome, startedAt: new Date(), durationMs: 0 })
    },
    close: async () => {
      names.close()
      await Promise.all([shared.destroy(), single.destroy()])
    },
  }
}

function sendResultOf({ outcome, startedAt, durationMs, trace }: ExchangeResult): SendResult {
  return { outcome, startedAt, durationMs, ...(trace && { trace }) }
}

function limitsAfter(elapsedMs: number, limits: ExchangeLimits): ExchangeLimits {
  return {
    ...limits,
    responseTimeoutMs: limits.responseTimeoutMs - elapsedMs,
    totalTimeoutMs: limits.totalTimeoutMs - elapsedMs,
  }
}

function openNames({
  connectTimeoutMs,
  lookupTimeoutMs = lookupTimeoutDefaultMs,
  names,
}: SenderOptions): NameResolver {
  return openNameResolver({
    ...names,
    lookupTimeoutMs: Math.min(lookupTimeoutMs, connectTimeoutMs),
    waitMaxMs: connectTimeoutMs,
  })
}

/** Opens the sender with the settings, for the API and the worker. */
export function openSender(settings: Settings): Sender {
  const listeners = cachedListeners(settings)
  return createSender({
    lookupTimeoutMs: settings.GHOSTPOST_LOOKUP_TIMEOUT_MS,
    connectTimeoutMs: settings.GHOSTPOST_CONNECT_TIMEOUT_MS,
    responseTimeoutMs: settings.GHOSTPOST_ANSWER_TIMEOUT_MS,
    bodyTimeoutMs: settings.GHOSTPOST_BODY_TIMEOUT_MS,
    totalTimeoutMs: settings.GHOSTPOST_ATTEMPT_TIMEOUT_MS,
    policy: {
      allowed: settings.allowedAddresses,
      get ownListeners() {
        return listeners()
      },
    },
    proxy: settings.egressProxy,
  })
}
