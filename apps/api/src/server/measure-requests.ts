import type { ApiMetrics } from '@ghostpost/infrastructure/telemetry'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/**
 * Counts every response under its route's template. A path is never a label, because callers could create endless
 * ones.
 */
export function measureRequests(app: FastifyInstance, metrics: ApiMetrics): void {
  app.decorateRequest('errorCode', null)
  app.addHook('onResponse', async (request, reply) => {
    if (request.errorCode !== null) metrics.refused(request.errorCode)
    metrics.completed({
      route: routeLabel(request),
      method: request.method,
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
      isStream: request.routeOptions.config.streams ?? false,
    })
  })
}

/** One label for all files of the dashboard, and one for all of /docs: each file is a route. */
function routeLabel({ routeOptions: { url } }: FastifyRequest): string {
  if (url === undefined) return 'unmatched'
  if (url.startsWith('/ops')) return '/ops/*'
  return url.startsWith('/docs') ? '/docs/*' : url
}
