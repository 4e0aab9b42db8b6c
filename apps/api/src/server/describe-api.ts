import Fastify from 'fastify'
import { compileOnFirstUse } from './compile-schemas.ts'
import { registerOpenApi } from './open-api.ts'
import { registerRoute } from './register-route.ts'
import type { RouteContext } from './route.ts'
import { routes } from '../routes.ts'

/** The OpenAPI document of the API, without its stores. */
export async function describeApi(): Promise<object> {
  const app = Fastify({ schemaController: compileOnFirstUse })
  await registerOpenApi(app)
  // Handlers and checks use the context; the document does not.
  for (const route of routes) registerRoute(app, {} as RouteContext, route)
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}
