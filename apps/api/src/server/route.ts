import type { Accounts, ApiKeys, Sessions } from '@ghostpost/infrastructure/accounts'
import type { SaveWithCaller } from '@ghostpost/infrastructure/database/attempts'
import type { Mailer } from '@ghostpost/infrastructure/email'
import type { Sender } from '@ghostpost/infrastructure/outbound'
import type { Issuer } from '@ghostpost/infrastructure/oidc'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { SettlementListener } from '@ghostpost/infrastructure/queue'
import type { ApiMetrics } from '@ghostpost/infrastructure/telemetry'
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import type { Static, TSchema, TUnknown } from 'typebox'
import type { Role } from '@ghostpost/delivery/accounts'
import type { FairSlots, NestedSlots } from '@ghostpost/delivery/sharing'
import type { Admission } from './admission.ts'
import type { ApiError } from './api-error.ts'
import type { Authenticate } from './authenticate.ts'
import type { Drain } from './drain.ts'
import type { CallerLimits } from './limit-calls.ts'
import type { LiveListeners } from './live-listeners.ts'
import type { ReadQueues } from './read-queues.ts'
import type { StandingRights } from './standing-rights.ts'
import type { WaitSlots } from './wait-slots.ts'

/** The resources and services that a route's handler may use. */
export interface RouteContext extends Resources {
  sessions: Sessions
  apiKeys: ApiKeys
  accounts: Accounts
  /** Null without single sign-on. */
  issuer: Issuer | null
  authenticate: Authenticate
  /** Looks again at the rights of callers while they wait or receive a stream. */
  rights: StandingRights
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
  /** Limits the streamed exports of this process, by site and user. */
  exportSlots: NestedSlots
  /** Limits the batches of visitors that run at once, by site. */
  batchSlots: FairSlots
  /** Limits the reads of lists and counts that run at once, by site and user. */
  reads: ReadQueues
}

/** The site of a request, and the 404 error for a caller without a role in it. The site is null if there is none. */
export interface SiteOfRequest {
  siteId: number | null
  notFound: () => ApiError
}

/**
 * Finds the site of a request that is not validated yet. Null if its site cannot be read; its schema then refuses it.
 */
export type FindSite<Request extends FastifyRequest = FastifyRequest> = (
  context: RouteContext,
  request: Request,
) => SiteOfRequest | null | Promise<SiteOfRequest | null>

/**
 * The callers a route accepts: `public` is everyone, `session` any caller with a live session or API key,
 * `installation` a person who is admin of every site; an object is at least this role in the site that `site` finds.
 * The server refuses to register a route without it.
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
  tag:
    | 'Webhooks'
    | 'Deliveries'
    | 'Destinations'
    | 'Alerts'
    | 'Visitors'
    | 'Session'
    | 'API keys'
    | 'Accounts'
    | 'Operations'
  body?: Body
  /** Media types of a body that the handler reads row by row, instead of `body`. It is a stream then. */
  rowsIn?: readonly string[]
  headers?: Headers
  params?: Params
  query?: Query
  /** The response body by status. Errors common to all routes are added from the catalogue. */
  responses: Record<number, TSchema>
  /** Media types of a 200 response that is not JSON. */
  produces?: readonly string[]
  /** Statuses of the error catalogue that this route may respond with besides 500. */
  errors: readonly number[]
  /** A sign-in attempt, which is limited per caller address (GHOSTPOST_SIGN_IN_MAX). */
  signsIn?: boolean
  /** A health probe: never refused for load and never rate-limited. */
  probe?: boolean
  /** A POST whose repetition has no further effect, so that it needs no Idempotency-Key. */
  idempotent?: boolean
  /** Needs a person who is signed in: an API key gets 403. */
  refusesKeys?: boolean
  /** Takes an API key also as the user name of `Authorization: Basic`. */
  takesBasicKey?: boolean
  /** A long, cheap response: its own slots limit it, not the admission slots. */
  streams?: boolean
  /**
   * A GET with an effect, such as an audit entry or a slot: refused when a page of another site causes it, and without
   * a HEAD.
   */
  refusesCrossSite?: boolean
  handle: (context: RouteContext, request: Request, reply: FastifyReply) => Promise<unknown>
}

/** A route with its name in the OpenAPI document. */
export interface NamedRoute extends Route {
  operationId: string
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
