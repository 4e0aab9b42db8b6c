import { OwnSessionList, OwnSessionParams } from '@ghostpost/delivery/contract/session'
import { isUuid } from '@ghostpost/infrastructure/database/log'
import { Type } from 'typebox'
import { ApiError } from '../../server/api-error.ts'
import { actorOf, sessionOf } from '../../server/caller.ts'
import { defineRoute } from '../../server/route.ts'
import { sessionCookie } from '../../server/session-cookie.ts'

export const listSessions = defineRoute({
  method: 'GET',
  url: '/api/sessions',
  access: 'session',
  refusesKeys: true,
  summary: 'Your own sessions',
  description: 'Where you are signed in. The ids are not the tokens.',
  tag: 'Session',
  responses: { 200: OwnSessionList },
  errors: [401, 503],
  handle: async ({ sessions }, request) => {
    const token = request.cookies[sessionCookie] ?? ''
    return { items: await sessions.list(sessionOf(request).userId, token) }
  },
})

export const endSession = defineRoute({
  method: 'DELETE',
  url: '/api/sessions/:id',
  access: 'session',
  refusesKeys: true,
  summary: 'End one of your own sessions',
  description: 'It stops working everywhere within 5 seconds.',
  tag: 'Session',
  params: OwnSessionParams,
  responses: { 204: Type.Null({ description: 'Ended.' }) },
  errors: [400, 401, 404, 503],
  handle: async ({ sessions }, request, reply) => {
    const { id } = request.params
    const isEnded = isUuid(id) && (await sessions.end(id, actorOf(request)))
    if (!isEnded) throw new ApiError('session_not_found', 'You have no live session of this id.')
    return reply.code(204).send()
  },
})

export const endOtherSessions = defineRoute({
  method: 'DELETE',
  url: '/api/sessions',
  access: 'session',
  refusesKeys: true,
  summary: 'End all your own sessions except this one',
  description: 'They stop working everywhere within 5 seconds.',
  tag: 'Session',
  responses: { 204: Type.Null({ description: 'Ended.' }) },
  errors: [401, 503],
  handle: async ({ sessions }, request, reply) => {
    await sessions.endOthers(request.cookies[sessionCookie] ?? '', actorOf(request))
    return reply.code(204).send()
  },
})
