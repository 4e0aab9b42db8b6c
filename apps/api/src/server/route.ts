import type { ActiveSession, Sessions } from '@ghostpost/infrastructure/accounts'
import type { SaveWithCaller } from '@ghostpost/infrastructure/database/attempts'
import type { Actor, Caller } from '@ghostpost/infrastructure/database/upkeep'
import type { Mailer } from '@ghostpost/infrastructure/email'
import type { Sender } from '@ghostpost/infrastructure/outbound'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { SettlementListener } from '@ghostpost/infrastructure/queue'
import type { ApiMetrics } from '@ghostpost/infrastructure/telemetry'
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import type { TSchema } from 'typebox'
import type { Role } from '@ghostpost/delivery/accounts'
import type { Admission } from './admission.ts'
import type { ApiError } from './api-error.ts'
import type { Drain } from './drain.ts'
import type { CallerLimits } from './limit-calls.ts'
import type { LiveListeners } from './live-listeners.ts'
import type { Semaphore } from './semaphore.ts'
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
 * Who may call a route: everyone, who sends a live session cookie, who is admin of every site (`installation`), or who has at least this role in the site the
 * request is about. A route that does not say cannot be registered.
 */
/** The site of a request, and the error for a user without access to it: not found. */
export interface SiteOfRequest {
  siteId: number | null
  notFound: () => ApiError
}

export type FindSite = (
  context: RouteContext,
  request: FastifyRequest,
) => SiteOfRequest | Promise<SiteOfRequest>

export type RouteAccess = 'public' | 'session' | 'installation' | { role: Role; site: FindSite }

export interface Route {
  method: HTTPMethods
  url: string
  access: RouteAccess
  summary: string
  description?: string
  tag: 'Webhooks' | 'Deliveries' | 'Destinations' | 'Alerts' | 'Visitors' | 'Session' | 'Operations'
  body?: TSchema
  headers?: TSchema
  params?: TSchema
  query?: TSchema
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
  handle: (context: RouteContext, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
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
