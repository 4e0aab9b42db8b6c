import cookie from '@fastify/cookie'
import { allowHosts } from '@ghostpost/delivery/receivers'
import { openFairSlots, openNestedSlots, type NestedSlots } from '@ghostpost/delivery/sharing'
import {
  openAccounts,
  openApiKeys,
  openPasswordChecks,
  openSessions,
} from '@ghostpost/infrastructure/accounts'
import type { Settings } from '@ghostpost/infrastructure/config'
import { saveDelivery } from '@ghostpost/infrastructure/database/attempts'
import { openMailer } from '@ghostpost/infrastructure/email'
import { openIssuer, type Issuer } from '@ghostpost/infrastructure/oidc'
import { openSender } from '@ghostpost/infrastructure/outbound'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { SettlementListener } from '@ghostpost/infrastructure/queue'
import { openApiMetrics } from '@ghostpost/infrastructure/telemetry'
import Fastify, { type FastifyInstance } from 'fastify'
import { answerUnknownRoutes, learnRoutes } from './answer-unknown-routes.ts'
import { openAuthentication } from './authenticate.ts'
import { denyUndeclaredRoutes } from './authorise.ts'
import { checkHost } from './check-host.ts'
import { findCaller, type FindCaller } from './credential.ts'
import { handleError, handleNotFound } from './handle-errors.ts'
import { closeConnectionsWhileDraining, type Drain } from './drain.ts'
import { openCallerLimits, type CallerLimits } from './limit-calls.ts'
import { closeUnfinishedRequests, limitConnections } from './limit-connections.ts'
import { listenerShares, openLiveListeners } from './live-listeners.ts'
import { measureRequests } from './measure-requests.ts'
import { registerOpenApi } from './open-api.ts'
import { oidcRedirectUri } from './oidc-flow.ts'
import { openReadQueues } from './read-queues.ts'
import { refuseCrossSite } from './refuse-cross-site.ts'
import { refuseUnsafePaths } from './refuse-unsafe-input.ts'
import { registerRoute } from './register-route.ts'
import { routes } from '../routes.ts'
import type { RouteContext } from './route.ts'
import { registerSecurityHeaders } from './security-headers.ts'
import { dashboardFolder, registerDashboard } from './serve-dashboard.ts'
import { registerQueueBoard } from './serve-queue-board.ts'
import { serverOptions } from './server-options.ts'
import { registerLoadShedding } from './shed-load.ts'
import { openStandingRights } from './standing-rights.ts'
import { exportShares, exportsMax } from './stream-rows.ts'
import { traceRequests } from './trace-requests.ts'
import { openWaitSlots } from './wait-slots.ts'

const hour = 3_600_000
/** Most batches of visitors that run at once in one process. Each holds the results of its rows. */
const batchesMax = 16

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
  limitConnections(app.server, settings.GHOSTPOST_MAX_CONNECTIONS, settings.GHOSTPOST_TRUST_PROXY)
  prepareRequests(app, resources)
  const metrics = openApiMetrics(resources.metrics)
  measureRequests(app, metrics)
  traceRequests(app, resources.tracing)
  // Waiting callers get 202 at once, so that stopping does not take as long as the longest wait.
  app.addHook('preClose', () => settlements.close())
  closeConnectionsWhileDraining(app, drain)
  closeUnfinishedRequests(app)

  const limits = openCallerLimits(resources)
  app.addHook('onClose', async () => limits.close())
  await registerSecurityHeaders(app, settings.GHOSTPOST_COOKIE_SECURE)
  const admission = await registerLoadShedding(app, settings)
  addRequestChecks(app, settings, limits)
  await app.register(cookie)
  denyUndeclaredRoutes(app)
  await registerOpenApi(app)
  await registerDashboard(app, dashboardFolder)
  const callers = openCallers(resources)
  const find = findCaller(callers.sessions, callers.apiKeys)
  const sender = openSender(settings)
  app.addHook('onClose', () => sender.close())
  const waitSlots = openWaitSlots(settings.GHOSTPOST_MAX_WAITING)
  const { rights, listenerSlots, listeners } = openLasting(app, resources, find)
  const { count: requests } = admission
  metrics.watch({ requests, waitingCallers: waitSlots.count, listeners: listenerSlots.inUse })
  const context: RouteContext = {
    ...resources,
    save: saveDelivery(resources.database, resources.urlSealer, settings.GHOSTPOST_SWEEP_AFTER_MS),
    settlements,
    drain,
    ...callers,
    issuer: openSingleSignOn(app, settings),
    authenticate: openAuthentication(find),
    rights,
    sender,
    mailer: settings.GHOSTPOST_HOLD ? null : openMailer(settings),
    limits,
    admission,
    waitSlots,
    exportSlots: openNestedSlots(exportsMax, exportShares),
    batchSlots: openFairSlots(batchesMax),
    reads: openReadQueues(settings.GHOSTPOST_DATABASE_POOL),
    listeners,
    apiMetrics: metrics,
  }
  if (settings.GHOSTPOST_RAW_QUEUES) await registerQueueBoard(app, context)
  for (const route of routes) registerRoute(app, context, route)
  return app
}

