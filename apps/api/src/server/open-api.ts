import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { defaultWebhookType, joinWords, traitsOf, webhookTypes } from '@ghostpost/delivery/destinations'
import { version } from '@ghostpost/infrastructure/process'
import type { FastifyInstance } from 'fastify'
import { sessionCookie } from './session-cookie.ts'

/** Serves the contract as OpenAPI 3.1 at `/openapi.json` and as a page at `/docs`. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Ghostpost',
        version,
        description: `Exports visitor profiles to any HTTPS endpoint, ${toolNames()}.`,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
          apiKey: { type: 'http', scheme: 'bearer', description: 'A key of POST /api/api-keys.' },
          writeKey: {
            type: 'http',
            scheme: 'basic',
            description: 'An API key as the user name, no password.',
          },
        },
      },
    },
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { layout: 'BaseLayout', validatorUrl: null, docExpansion: 'list', tryItOutEnabled: false },
  })
  let document: Buffer | undefined
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    // Written once: a caller that reads slowly must not hold a copy.
    document ??= Buffer.from(JSON.stringify(app.swagger()))
    return reply.type('application/json; charset=utf-8').send(document)
  })
}

function toolNames(): string {
  const tools = webhookTypes.filter((type) => type !== defaultWebhookType)
  return joinWords(
    tools.map((type) => traitsOf(type).label),
    'and',
  )
}
