import { HealthView, ReadinessView } from '@ghostpost/delivery/contract/health'
import { checkReadiness, version } from '@ghostpost/infrastructure/process'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { defineRoute, type RouteContext } from '../../server/route.ts'

export const readHealth = defineRoute({
  method: 'GET',
  url: '/healthz',
  access: 'public',
  summary: 'Check that this process is alive',
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
  summary: 'Check that this process can accept exports',
  description:
    'A process that is about to stop responds 503 with `stopping` for a while: it still serves ' +
    'requests, but load balancers should send no more. It responds 503 without the database. It ' +
    'responds 200 `degraded` if the queue is down or unfit (`checks.queue` says how): it stores exports, ' +
    'responds 202, and workers deliver when the queue works again.',
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
  if (context.drain.isDraining()) return reply.code(503).send({ ...readiness, status: 'stopping' })
  if (readiness.status !== 'unavailable') return readiness
  return reply.code(503).header('retry-after', 5).send(readiness)
}
