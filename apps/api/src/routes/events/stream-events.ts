import type { ServerResponse } from 'node:http'
import { StreamHeaders, StreamQuery } from '@ghostpost/delivery/contract/stream'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { ApiError } from '../../server/api-error.ts'
import { siteInQuery } from '../../server/site-of-request.ts'
import { defineRoute } from '../../server/route.ts'

const retrySeconds = 10

export const streamEvents = defineRoute({
  method: 'GET',
  url: '/api/stream',
  access: { role: 'viewer', site: siteInQuery },
  refusesCrossSite: true,
  summary: 'Stream the live events of a site',
  description:
    'Server-Sent Events: `deliveries` (up to 100 deliveries that changed state, and how many `more`), ' +
    '`operations` (ids of operations that changed or progressed), `counters` (how many deliveries ' +
    'entered each state), `reset` (events were missed: reload). Send `Last-Event-ID` to receive the ' +
    'events since then; a browser sends it by itself. The server ends the connection after about two ' +
    'minutes, or when the session or the role has ended; the client must reconnect, which a browser does ' +
    'by itself.',
  tag: 'Operations',
  query: StreamQuery,
  headers: StreamHeaders,
  streams: true,
  produces: ['text/event-stream'],
  responses: { 200: Type.String({ description: 'text/event-stream' }) },
  errors: [400, 401, 403, 404],
  handle: async ({ listeners }, request, reply) => {
    const lastId = request.headers['last-event-id'] ?? null
    const isAccepted = listeners.add(request, lastId, () => openStream(reply))
    if (!isAccepted)
      throw new ApiError('overloaded', 'Too many live listeners of this site or user.', [], retrySeconds)
    return reply
  },
})

/** Takes the response over from Fastify, with the headers that hooks have set. */
function openStream(reply: FastifyReply): ServerResponse {
  reply.hijack()
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value)
  }
  // Proxies must not buffer the events.
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' })
  return reply.raw
}
