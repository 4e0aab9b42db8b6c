import type { ReadLists } from '@ghostpost/infrastructure/database/connection'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RouteContext } from './route.ts'

/** Says for a moment that its caller has changed something. */
const changedCookie = 'changed'

/** How a caller's lists are read: who has just changed something finds it in them, so not from a replica. */
export function listReaderFor({ lists, database }: RouteContext, request: FastifyRequest): ReadLists {
  return request.cookies[changedCookie] === undefined ? lists.read : (work) => work(database)
}

/** Remembers, with the caller, that it has changed something, for as long as lists may be late. */
export function markChanged({ lists, settings }: RouteContext, reply: FastifyReply): void {
  if (lists.lateMaxMs === 0) return
  void reply.setCookie(changedCookie, '1', {
    path: '/api',
    httpOnly: true,
    sameSite: 'lax',
    secure: settings.GHOSTPOST_COOKIE_SECURE,
    maxAge: Math.ceil(lists.lateMaxMs / 1_000),
  })
}
