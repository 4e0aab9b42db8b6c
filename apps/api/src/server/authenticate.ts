import type { ActiveSession, Sessions } from '@ghostpost/infrastructure/accounts'
import type { FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'
import { sessionCookie } from './session-cookie.ts'

declare module 'fastify' {
  interface FastifyRequest {
    session: ActiveSession | null
  }
}

/** Longer than any token of ours; what is longer is not looked up. */
const tokenLengthMax = 128

/** Runs before the body is read: who is not signed in learns nothing but that. */
export async function authenticate(sessions: Sessions, request: FastifyRequest): Promise<void> {
  const token = request.cookies[sessionCookie]
  if (!token)
    throw new ApiError('unauthenticated', 'This needs the session cookie; sign in with POST /api/session.')
  request.session = token.length <= tokenLengthMax ? await sessions.find(token) : null
  if (!request.session)
    throw new ApiError('unauthenticated', 'This session is unknown, expired or revoked; sign in again.')
}
