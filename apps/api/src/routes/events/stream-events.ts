import type { ServerResponse } from 'node:http'
import { StreamHeaders, StreamQuery } from '@ghostpost/delivery/contract/stream'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { ApiError } from '../../server/api-error.ts'
import { siteIdInQuery, siteInQuery } from '../../server/site-of-request.ts'
import { defineRoute } from '../../server/route.ts'

const retrySeconds = 10

export const streamEvents = defineRoute({
  method: 'GET',
  url: '/api/stream',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'What happens in a site, as it happens',
  description:
    'Server-Sent Events: `deliveries` (those that entered a state, at most 100, and how many `more`), `operations` (ids that changed or went on), `counters` (how many deliveries entered each state), `reset` (some were missed: look anew). Send `Last-Event-ID` to hear what came meanwhile; a browser does so by itself. The connection ends after about two minutes, and is to be opened again.',
  tag: 'Operations',
  query: StreamQuery,
  headers: StreamHeaders,
  streams: true,
  produces: ['text/event-stream'],
  responses: { 200: Type.String({ description: 'text/event-stream' }) },
  errors: [400, 401, 403, 404],
  handle: async ({ listeners }, request, reply) => {
    const siteId = siteIdInQuery(request)
    const lastId = request.headers['last-event-id'] ?? null
    const isAccepted = listeners.add(siteId, lastId, () => openStream(reply))
    if (!isAccepted) throw new ApiError('overloaded', 'Too many look on here.', [], retrySeconds)
    return reply
  },
})

/** From here on the answer is ours to write; what hooks have set goes with it. */
function openStream(reply: FastifyReply): ServerResponse {
  reply.hijack()
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value)
  }
  // Proxies are not to gather what is to be seen at once.
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' })
  return reply.raw
}
