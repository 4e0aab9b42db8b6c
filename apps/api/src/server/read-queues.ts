import { openFairQueue, type FairQueue } from '@ghostpost/delivery/sharing'
import type { FastifyRequest } from 'fastify'
import { overloaded } from './admission.ts'
import { sessionOf } from './caller.ts'

/**
 * `page`: a page of a list. `count`: whatever reads many rows, such as counts, groups, plans and exports. `write`: a
 * statement that stores visitors.
 */
export type ReadKind = 'page' | 'count' | 'write'

export interface ReadQueues {
  /**
   * Runs a read when it is the turn of the caller's site. Throws `overloaded` when too many reads of the site or the
   * user wait already.
   */
  run: <T>(request: FastifyRequest, kind: ReadKind, read: () => Promise<T>) => Promise<T>
}

/** Reads of one user that may stand in the queue of its site, so that its colleagues get their turns. */
const perUser = 2
const waitingPerUser = 50
const waitingPerSite = 100
const waitingMax = 2_000
const everyUserMax = 100_000

/**
 * Queues in front of the database pool. Reads leave some of its connections for everything else, and one site gets a
 * part of what reads may use.
 * @param poolMax connections of the pool
 */
export function openReadQueues(poolMax: number): ReadQueues {
  const ofKind = {
    page: openQueues(poolMax, 0.5, 2),
    count: openQueues(poolMax, 0.3, 1),
    write: openQueues(poolMax, 0.3, 2),
  }
  return {
    run: async (request, kind, read) => {
      const { users, sites } = ofKind[kind]
      const { userId } = sessionOf(request)
      const site = request.right ? `site:${request.right.siteId}` : `user:${userId}`
      const done = await users.run(userId, () => sites.run(site, read))
      if (!done?.value) throw overloaded()
      return done.value.value
    },
  }
}

function openQueues(
  poolMax: number,
  part: number,
  perHolder: number,
): { users: FairQueue; sites: FairQueue } {
  return {
    users: openFairQueue({
      concurrency: everyUserMax,
      perHolder: perUser,
      waitingPerHolder: waitingPerUser,
      waitingMax,
    }),
    sites: openFairQueue({
      concurrency: Math.max(Math.floor(poolMax * part), 1),
      perHolder,
      waitingPerHolder: waitingPerSite,
      waitingMax,
    }),
  }
}
