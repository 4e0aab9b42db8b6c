import { HealthView, ReadinessView } from '@ghostpost/delivery/contract/health'
import { checkReadiness, version } from '@ghostpost/infrastructure/process'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { defineRoute, type RouteContext } from '../../server/route.ts'

export const readHealth = defineRoute({
  method: 'GET',
  url: '/healthz',
  access: 'public',
  summary: 'Is this process alive',
  tag: 'Operations',
  probe: true,
  responses: { 200: HealthView },
  errors: [],
  handle: async () => ({ status: 'ok', version }),
})

export const readReadiness = defineRoute({
  method: 'GET',
  url: '/readyz',
  access: 'public',
  summary: 'Can this process take exports',
  description:
    'One that is about to stop says `stopping` (503) for a moment before it does: it serves whoever comes still, and is to be sent nobody more. Without the database it cannot (503). Without the queue it can: exports are stored, answered 202, and delivered when the queue is back. A queue that is full, read-only or may throw jobs away needs somebody (503), though exports are stored still.',
  tag: 'Operations',
  probe: true,
  responses: { 200: ReadinessView, 503: ReadinessView },
  errors: [],
  handle: handleReadiness,
})

async function handleReadiness(
  context: RouteContext,
  _request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const readiness = await checkReadiness(context)
  if (context.drain.isDraining())
    return reply.code(503).send({ status: 'stopping', checks: readiness.checks })
  if (readiness.status !== 'unavailable') return readiness
  return reply.code(503).header('retry-after', 5).send(readiness)
}
