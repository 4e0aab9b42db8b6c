import { createHash } from 'node:crypto'
import { callerNetwork } from '@ghostpost/delivery/receivers'
import { openFairSlots } from '@ghostpost/delivery/sharing'
import type { ActiveSession, Sessions } from '@ghostpost/infrastructure/accounts'
import type { FastifyRequest } from 'fastify'
import { overloaded } from './admission.ts'
import { ApiError } from './api-error.ts'
import { sessionCookie } from './session-cookie.ts'

declare module 'fastify' {
  interface FastifyRequest {
    session: ActiveSession | null
  }
}

/**
 * Finds the session of a request, or throws `unauthenticated`. Runs before the body is read, so that an unauthenticated
 * caller gets no other error.
 */
export type Authenticate = (request: FastifyRequest) => Promise<ActiveSession>

/** Longer than any session token. The database is not asked for a longer one. */
const tokenLengthMax = 128
/** Most look-ups of unknown tokens at once; a caller address gets a share of them. */
const lookUpsMax = 200
/** The most tokens that are remembered as valid: about 1 MB. */
const knownMax = 10_000

/**
 * Calls with one token share one look-up. A token that was not valid at its last look-up is an anonymous caller's, so
 * its look-up needs a slot of the caller's address.
 */
export function openAuthentication(sessions: Pick<Sessions, 'find'>): Authenticate {
  const slots = openFairSlots(lookUpsMax)
  const running = new Map<string, Promise<ActiveSession | null>>()
  const known = new Set<string>()
  const lookUp = async (token: string, digest: string, network: string): Promise<ActiveSession | null> => {
    const release = known.has(digest) ? () => {} : slots.tryAcquire(network)
    if (!release) throw overloaded()
    try {
      const session = await sessions.find(token)
      known.delete(digest)
      if (session) known.add(digest)
      const [oldest] = known
      if (known.size > knownMax && oldest !== undefined) known.delete(oldest)
      return session
    } finally {
      release()
    }
  }
  return async (request) => {
    const token = request.cookies[sessionCookie]
    if (!token)
      throw new ApiError(
        'unauthenticated',
        'This request needs the session cookie. Sign in with POST /api/session.',
      )
    if (token.length > tokenLengthMax) throw sessionEnded()
    const digest = createHash('sha256').update(token).digest('base64url')
    let found = running.get(digest)
    if (!found) {
      found = lookUp(token, digest, callerNetwork(request.ip)).finally(() => running.delete(digest))
      running.set(digest, found)
    }
    const session = await found
    if (!session) throw sessionEnded()
    request.session = session
    return session
  }
}

export function sessionEnded(): ApiError {
  return new ApiError('unauthenticated', 'The session is unknown, expired or revoked. Sign in again.')
}
