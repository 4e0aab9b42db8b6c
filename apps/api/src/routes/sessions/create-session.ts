import { SessionView, SignInBody } from '@ghostpost/delivery/contract/session'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import { cookieOptions, sessionCookie } from '../../server/session-cookie.ts'
import { callerOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'
import { passwordSignInOff } from '../accounts/accounts.ts'
import { passwordCheckRefused } from './refuse-password-check.ts'

export const createSession = defineRoute({
  method: 'POST',
  url: '/api/session',
  access: 'public',
  summary: 'Sign in',
  description:
    'Sets the `session` cookie. Limited per caller address. Wrong passwords slow the next tries on the ' +
    'account down. A user has at most 50 sessions; one more ends the oldest.',
  tag: 'Session',
  body: SignInBody,
  responses: { 200: SessionView },
  errors: [400, 401, 403, 413, 415, 429, 503],
  signsIn: true,
  handle,
})

async function handle(
  { sessions, settings }: RouteContext,
  request: FastifyRequest<{ Body: SignInBody }>,
  reply: FastifyReply,
): Promise<unknown> {
  if (!settings.GHOSTPOST_PASSWORD_SIGN_IN) throw passwordSignInOff()
  const caller = callerOf(request)
  const earlier = request.cookies[sessionCookie]
  const userAgent = request.headers['user-agent'] ?? null
  const result = await sessions.create({ ...caller, ...request.body, userAgent })
  if (result.kind === 'wrong')
    throw new ApiError('invalid_credentials', 'The e-mail address or the password is wrong.')
  if (result.kind !== 'signed_in') throw passwordCheckRefused(result)
  // The old session may have been planted by an attacker (session fixation), so it ends; the new token is unknown to
  // all.
  if (earlier) await sessions.revoke(earlier, caller)
  void reply.setCookie(sessionCookie, result.token, cookieOptions(settings))
  return result.view
}
