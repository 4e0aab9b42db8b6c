import staticFiles from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { QueueBoard } from '@ghostpost/infrastructure/queue'
import { checkInstallationAdmin } from './authorise.ts'
import { dashboardPolicy } from './serve-dashboard.ts'
import type { RouteContext } from './route.ts'

/** The path of bull-board, if GHOSTPOST_RAW_QUEUES is on. */
export const queueBoardPath = '/ops/raw'

/** The digest of the one style sheet that bull-board's scripts insert, for its scroll bars. It never changes. */
const ownStyle = "'sha256-r2N1TB/gHbBtBZFKg7ejmq1acVSREzucTAEw6ga4hoU='"

/** Bull-board's page sets a base URL and uses innerHTML, so the dashboard's policy is relaxed in these two points. */
const policy = `${dashboardPolicy}; style-src 'self' ${ownStyle}`
  .replace("base-uri 'none'", "base-uri 'self'")
  .replace("; require-trusted-types-for 'script'", '')

/**
 * Serves bull-board, read-only, to admins of every site (GHOSTPOST_RAW_QUEUES). It shows the raw jobs when the
 * dashboard does not show enough. Operators change deliveries only through the API.
 */
export async function registerQueueBoard(app: FastifyInstance, context: RouteContext): Promise<void> {
  const board = await context.queue.openBoard(`${queueBoardPath}/`, '/ops/deliveries/')
  await app.register(
    async (scope) => {
      scope.addHook('onRequest', async (request, reply) => {
        void reply.header('content-security-policy', policy)
        const session = await context.authenticate(request)
        context.admission.admitSession(request, reply, session)
        await context.limits.byCredential(request)
        await checkInstallationAdmin(context, request)
      })
      await scope.register(staticFiles, {
        root: board.assets,
        prefix: '/static/',
        wildcard: false,
        index: false,
        schemaHide: true,
      })
      addPages(scope, board)
      addRoutes(scope, board)
    },
    { prefix: queueBoardPath },
  )
}

function addPages(scope: FastifyInstance, { views, page }: QueueBoard): void {
  const respond = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    reply.type('text/html; charset=utf-8').send(page)
  for (const url of views) scope.get(url, { schema: { hide: true } }, respond)
}

interface BoardRequest {
  Params: Record<string, string>
  Querystring: Record<string, unknown>
}

function addRoutes(scope: FastifyInstance, { routes }: QueueBoard): void {
  for (const { path, handle: respond } of routes) {
    scope.get<BoardRequest>(path, { schema: { hide: true } }, async ({ params, query }, reply) => {
      const { status, body } = await respond({ params, query })
      return reply.code(status).send(body)
    })
  }
}
