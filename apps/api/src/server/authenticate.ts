import { createHash } from 'node:crypto'
import { callerNetwork } from '@ghostpost/delivery/receivers'
import { openFairSlots } from '@ghostpost/delivery/sharing'
import type { ActiveSession } from '@ghostpost/infrastructure/accounts'
import type { FastifyRequest } from 'fastify'
import { overloaded } from './admission.ts'
import { ApiError } from './api-error.ts'
import { keyOf, sessionIn, type Credential, type FindCaller } from './credential.ts'

declare module 'fastify' {
  interface FastifyRequest {
    session: ActiveSession | null
  }
}

/**
 * Finds the caller of a request by its API key or its session, or throws `unauthenticated`. Runs before the body is
 * read, so that an unauthenticated caller gets no other error.
 */
export type Authenticate = (request: FastifyRequest) => Promise<ActiveSession>

/** Longer than any token. The database is not asked for a longer one. */
const tokenLengthMax = 128
/** Most look-ups of unknown tokens at once; a caller address gets a share of them. */
const lookUpsMax = 200
/** The most tokens that are remembered as valid: about 1 MB. */
const knownMax = 10_000

/**
 * Calls with one token share one look-up. A token that was not valid at its last look-up is an anonymous caller's, so
 * its look-up needs a slot of the caller's address.
 */
export function openAuthentication(find: FindCaller): Authenticate {
  const slots = openFairSlots(lookUpsMax)
  const running = new Map<string, Promise<ActiveSession | null>>()
  const known = new Set<string>()
  const lookUp = async (
    credential: Credential,
    digest: string,
    network: string,
  ): Promise<ActiveSession | null> => {
    const release = known.has(digest) ? () => {} : slots.tryAcquire(network)
    if (!release) throw overloaded()
    try {
      const session = await find(credential)
      known.delete(digest)
      if (session) known.add(digest)
      const [oldest] = known
      if (known.size > knownMax && oldest !== undefined) known.delete(oldest)
      return session
    } finally {
      release()
    }
  }
  const share = (credential: Credential, { ip }: FastifyRequest): Promise<ActiveSession | null> => {
    if (credential.token.length > tokenLengthMax) return Promise.resolve(null)
    const digest = createHash('sha256').update(`${credential.kind} ${credential.token}`).digest('base64url')
    const found =
      running.get(digest) ??
      lookUp(credential, digest, callerNetwork(ip)).finally(() => running.delete(digest))
    running.set(digest, found)
    return found
  }
  return async (request) => {
    const key = keyOf(request)
    const cookie = sessionIn(request)
    if (!key && !cookie) throw noCredential()
    const [byKey, bySession] = await Promise.all([
      key && share(key, request),
      cookie && share(cookie, request),
    ])
    if (key && !byKey) throw keyEnded()
    if (cookie && !bySession) throw sessionEnded()
    if (byKey && bySession && byKey.userId !== bySession.userId) throw twoCallers()
    const session = byKey ?? bySession
    if (!session) throw noCredential()
    request.session = session
    return session
  }
}

function noCredential(): ApiError {
  return new ApiError(
    'unauthenticated',
    'This request needs the session cookie or an API key. Sign in with POST /api/session.',
  )
}

export function sessionEnded(): ApiError {
  return new ApiError('unauthenticated', 'The session is unknown, expired or revoked. Sign in again.')
}

function keyEnded(): ApiError {
  return new ApiError(
    'unauthenticated',
    'The API key is unknown, expired or revoked, or its creator left the site.',
  )
}

function twoCallers(): ApiError {
  return new ApiError(
    'unauthenticated',
    'The API key and the session cookie belong to different users. Send one of the two.',
  )
}
