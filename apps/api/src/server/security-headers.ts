import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

const yearSeconds = 31_536_000

/**
 * Answers are data, never pages: nothing in them may run, be framed or be kept by a cache. The page at /docs brings a
 * policy of its own (open-api.ts).
 * @param https whether browsers reach the API over HTTPS; then they are told to stay with it
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
