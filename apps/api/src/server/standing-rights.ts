import { isAtLeast } from '@ghostpost/delivery/accounts'
import type { ActiveSession, Sessions } from '@ghostpost/infrastructure/accounts'
import type { FastifyRequest } from 'fastify'
import { sessionEnded } from './authenticate.ts'
import { rightOf, type Right } from './caller.ts'
import { sessionCookie } from './session-cookie.ts'

/** Rights that last: those of callers that wait, or that receive a stream. */
export interface StandingRights {
  /**
   * Calls `onLost` once when the caller's session has ended or no longer has the role by which it was let in: at most
   * 5 s later. Returns the function that ends the watch.
   */
  watch: (request: FastifyRequest, onLost: () => void) => () => void
  /** Waits while the caller keeps its right; null as soon as it has lost it. */
  waitWhileHeld: <T>(request: FastifyRequest, wait: Promise<T>) => Promise<T | null>
  /** Throws `unauthenticated` when the caller has lost its right while it waited. */
  require: (request: FastifyRequest) => Promise<void>
  close: () => void
}

interface Watched {
  token: string
  right: Right
  onLost: () => void
}

/** With the 3 s for which a process trusts a session, a right ends within 4 s and one read of the database. */
const checkMs = 1_000

export function openStandingRights(sessions: Pick<Sessions, 'find'>): StandingRights {
  const watches = new Set<Watched>()
  let isChecking = false
  const checkAll = async (): Promise<void> => {
    const byToken = Map.groupBy(watches, ({ token }) => token)
    for (const [token, ofToken] of byToken) {
      // A database that is away has ended no session.
      const session = await sessions.find(token).catch(() => undefined)
      if (session === undefined) continue
      for (const one of ofToken) if (!holds(session, one.right) && watches.delete(one)) one.onLost()
    }
  }
  const timer = setInterval(() => {
    if (isChecking) return
    isChecking = true
    void checkAll().finally(() => void (isChecking = false))
  }, checkMs).unref()

  const watch: StandingRights['watch'] = (request, onLost) => {
    const one = { token: request.cookies[sessionCookie] ?? '', right: rightOf(request), onLost }
    watches.add(one)
    return () => void watches.delete(one)
  }
  return {
    watch,
    waitWhileHeld: async <T>(request: FastifyRequest, wait: Promise<T>) => {
      const { promise: lost, resolve } = Promise.withResolvers<null>()
      const stop = watch(request, () => resolve(null))
      try {
        return await Promise.race([wait, lost])
      } finally {
        stop()
      }
    },
    require: async (request) => {
      const session = await sessions.find(request.cookies[sessionCookie] ?? '')
      if (!holds(session, rightOf(request))) throw sessionEnded()
    },
    close: () => clearInterval(timer),
  }
}

function holds(session: ActiveSession | null, { siteId, role }: Right): boolean {
  const held = session?.roles.get(siteId)
  return held !== undefined && isAtLeast(held, role)
}
