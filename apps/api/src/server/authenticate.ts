import type { ActiveSession, Sessions } from '@ghostpost/infrastructure/accounts'
import type { FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'
import { sessionCookie } from './session-cookie.ts'

declare module 'fastify' {
  interface FastifyRequest {
    session: ActiveSession | null
  }
}

/** Longer than any session token. The database is not asked for a longer one. */
const tokenLengthMax = 128

/** Runs before the body is read, so that an unauthenticated caller gets no other error. */
export async function authenticate(sessions: Sessions, request: FastifyRequest): Promise<void> {
  const token = request.cookies[sessionCookie]
  if (!token)
    throw new ApiError(
      'unauthenticated',
      'This request needs the session cookie. Sign in with POST /api/session.',
    )
  request.session = token.length <= tokenLengthMax ? await sessions.find(token) : null
  if (!request.session)
    throw new ApiError('unauthenticated', 'The session is unknown, expired or revoked. Sign in again.')
}