/** What lasts longer than a request, and ends with the rights of its callers or with the server. */
function openLasting(
  app: FastifyInstance,
  { settings, events }: Resources,
  find: FindCaller,
): Pick<RouteContext, 'rights' | 'listeners'> & { listenerSlots: NestedSlots } {
  const rights = openStandingRights(find)
  app.addHook('onClose', async () => rights.close())
  const listenerSlots = openNestedSlots(settings.GHOSTPOST_MAX_LISTENERS, listenerShares)
  const listeners = openLiveListeners(events, listenerSlots, rights)
  app.addHook('preClose', async () => listeners.close())
  return { rights, listenerSlots, listeners }
}

/** Who calls: people by their sessions, programs by their keys, and the accounts of both. */
function openCallers({
  database,
  settings,
}: Resources): Pick<RouteContext, 'sessions' | 'apiKeys' | 'accounts'> {
  const passwords = openPasswordChecks()
  const sessions = openSessions(database, settings.GHOSTPOST_SESSION_HOURS * hour, { passwords })
  const accounts = openAccounts(database, passwords, sessions)
  return { sessions, apiKeys: openApiKeys(database), accounts }
}

/** Null when no issuer is set. */
function openSingleSignOn(app: FastifyInstance, settings: Settings): Issuer | null {
  if (!settings.oidc) return null
  const issuer = openIssuer(settings, settings.oidc, oidcRedirectUri(settings))
  app.addHook('onClose', () => issuer.close())
  return issuer
}

function prepareRequests(app: FastifyInstance, resources: Resources): void {
  app.removeContentTypeParser('text/plain')
  learnRoutes(app)
  registerErrorHandlers(app, resources)
  app.decorateRequest('session', null)
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id))
}

/** The checks of every request, before its route's own and before its body is read. */
function addRequestChecks(app: FastifyInstance, settings: Settings, limits: CallerLimits): void {
  const urls = [settings.GHOSTPOST_PUBLIC_URL, settings.dashboardUrl]
  const isAllowedHost = allowHosts(urls, settings.GHOSTPOST_ALLOWED_HOSTS)
  app.addHook('onRequest', checkHost(isAllowedHost))
  app.addHook('onRequest', refuseCrossSite(settings.GHOSTPOST_TRUSTED_ORIGINS))
  app.addHook('onRequest', async (request) => {
    if (!request.routeOptions.config.probe) await limits.byAddress(request)
  })
  answerUnknownRoutes(app)
  refuseUnsafePaths(app)
}

function registerErrorHandlers(app: FastifyInstance, { database }: Resources): void {
  app.setErrorHandler<Error>((error, request, reply) => {
    database.reportError(error)
    return handleError(error, request, reply)
  })
  app.setNotFoundHandler(handleNotFound)
}
