import { Type } from 'typebox'
import { cookieOptions, sessionCookie } from '../../server/session-cookie.ts'
import { callerOf } from '../../server/caller.ts'
import { defineRoute } from '../../server/route.ts'

export const deleteSession = defineRoute({
  method: 'DELETE',
  url: '/api/session',
  access: 'session',
  refusesKeys: true,
  summary: 'Sign out',
  description: 'Revokes the session; it stops working everywhere within 5 seconds.',
  tag: 'Session',
  responses: { 204: Type.Null({ description: 'Signed out.' }) },
  errors: [401, 503],
  handle: async ({ sessions, settings }, request, reply) => {
    await sessions.revoke(request.cookies[sessionCookie] ?? '', callerOf(request))
    void reply.clearCookie(sessionCookie, cookieOptions(settings))
    return reply.code(204).send()
  },
})
