import { SessionView } from '@ghostpost/delivery/contract/session'
import { ApiError } from '../../server/api-error.ts'
import { sessionOf } from '../../server/caller.ts'
import { defineRoute } from '../../server/route.ts'

export const readSession = defineRoute({
  method: 'GET',
  url: '/api/session',
  access: 'session',
  summary: 'Read the signed-in user and the sites they can access',
  description: 'With an API key: its creator, its site and its role there.',
  tag: 'Session',
  responses: { 200: SessionView },
  errors: [401, 503],
  handle: async ({ sessions }, request) => {
    const view = await sessions.read(sessionOf(request))
    if (!view) throw new ApiError('unauthenticated', 'The session is no longer valid.')
    return view
  },
})
