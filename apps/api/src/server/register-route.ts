import { apiErrors, ErrorResponse } from '@ghostpost/delivery/contract/errors'
import type { FastifyInstance, FastifySchema, onRequestAsyncHookHandler } from 'fastify'
import { authorise, notForKeys } from './authorise.ts'
import { checkIdempotencyKey, describeKeyUse } from './idempotency-key.ts'
import { refuseUnsafeInput } from './refuse-unsafe-input.ts'
import { markChanged } from './read-lists.ts'
import type { NamedRoute, Route, RouteContext } from './route.ts'

/** Registers one route of the table, with its schema, its access check and its limits. */
export function registerRoute(app: FastifyInstance, context: RouteContext, route: NamedRoute): void {
  const { rowsIn } = route
  if (!rowsIn) return addRoute(app, context, route)
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser([...rowsIn], (_request, body, done) => done(null, body))
    addRoute(scope, context, route)
  })
}

function addRoute(app: FastifyInstance, context: RouteContext, route: NamedRoute): void {
  const { access, refusesCrossSite = false, takesBasicKey = false } = route
  const rights = access === 'public' || access === 'session' ? null : authorise(context, access)
  app.route({
    method: route.method,
    url: route.url,
    schema: schemaOf(route),
    config: {
      access,
      probe: route.probe ?? false,
      streams: route.streams ?? false,
      refusesCrossSite,
      takesBasicKey,
    },
    exposeHeadRoute: !refusesCrossSite,
    onRequest: checkBeforeBody(context, route),
    // Who may not call the route causes no work of the schemas.
    preValidation: [
      ...(rights ? [rights.beforeValidation] : []),
      refuseUnsafeInput(route),
      checkIdempotencyKey(route),
    ],
    ...(rights && { preHandler: rights.afterValidation }),
    handler: (request, reply) => {
      if (route.method !== 'GET' && route.access !== 'public') markChanged(context, reply)
      return context.admission.run(request, () => route.handle(context, request, reply))
    },
  })
}

/** The checks that run before the body is read. */
function checkBeforeBody(context: RouteContext, route: Route): onRequestAsyncHookHandler {
  const { limits, admission, authenticate } = context
  return async (request, reply) => {
    if (route.signsIn) await limits.bySignIn(request)
    if (route.access === 'public') {
      if (!route.probe) admission.admitAnonymous(request, reply)
      return
    }
    const session = await authenticate(request)
    if (route.refusesKeys && session.apiKey) throw notForKeys()
    if (!route.streams) admission.admitSession(request, reply, session)
    await limits.byCredential(request)
  }
}

function schemaOf(route: NamedRoute): FastifySchema {
  const { description = `${route.summary}.` } = route
  return {
    operationId: route.operationId,
    summary: route.summary,
    description: [description, describeKeyUse(route)].filter(Boolean).join(' '),
    tags: [route.tag],
    security: securityOf(route),
    ...(route.body && { body: route.body }),
    ...(route.rowsIn && { body: rowsSchema(route.rowsIn) }),
    ...(route.headers && { headers: route.headers }),
    ...(route.params && { params: route.params }),
    ...(route.query && { querystring: route.query }),
    response: { ...errorResponses([...route.errors, ...commonErrors(route)]), ...responsesOf(route) },
  }
}

/** The rows are checked one by one; as a whole, any body is accepted. */
function rowsSchema(mediaTypes: readonly string[]): object {
  return { content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: {} }])) }
}

function securityOf({ access, refusesKeys, takesBasicKey }: Route): Record<string, string[]>[] {
  if (access === 'public') return []
  const isForPeople = refusesKeys || access === 'installation'
  if (isForPeople) return [{ session: [] }]
  return [{ session: [] }, { apiKey: [] }, ...(takesBasicKey ? [{ writeKey: [] }] : [])]
}

function responsesOf({ responses, produces }: Route): Record<number, object> {
  if (!produces) return responses
  const schema = responses[200]
  const content = Object.fromEntries(produces.map((type) => [type, { schema }]))
  return { ...responses, 200: { description: 'A stream.', content } }
}

/**
 * The error statuses a route may respond with before its handler runs. Body errors apply to every method but GET, and
 * a path parameter that exceeds the server's limit gives 404. An API key gets 403 where a person is needed.
 */
function commonErrors({ method, url, probe, refusesKeys }: Route): number[] {
  if (probe) return [500]
  const withPath = [...(url.includes(':') ? [404] : []), ...(refusesKeys ? [403] : [])]
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
