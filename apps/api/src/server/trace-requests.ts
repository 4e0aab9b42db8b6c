import type { Tracing, TraceSpan } from '@ghostpost/infrastructure/telemetry'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /** Null if tracing is off, and for probes and long streams. */
    span: TraceSpan | null
  }
}

/** Starts a span for each request, as a child of the caller's `traceparent` if there is one. The handler runs in it. */
export function traceRequests(app: FastifyInstance, tracing: Tracing | null): void {
  app.decorateRequest('span', null)
  if (!tracing) return
  app.addHook('onRequest', async (request) => {
    const { config, url } = request.routeOptions
    if (config.probe || config.streams || url === undefined) return
    const attributes = { 'http.request.method': request.method, 'http.route': url }
    const { traceparent } = request.headers
    const parent = typeof traceparent === 'string' ? traceparent : undefined
    request.span = tracing.start('server', `${request.method} ${url}`, attributes, parent)
  })
  // Reading the body loses the async context, so the span's context starts here.
  app.addHook('preHandler', (request, _reply, done) => (request.span ? request.span.run(done) : done()))
  app.addHook('onResponse', async ({ span, id, errorCode }, reply) => {
    if (!span) return
    span.set({ 'http.response.status_code': reply.statusCode, 'ghostpost.request_id': id })
    if (reply.statusCode >= 500) span.fail(errorCode ?? String(reply.statusCode))
    span.end()
  })
}
