import type { ActiveSession, Sessions } from '@ghostpost/infrastructure/accounts'
import type { SaveWithCaller } from '@ghostpost/infrastructure/database/attempts'
import type { Actor, Caller } from '@ghostpost/infrastructure/database/upkeep'
import type { Mailer } from '@ghostpost/infrastructure/email'
import type { Sender } from '@ghostpost/infrastructure/outbound'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { SettlementListener } from '@ghostpost/infrastructure/queue'
import type { ApiMetrics } from '@ghostpost/infrastructure/telemetry'
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import type { Static, TSchema, TUnknown } from 'typebox'
import type { Role } from '@ghostpost/delivery/accounts'
import type { Admission } from './admission.ts'
import type { Drain } from './drain.ts'
import type { CallerLimits } from './limit-calls.ts'
import type { LiveListeners } from './live-listeners.ts'
import type { Semaphore } from './semaphore.ts'
import type { FindSite } from './site-of-request.ts'
import type { WaitSlots } from './wait-slots.ts'

/** What a route's handler may use. */
export interface RouteContext extends Resources {
  sessions: Sessions
  save: SaveWithCaller
  settlements: SettlementListener
  drain: Drain
  sender: Sender
  /** Null when no mail server is configured. */
  mailer: Mailer | null
  limits: CallerLimits
  admission: Admission
  waitSlots: WaitSlots
  listeners: LiveListeners
  apiMetrics: ApiMetrics
  /** Long exports of this process. */
  exportSlots: Semaphore
}

/**
 * The callers a route accepts: `public` is everyone, `session` a live session cookie, `installation` an admin of every
 * site; an object is at least this role in the site that `site` finds. The server refuses to register a route without
 * it.
 */
export type RouteAccess<Request extends FastifyRequest = FastifyRequest> =
  | 'public'
  | 'session'
  | 'installation'
  | { role: Role; site: FindSite<Request> }

/** A request whose parts were checked against these schemas. */
type CheckedRequest<
  Body extends TSchema,
  Headers extends TSchema,
  Params extends TSchema,
  Query extends TSchema,
> = FastifyRequest<{
  Body: Static<Body>
  Headers: Static<Headers>
  Params: Static<Params>
  Querystring: Static<Query>
}>

export interface Route<
  Body extends TSchema = TSchema,
  Headers extends TSchema = TSchema,
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Request extends FastifyRequest = FastifyRequest,
> {
  method: HTTPMethods
  url: string
  access: RouteAccess<Request>
  summary: string
  description?: string
  tag: 'Webhooks' | 'Deliveries' | 'Destinations' | 'Alerts' | 'Visitors' | 'Session' | 'Operations'
  body?: Body
  headers?: Headers
  params?: Params
  query?: Query
  /** Status → what is answered. Errors common to all routes are added from the catalogue. */
  responses: Record<number, TSchema>
  /** Media types of a 200 that is not JSON. */
  produces?: readonly string[]
  /** Statuses of the error catalogue this route may answer beside 500. */
  errors: readonly number[]
  /** A try to sign in: limited per caller address (GHOSTPOST_SIGN_IN_MAX). */
  signsIn?: boolean
  /** Asked by machines whether we live: answered whatever the load, and never limited. */
  probe?: boolean
  /** Goes on for long and costs little: bounded by places of its own. */
  streams?: boolean
  handle: (context: RouteContext, request: Request, reply: FastifyReply) => Promise<unknown>
}

/**
 * Declares a route. Its schemas give `request.body`, `headers`, `params` and `query` their types in `handle`; a part
 * without a schema is `unknown`.
 */
export function defineRoute<
  Body extends TSchema = TUnknown,
  Headers extends TSchema = TUnknown,
  Params extends TSchema = TUnknown,
  Query extends TSchema = TUnknown,
>(route: Route<Body, Headers, Params, Query, CheckedRequest<Body, Headers, Params, Query>>): Route {
  // The server validates each request against the same schemas before it calls the handler.
  return route as unknown as Route
}

/** Who an authenticated request comes from, for the audit log. */
export function actorOf(request: FastifyRequest): Actor {
  return { userId: sessionOf(request).userId, ...callerOf(request) }
}

/** Where a request comes from, for the audit log. */
export function callerOf({ id, ip }: FastifyRequest): Caller {
  return { requestId: id, ip }
}

/** The session of an authenticated request. */
export function sessionOf(request: FastifyRequest): ActiveSession {
  if (!request.session) throw new Error(`${request.method} ${request.routeOptions.url} has no session`)
  return request.session
}
