import cookie from '@fastify/cookie'
import { openSessions } from '@ghostpost/infrastructure/accounts'
import { saveDelivery } from '@ghostpost/infrastructure/database/attempts'
import { openMailer } from '@ghostpost/infrastructure/email'
import { openSender } from '@ghostpost/infrastructure/outbound'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { SettlementListener } from '@ghostpost/infrastructure/queue'
import { openApiMetrics } from '@ghostpost/infrastructure/telemetry'
import Fastify, { type FastifyInstance } from 'fastify'
import { handleError, handleNotFound } from './handle-errors.ts'
import { denyUndeclaredRoutes } from './authorise.ts'
import { closeConnectionsWhileDraining, type Drain } from './drain.ts'
import { openCallerLimits } from './limit-calls.ts'
import { openLiveListeners } from './live-listeners.ts'
import { measureRequests } from './measure-requests.ts'
import { registerOpenApi } from './open-api.ts'
import { openSemaphore } from './semaphore.ts'
import { refuseCrossSite } from './refuse-cross-site.ts'
import { refuseNullCharacters } from './refuse-null-characters.ts'
import { registerRoute } from './register-route.ts'
import { routes } from '../routes.ts'
import type { RouteContext } from './route.ts'
import { registerSecurityHeaders } from './security-headers.ts'
import { dashboardFolder, registerDashboard } from './serve-dashboard.ts'
import { registerQueueBoard } from './serve-queue-board.ts'
import { serverOptions } from './server-options.ts'
import { registerLoadShedding } from './shed-load.ts'
import { exportsMax } from './stream-rows.ts'
import { traceRequests } from './trace-requests.ts'
import { openWaitSlots } from './wait-slots.ts'

const hour = 3_600_000

/**
 * Builds the server without listening.
 * @param settlements receives the result of every first attempt; the server closes it, which ends all waits
 * @param drain the state that `main.ts` sets before the process stops
 */
export async function buildApp(
  resources: Resources,
  settlements: SettlementListener,
  drain: Drain,
): Promise<FastifyInstance> {
  const { settings } = resources
  const app = Fastify(serverOptions(resources))
  app.server.maxConnections = settings.GHOSTPOST_MAX_CONNECTIONS
  app.removeContentTypeParser('text/plain')
  registerErrorHandlers(app, resources)
  app.decorateRequest('session', null)
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id))
  const metrics = openApiMetrics(resources.metrics)
  measureRequests(app, metrics)
  traceRequests(app, resources.tracing)
  // Waiting callers get 202 at once, so that stopping does not take as long as the longest wait.
  app.addHook('preClose', () => settlements.close())
  closeConnectionsWhileDraining(app, drain)

  const limits = openCallerLimits(resources)
  app.addHook('onClose', async () => limits.close())
  await registerSecurityHeaders(app, settings.GHOSTPOST_COOKIE_SECURE)
  const admission = await registerLoadShedding(app, settings)
  app.addHook('onRequest', refuseCrossSite(settings.GHOSTPOST_TRUSTED_ORIGINS))
  app.addHook('onRequest', async (request) => {
    if (!request.routeOptions.config.probe) await limits.byAddress(request)
  })
  app.addHook('preHandler', refuseNullCharacters)
  await app.register(cookie)
  denyUndeclaredRoutes(app)
  await registerOpenApi(app)
  await registerDashboard(app, dashboardFolder)
  const sessions = openSessions(resources.database, settings.GHOSTPOST_SESSION_HOURS * hour)
  const sender = openSender(settings)
  app.addHook('onClose', () => sender.close())
  const waitSlots = openWaitSlots(settings.GHOSTPOST_MAX_WAITING)
  const listenerSlots = openSemaphore(settings.GHOSTPOST_MAX_LISTENERS)
  const listeners = openLiveListeners(resources.events, listenerSlots)
  app.addHook('preClose', async () => listeners.close())
  const { count: requests } = admission
  metrics.watch({ requests, waitingCallers: waitSlots.count, listeners: listenerSlots.inUse })
  const context: RouteContext = {
    ...resources,
    save: saveDelivery(resources.database, resources.urlSealer, settings.GHOSTPOST_SWEEP_AFTER_MS),
    settlements,
    drain,
    sessions,
    sender,
    mailer: openMailer(settings),
    limits,
    admission,
    waitSlots,
    exportSlots: openSemaphore(exportsMax),
    listeners,
    apiMetrics: metrics,
  }
  if (settings.GHOSTPOST_RAW_QUEUES) await registerQueueBoard(app, context)
  for (const route of routes) registerRoute(app, context, route)
  return app
}

function registerErrorHandlers(app: FastifyInstance, { database }: Resources): void {
  app.setErrorHandler<Error>((error, request, reply) => {
    database.reportError(error)
    return handleError(error, request, reply)
  })
  app.setNotFoundHandler(handleNotFound)
}
