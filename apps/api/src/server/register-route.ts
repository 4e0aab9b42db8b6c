import { apiErrors, ErrorResponse } from '@ghostpost/delivery/contract/errors'
import type { FastifyInstance, FastifySchema, onRequestAsyncHookHandler } from 'fastify'
import { authenticate } from './authenticate.ts'
import { authorise } from './authorise.ts'
import { markChanged } from './read-lists.ts'
import type { Route, RouteContext } from './route.ts'

/** Registers one route of the table, with its schema, its access check and its limits. */
export function registerRoute(app: FastifyInstance, context: RouteContext, route: Route): void {
  app.route({
    method: route.method,
    url: route.url,
    schema: schemaOf(route),
    config: { access: route.access, probe: route.probe ?? false, streams: route.streams ?? false },
    onRequest: checkBeforeBody(context, route),
    ...(route.access !== 'public' &&
      route.access !== 'session' && { preHandler: authorise(context, route.access) }),
    handler: (request, reply) => {
      if (route.method !== 'GET' && route.access !== 'public') markChanged(context, reply)
      return context.admission.run(request, () => route.handle(context, request, reply))
    },
  })
}

/** The checks that run before the body is read. */
function checkBeforeBody({ limits, sessions }: RouteContext, route: Route): onRequestAsyncHookHandler {
  return async (request) => {
    if (route.signsIn) await limits.bySignIn(request)
    if (route.access === 'public') return
    await authenticate(sessions, request)
    await limits.bySession(request)
  }
}

function schemaOf(route: Route): FastifySchema {
  return {
    summary: route.summary,
    ...(route.description && { description: route.description }),
    tags: [route.tag],
    ...(route.access !== 'public' && { security: [{ session: [] }] }),
    ...(route.body && { body: route.body }),
    ...(route.headers && { headers: route.headers }),
    ...(route.params && { params: route.params }),
    ...(route.query && { querystring: route.query }),
    response: { ...errorResponses([...route.errors, ...commonErrors(route)]), ...responsesOf(route) },
  }
}

function responsesOf({ responses, produces }: Route): Record<number, object> {
  if (!produces) return responses
  const schema = responses[200]
  const content = Object.fromEntries(produces.map((type) => [type, { schema }]))
  return { ...responses, 200: { description: 'A stream.', content } }
}

/**
 * The error statuses a route may respond with before its handler runs. Body errors apply to every method but GET, and
 * a path parameter that exceeds the server's limit gives 404.
 */
function commonErrors({ method, url, probe }: Route): number[] {
  if (probe) return [500]
  const withPath = url.includes(':') ? [404] : []
  return method === 'GET' ? [...withPath, 429, 500, 503] : [...withPath, 400, 403, 413, 415, 429, 500, 503]
}

function errorResponses(statuses: readonly number[]): Record<number, object> {
  return Object.fromEntries(
    statuses.map((status) => [status, { ...ErrorResponse, description: describeStatus(status) }]),
  )
}

function describeStatus(status: number): string {
  const codes = Object.entries(apiErrors).filter(([, entry]) => entry.status === status)
  return codes.map(([code, { remedy }]) => `\`${code}\`: ${remedy}`).join(' ')
}
