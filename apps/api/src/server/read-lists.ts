import type { ReadLists } from '@ghostpost/infrastructure/database/connection'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ReadKind } from './read-queues.ts'
import type { RouteContext } from './route.ts'

/** A short-lived cookie that marks a caller who has just changed something. */
const changedCookie = 'changed'

/**
 * Chooses the store for a caller's lists: the primary after the caller's own change, otherwise the replica if it
 * keeps up. Each read waits for the turn of the caller's site.
 */
export function listReaderFor(
  { lists, database, reads }: RouteContext,
  request: FastifyRequest,
  kind: ReadKind = 'page',
): ReadLists {
  const hasChanged = request.cookies[changedCookie] !== undefined
  return (work) => reads.run(request, kind, () => (hasChanged ? work(database) : lists.read(work)))
}

/** Sets the cookie for as long as the replica may lag. */
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
