import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { defaultWebhookType, joinWords, traitsOf, webhookTypes } from '@ghostpost/delivery/destinations'
import { version } from '@ghostpost/infrastructure/process'
import type { FastifyInstance } from 'fastify'
import { nameSchemas } from './name-schemas.ts'
import type { Route } from './route.ts'
import { sessionCookie } from './session-cookie.ts'

const tags: Readonly<Record<Route['tag'], string>> = {
  Webhooks: 'Export a visitor.',
  Deliveries: 'The log of deliveries, failures, and actions on one delivery.',
  Destinations: 'Saved destinations, their tests and the health of receivers.',
  Alerts: 'Rules that notify people.',
  Visitors: 'Store, read and erase visitors.',
  Session: 'Sign in, and your own sessions and password.',
  'API keys': 'What programs authenticate with.',
  Operations: 'Bulk operations, statistics, the audit log and the state of the installation.',
}

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
        contact: { name: 'Ghostpost', url: 'https://github.com/ghostpost/ghostpost' },
      },
      servers: [{ url: '/', description: 'This installation.' }],
      tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
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
    transformObject: (document) =>
      'openapiObject' in document ? nameSchemas(document.openapiObject) : document.swaggerObject,
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
