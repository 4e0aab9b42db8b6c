import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

const yearSeconds = 31_536_000

/**
 * Responses are data, not pages: browsers must not run, frame or cache them. The page at /docs sets its own policy
 * (open-api.ts).
 * @param https whether browsers reach the API over HTTPS; if so, responses carry Strict-Transport-Security
 */
export async function registerSecurityHeaders(app: FastifyInstance, https: boolean): Promise<void> {
  const none = ["'none'"]
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: none, baseUri: none, formAction: none, frameAncestors: none },
    },
    frameguard: { action: 'deny' },
    hsts: https && { maxAge: yearSeconds, includeSubDomains: false },
  })
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'))
}
