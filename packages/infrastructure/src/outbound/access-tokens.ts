import { createHash } from 'node:crypto'
import type { AccessResult, AccessRequest, Authorize, SendRequest } from '@ghostpost/delivery/deliver'
import { readAccess, tokenRequestBody, tokenUrlOf } from '@ghostpost/delivery/destinations'
import { signAssertion } from './sign-assertion.ts'

interface CachedToken {
  /** Of what the token was got with: other credentials make it worthless. */
  fingerprint: string
  access: Promise<AccessResult>
  /** On the monotonic clock; infinite while the token is being got. */
  until: number
}

const destinationsMax = 10_000

const timedOut: AccessResult = { kind: 'failed', failure: { kind: 'no_answer', code: 'timed_out' } }

/**
 * Access tokens of one process, per destination: got through the same guarded sender as everything else, kept in memory
 * until they end or are refused, and got once however many deliveries wait for one. A failure is not kept.
 * @param now milliseconds on a clock that only runs forward
 */
export function createAccessTokens(
  send: SendRequest,
  userAgent: string,
  now: () => number = () => performance.now(),
): Authorize {
  const cache = new Map<string, CachedToken>()
  const fetchToken = async (request: AccessRequest, entry: CachedToken): Promise<AccessResult> => {
    let isGranted = false
    try {
      const access = await requestToken(request, send, userAgent)
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
    // Whoever is told that a token is refused may find that another delivery has a new one already.
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
  { credentials, webhookUrl }: AccessRequest,
  send: SendRequest,
  userAgent: string,
): Promise<AccessResult> {
  const url = tokenUrlOf(credentials, webhookUrl)
  const assertion = credentials.kind === 'jwt_bearer' ? await signAssertion(credentials, url, new Date()) : ''
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
    freshConnection: false,
  })
  return readAccess(sent.outcome, webhookUrl)
}

/** What is waited for, or a failure when it takes longer than this delivery has time. */
async function waitAtMost(ms: number, access: Promise<AccessResult>): Promise<AccessResult> {
  const { promise, resolve } = Promise.withResolvers<AccessResult>()
  const timer = setTimeout(() => resolve(timedOut), ms)
  try {
    return await Promise.race([access, promise])
  } finally {
    clearTimeout(timer)
  }
}
