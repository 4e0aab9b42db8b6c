import type { Tracing, TraceSpan } from '@ghostpost/infrastructure/telemetry'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /** Null when traces are off, and for what says nothing: probes, and streams that go on for long. */
    span: TraceSpan | null
  }
}

/** Makes each request a span, below the caller's if it sends a `traceparent`. What its handler does is part of it. */
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
  // Reading a body leaves what runs; only from here on everything follows from what runs now.
  app.addHook('preHandler', (request, _reply, done) => (request.span ? request.span.run(done) : done()))
  app.addHook('onResponse', async ({ span, id, errorCode }, reply) => {
    if (!span) return
    span.set({ 'http.response.status_code': reply.statusCode, 'ghostpost.request_id': id })
    if (reply.statusCode >= 500) span.fail(errorCode ?? String(reply.statusCode))
    span.end()
  })
}
