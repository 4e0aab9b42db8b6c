import { apiErrors, ErrorResponse } from '@ghostpost/delivery/contract/errors'
import type { FastifyInstance, FastifySchema, onRequestAsyncHookHandler } from 'fastify'
import { authenticate } from './authenticate.ts'
import { authorise } from './authorise.ts'
import { markChanged } from './read-lists.ts'
import type { Route, RouteContext } from './route.ts'

/** Adds one row of the table to the server, with its schema, its access check and its limits. */
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

/** What is checked before a byte of the body is read. */
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
 * What a route may answer before its handler is asked. A body is read wherever one may be sent; a path part that is
 * longer than any of ours leads nowhere.
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
