import type { Role } from '@ghostpost/delivery/accounts'
import type { ActiveSession } from '@ghostpost/infrastructure/accounts'
import type { Actor, Caller } from '@ghostpost/infrastructure/database/upkeep'
import type { FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /** The role in a site by which the caller was let in; null before that, and where no role is needed. */
    right: Right | null
  }
}

/** At least this role in this site. */
export interface Right {
  siteId: number
  role: Role
}

/** The user and address of an authenticated request, for the audit log. */
export function actorOf(request: FastifyRequest): Actor {
  return { userId: sessionOf(request).userId, ...callerOf(request) }
}

/** The id, address and API key of a request, for the audit log. */
export function callerOf({ id, ip, session }: FastifyRequest): Caller {
  return { requestId: id, ip, apiKey: session?.apiKey ?? null }
}

/** The session of an authenticated request. Throws if the route did not authenticate. */
export function sessionOf(request: FastifyRequest): ActiveSession {
  if (!request.session) throw new Error(`${request.method} ${request.routeOptions.url} has no session`)
  return request.session
}

/** The right by which the caller of a route with a role was let in. */
export function rightOf(request: FastifyRequest): Right {
  if (!request.right) throw new Error(`${request.method} ${request.routeOptions.url} needs no role in a site`)
  return request.right
}
