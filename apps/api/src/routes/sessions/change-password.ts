import { PasswordChangeBody } from '@ghostpost/delivery/contract/session'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ApiError } from '../../server/api-error.ts'
import { actorOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'
import { sessionCookie } from '../../server/session-cookie.ts'
import { passwordSignInOff } from '../accounts/accounts.ts'
import { passwordCheckRefused } from './refuse-password-check.ts'

export const changePassword = defineRoute({
  method: 'PUT',
  url: '/api/account/password',
  access: 'session',
  refusesKeys: true,
  summary: 'Change your own password',
  description:
    'Needs the current password, and ends all your other sessions. Limited per caller address, as sign-ins ' +
    'are.',
  tag: 'Session',
  body: PasswordChangeBody,
  responses: { 204: Type.Null({ description: 'Changed.' }) },
  errors: [400, 401, 403, 413, 415, 429, 503],
  signsIn: true,
  handle,
})

async function handle(
  { sessions, settings }: RouteContext,
  request: FastifyRequest<{ Body: PasswordChangeBody }>,
  reply: FastifyReply,
): Promise<unknown> {
  if (!settings.GHOSTPOST_PASSWORD_SIGN_IN) throw passwordSignInOff()
  const { current_password: currentPassword, new_password: newPassword } = request.body
  const currentToken = request.cookies[sessionCookie] ?? ''
  const result = await sessions.changePassword(
    { currentPassword, newPassword, currentToken },
    actorOf(request),
  )
  if (result.kind === 'wrong') throw new ApiError('wrong_password', 'The current password is wrong.')
  if (result.kind !== 'changed') throw passwordCheckRefused(result)
  return reply.code(204).send()
}
