import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

const yearSeconds = 31_536_000

/**
 * Answers are data, never pages: nothing in them may run, be framed or be kept by a cache. The page at /docs brings a
 * policy of its own (open-api.ts).
 * @param https whether browsers reach the API over HTTPS; then they are told to stay with it
 */
export async function registerSecurityHeaders(app: FastifyInstance, https: boolean): Promise<void> {
  const nothing = ["'none'"]
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: nothing, baseUri: nothing, formAction: nothing, frameAncestors: nothing },
    },
    frameguard: { action: 'deny' },
    hsts: https && { maxAge: yearSeconds, includeSubDomains: false },
  })
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'))
}
