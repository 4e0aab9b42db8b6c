import { isAtLeast } from '@ghostpost/delivery/accounts'
import type { ActiveSession } from '@ghostpost/infrastructure/accounts'
import type { FastifyRequest } from 'fastify'
import { sessionEnded } from './authenticate.ts'
import { rightOf, type Right } from './caller.ts'
import { credentialOf, type Credential, type FindCaller } from './credential.ts'

/** Rights that last: those of callers that wait, or that receive a stream. */
export interface StandingRights {
  /**
   * Calls `onLost` once when the caller's session or API key has ended or no longer has the role by which it was let
   * in: at most 5 s later, and 3 s for a key. Returns the function that ends the watch.
   */
  watch: (request: FastifyRequest, onLost: () => void) => () => void
  /** Waits while the caller keeps its right; null as soon as it has lost it. */
  waitWhileHeld: <T>(request: FastifyRequest, wait: Promise<T>) => Promise<T | null>
  /** Throws `unauthenticated` when the caller has lost its right while it waited. */
  require: (request: FastifyRequest) => Promise<void>
  close: () => void
}

interface Watched {
  credential: Credential
  right: Right
  onLost: () => void
}

/**
 * With the 3 s for which a process trusts a session, a right ends within 4 s and one read of the database; with the 1 s
 * for which it trusts an API key, within 2 s and one read.
 */
const checkMs = 1_000

export function openStandingRights(find: FindCaller): StandingRights {
  const watches = new Set<Watched>()
  let isChecking = false
  const checkAll = async (): Promise<void> => {
    const byToken = Map.groupBy(watches, ({ credential: { kind, token } }) => `${kind} ${token}`)
    for (const ofToken of byToken.values()) {
      const credential = ofToken[0]?.credential
      if (!credential) continue
      // A database that is away has ended no session.
      const session = await find(credential).catch(() => undefined)
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
    const one = { credential: credentialOf(request), right: rightOf(request), onLost }
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
      const session = await find(credentialOf(request))
      if (!holds(session, rightOf(request))) throw sessionEnded()
    },
    close: () => clearInterval(timer),
  }
}

function holds(session: ActiveSession | null, { siteId, role }: Right): boolean {
  const held = session?.roles.get(siteId)
  return held !== undefined && isAtLeast(held, role)
}
