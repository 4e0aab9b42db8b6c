import { HealthView, ReadinessView } from '@ghostpost/delivery/contract'
import { version } from '@ghostpost/infrastructure'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Route, RouteContext } from './route.ts'

export const readHealth: Route = {
  method: 'GET',
  url: '/healthz',
  access: 'public',
  summary: 'Is this process alive',
  tag: 'Operations',
  responses: { 200: HealthView },
  errors: [],
  handle: async () => ({ status: 'ok', version }),
}

export const readReadiness: Route = {
  method: 'GET',
  url: '/readyz',
  access: 'public',
  summary: 'Can this process take exports',
  description:
    'Without the database it cannot (503). Without the queue it can: exports are stored, answered 202, and delivered when the queue is back.',
  tag: 'Operations',
  responses: { 200: ReadinessView, 503: ReadinessView },
  errors: [],
  handle: handleReadiness,
}

async function handleReadiness(
  { database, queue }: RouteContext,
  _request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const [databaseUp, queueUp] = await Promise.all([database.ping(), queue.ping()])
  const checks = { database: databaseUp ? 'ok' : 'down', queue: queueUp ? 'ok' : 'down' }
  if (!databaseUp) return reply.code(503).header('retry-after', 5).send({ status: 'unavailable', checks })
  return { status: queueUp ? 'ready' : 'degraded', checks }
}
