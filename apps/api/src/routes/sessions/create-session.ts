import { SessionView, SignInBody } from '@ghostpost/delivery/contract/session'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import { cookieOptions, sessionCookie } from '../../server/session-cookie.ts'
import { callerOf, defineRoute, type RouteContext } from '../../server/route.ts'

export const createSession = defineRoute({
  method: 'POST',
  url: '/api/session',
  access: 'public',
  summary: 'Sign in',
  description: 'Sets the `session` cookie. Limited per caller address.',
  tag: 'Session',
  body: SignInBody,
  responses: { 200: SessionView },
  errors: [400, 401, 413, 415, 429, 503],
  signsIn: true,
  handle,
})

async function handle(
  context: RouteContext,
  request: FastifyRequest<{ Body: SignInBody }>,
  reply: FastifyReply,
): Promise<unknown> {
  const { email, password } = request.body
  const earlier = request.cookies[sessionCookie]
  const created = await context.sessions.create(email, password, callerOf(request))
  if (!created) throw new ApiError('invalid_credentials', 'The e-mail address or the password is wrong.')
  // The old session may have been planted by an attacker (session fixation), so it ends; the new token is unknown to
  // all.
  if (earlier) await context.sessions.revoke(earlier, callerOf(request))
  void reply.setCookie(sessionCookie, created.token, cookieOptions(context.settings))
  return created.view
}
