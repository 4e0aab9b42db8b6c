import { Agent, fetch, type Dispatcher, type RequestInit } from 'undici'
import type { Settings } from '../config/load-settings.ts'
import { openNameResolver } from './names/index.ts'
import { openConnector } from './open-agent.ts'
import { cachedListeners } from './own-listeners.ts'

/** Fetches documents and tokens from the issuer of single sign-on. */
export interface IssuerFetch {
  fetch: (url: string, init: unknown) => Promise<Response>
  close: () => Promise<void>
}

const headBytesMax = 16_384
const bodyBytesMax = 1_048_576

/**
 * The operator chose the issuer, so its host may have any address. Other hosts that its documents name are reached only
 * at addresses that the policy for receivers allows. With an egress proxy everything goes through it, except this
 * machine. Redirects are not followed.
 * @param issuerHost the host name of the issuer's URL
 */
export function openIssuerFetch(settings: Settings, issuerHost: string): IssuerFetch {
  const guarded = guardedAgent(settings)
  const isDirect = settings.egressProxy === null || isLoopback(issuerHost)
  const direct = isDirect ? boundedAgent({ timeout: settings.GHOSTPOST_CONNECT_TIMEOUT_MS }, settings) : null
  const dispatcherOf = (url: string): Dispatcher =>
    direct && URL.parse(url)?.hostname === issuerHost ? direct : guarded.agent
  return {
    fetch: (url, init) =>
      fetch(url, { ...(init as RequestInit), redirect: 'manual', dispatcher: dispatcherOf(url) }),
    close: async () => {
      guarded.closeNames()
      await Promise.all([guarded.agent.destroy(), direct?.destroy()])
    },
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.')
}

function guardedAgent(settings: Settings): { agent: Agent; closeNames: () => void } {
  const { GHOSTPOST_CONNECT_TIMEOUT_MS: connectTimeoutMs, GHOSTPOST_LOOKUP_TIMEOUT_MS: lookupTimeoutMs } =
    settings
  const listeners = cachedListeners(settings)
  const names = openNameResolver({
    lookupTimeoutMs: Math.min(lookupTimeoutMs, connectTimeoutMs),
    waitMaxMs: connectTimeoutMs,
  })
  const policy = {
    allowed: settings.allowedAddresses,
    get ownListeners() {
      return listeners()
    },
  }
  const totalTimeoutMs = settings.GHOSTPOST_ATTEMPT_TIMEOUT_MS
  const connect = openConnector(
    { policy, proxy: settings.egressProxy, connectTimeoutMs, totalTimeoutMs },
    names,
  )
  return { agent: boundedAgent(connect, settings), closeNames: () => names.close() }
}

function boundedAgent(connect: Agent.Options['connect'], settings: Settings): Agent {
  return new Agent({
    ...(connect !== undefined && { connect }),
    pipelining: 0,
    allowH2: false,
    maxHeaderSize: headBytesMax,
    maxResponseSize: bodyBytesMax,
    headersTimeout: settings.GHOSTPOST_ATTEMPT_TIMEOUT_MS,
    bodyTimeout: settings.GHOSTPOST_ATTEMPT_TIMEOUT_MS,
  })
}
