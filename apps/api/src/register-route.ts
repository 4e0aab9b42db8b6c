import { apiErrors, ErrorAnswer } from '@ghostpost/delivery/contract'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { authenticate } from './authenticate.ts'
import { authorise } from './authorise.ts'
import type { Route, RouteContext } from './routes/route.ts'

const limitWindowMs = 15 * 60_000

/** Adds one row of the table to the server, with its schema, its access check and its limit. */
export function registerRoute(app: FastifyInstance, context: RouteContext, route: Route): void {
  app.route({
    method: route.method,
    url: route.url,
    schema: schemaOf(route),
    config: {
      access: route.access,
      ...(route.limited && {
        rateLimit: { max: context.settings.GHOSTPOST_SIGN_IN_MAX, timeWindow: limitWindowMs },
      }),
    },
    ...(route.access !== 'public' && { onRequest: (request) => authenticate(context.sessions, request) }),
    ...(typeof route.access === 'object' && { preHandler: authorise(context, route.access) }),
    handler: (request, reply) => route.handle(context, request, reply),
  })
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
    response: { ...errorResponses([...route.errors, ...commonErrors(route)]), ...route.responses },
  }
}

/** What a route may answer before its handler is asked. A body is read wherever one may be sent. */
function commonErrors({ method }: Route): number[] {
  return method === 'GET' ? [500] : [400, 403, 413, 415, 500]
}

function errorResponses(statuses: readonly number[]): Record<number, object> {
  return Object.fromEntries(
    statuses.map((status) => [status, { ...ErrorAnswer, description: describeStatus(status) }]),
  )
}

function describeStatus(status: number): string {
  const codes = Object.entries(apiErrors).filter(([, entry]) => entry.status === status)
  return codes.map(([code, { remedy }]) => `\`${code}\`: ${remedy}`).join(' ')
}
