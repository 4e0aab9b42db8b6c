import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { defaultWebhookType, joinWords, traitsOf, webhookTypes } from '@ghostpost/delivery/destinations'
import { version } from '@ghostpost/infrastructure/process'
import type { FastifyInstance } from 'fastify'
import { nameSchemas } from './name-schemas.ts'
import { referenceTheme } from './reference-theme.ts'
import type { Route } from './route.ts'
import { sessionCookie } from './session-cookie.ts'

/** The groups of the page, in the order in which a reader needs them. */
const tags: Readonly<Record<Route['tag'], string>> = {
  Webhooks: 'Export one visitor.',
  Visitors: 'Store visitors, find them, erase them.',
  Deliveries: 'The log: what was sent where, why it failed, and how to send it again.',
  Destinations: 'Saved receivers with their secrets and limits.',
  Operations: 'Many deliveries at once, and the state of the installation.',
  Alerts: 'Who is told when exports fail or wait.',
  Accounts: 'Who may sign in, with which role, and by which link.',
  Session: 'Sign in, sign out, and your own sessions.',
  'API keys': 'Keys by which programs call the API for one site.',
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
    theme: referenceTheme,
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
