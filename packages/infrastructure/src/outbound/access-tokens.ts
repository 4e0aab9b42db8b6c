import { createHash } from 'node:crypto'
import type { AccessResult, AccessRequest, Authorize, SendRequest } from '@ghostpost/delivery/deliver'
import { readAccess, tokenRequestBody, tokenUrlOf } from '@ghostpost/delivery/destinations'
import { signAssertion } from './sign-assertion.ts'

interface CachedToken {
  /** Digest of the credentials and origin that the token belongs to. Changed credentials make it invalid. */
  fingerprint: string
  access: Promise<AccessResult>
  /** Expiry on the monotonic clock, in milliseconds; infinite while the token is being fetched. */
  until: number
}

const destinationsMax = 10_000

const timedOut: AccessResult = { kind: 'failed', failure: { kind: 'no_answer', code: 'timed_out' } }

/**
 * The access tokens of one process, one per destination. They are fetched through the guarded sender, with one request
 * for all waiting deliveries, and cached in memory until they expire or are refused. A failure is not cached.
 * @param now a monotonic clock, in milliseconds
 * @param clock the time that assertions state
 */
export function createAccessTokens(
  send: SendRequest,
  userAgent: string,
  now: () => number = () => performance.now(),
  clock: () => Date = () => new Date(),
): Authorize {
  const cache = new Map<string, CachedToken>()
  const fetchToken = async (request: AccessRequest, entry: CachedToken): Promise<AccessResult> => {
    let isGranted = false
    try {
      const access = await requestToken(request, send, userAgent, clock())
      isGranted = access.kind === 'granted'
      entry.until = now() + (access.kind === 'granted' ? access.lifetimeMs : 0)
      return access
    } finally {
      if (!isGranted && cache.get(request.destinationId) === entry) cache.delete(request.destinationId)
    }
  }
  const renew = (request: AccessRequest, fingerprint: string): Promise<AccessResult> => {
    const entry: CachedToken = { fingerprint, access: Promise.resolve(timedOut), until: Infinity }
    cacheToken(cache, request.destinationId, entry)
    entry.access = fetchToken(request, entry)
    return entry.access
  }
  return async (request) => {
    const fingerprint = fingerprintOf(request)
    const cached = cache.get(request.destinationId)
    if (!cached || cached.fingerprint !== fingerprint || cached.until <= now()) {
      return waitAtMost(request.withinMs, renew(request, fingerprint))
    }
    const access = await waitAtMost(request.withinMs, cached.access)
    // The receiver refused the caller's token. Another delivery may have fetched a new one meanwhile.
    if (access.kind === 'failed' || access.token !== request.refusedToken) return access
    const isCurrent = cache.get(request.destinationId) === cached
    if (isCurrent) return waitAtMost(request.withinMs, renew(request, fingerprint))
    return waitAtMost(
      request.withinMs,
      cache.get(request.destinationId)?.access ?? renew(request, fingerprint),
    )
  }
}

function cacheToken(cache: Map<string, CachedToken>, destinationId: string, entry: CachedToken): void {
  cache.delete(destinationId)
  const [oldest] = cache.keys()
  if (cache.size >= destinationsMax && oldest !== undefined) cache.delete(oldest)
  cache.set(destinationId, entry)
}

function fingerprintOf({ credentials, webhookUrl }: AccessRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([credentials, webhookUrl.origin]))
    .digest('base64')
}

async function requestToken(
  { credentials, webhookUrl, siteId }: AccessRequest,
  send: SendRequest,
  userAgent: string,
  at: Date,
): Promise<AccessResult> {
  const url = tokenUrlOf(credentials, webhookUrl)
  const assertion = credentials.kind === 'jwt_bearer' ? await signAssertion(credentials, url, at) : ''
  if (assertion === null) return { kind: 'failed', failure: { kind: 'key_unusable' } }
  const sent = await send({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'user-agent': userAgent,
    },
    body: tokenRequestBody(credentials, assertion),
    signing: null,
    siteId,
    freshConnection: false,
  })
  return readAccess(sent.outcome, webhookUrl)
}

/** The result of `access`, or a timeout failure after `ms`, the time this delivery has left. */
async function waitAtMost(ms: number, access: Promise<AccessResult>): Promise<AccessResult> {
  const { promise, resolve } = Promise.withResolvers<AccessResult>()
  const timer = setTimeout(() => resolve(timedOut), ms)
  try {
    return await Promise.race([access, promise])
  } finally {
    clearTimeout(timer)
  }
}
