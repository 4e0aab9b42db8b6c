import { createHash } from 'node:crypto'
import type { Access, AccessRequest, Authorize, SendRequest } from '@ghostpost/delivery/deliver'
import { readAccess, tokenRequestBody, tokenUrlOf } from '@ghostpost/delivery/destinations'
import { signAssertion } from './sign-assertion.ts'

interface Kept {
  /** Of what the token was got with: other credentials make it worthless. */
  fingerprint: string
  access: Promise<Access>
  /** On the monotonic clock; infinite while the token is being got. */
  until: number
}

const destinationsMax = 10_000

const tooLate: Access = { kind: 'failed', failure: { kind: 'no_answer', code: 'timed_out' } }

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
  const kept = new Map<string, Kept>()
  const settle = async (request: AccessRequest, entry: Kept): Promise<Access> => {
    let lives = false
    try {
      const access = await requestToken(request, send, userAgent)
      lives = access.kind === 'granted'
      entry.until = now() + (access.kind === 'granted' ? access.livesMs : 0)
      return access
    } finally {
      if (!lives && kept.get(request.destinationId) === entry) kept.delete(request.destinationId)
    }
  }
  const renew = (request: AccessRequest, fingerprint: string): Promise<Access> => {
    const entry: Kept = { fingerprint, access: Promise.resolve(tooLate), until: Infinity }
    keep(kept, request.destinationId, entry)
    entry.access = settle(request, entry)
    return entry.access
  }
  return async (request) => {
    const fingerprint = fingerprintOf(request)
    const found = kept.get(request.destinationId)
    if (!found || found.fingerprint !== fingerprint || found.until <= now()) {
      return within(request.withinMs, renew(request, fingerprint))
    }
    const access = await within(request.withinMs, found.access)
    // Whoever is told that a token is refused may find that another delivery has a new one already.
    if (access.kind === 'failed' || access.token !== request.refused) return access
    const stillThere = kept.get(request.destinationId) === found
    if (stillThere) return within(request.withinMs, renew(request, fingerprint))
    return within(request.withinMs, kept.get(request.destinationId)?.access ?? renew(request, fingerprint))
  }
}

function keep(kept: Map<string, Kept>, destinationId: string, entry: Kept): void {
  kept.delete(destinationId)
  const [oldest] = kept.keys()
  if (kept.size >= destinationsMax && oldest !== undefined) kept.delete(oldest)
  kept.set(destinationId, entry)
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
): Promise<Access> {
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
async function within(ms: number, access: Promise<Access>): Promise<Access> {
  const { promise, resolve } = Promise.withResolvers<Access>()
  const timer = setTimeout(() => resolve(tooLate), ms)
  try {
    return await Promise.race([access, promise])
  } finally {
    clearTimeout(timer)
  }
}
