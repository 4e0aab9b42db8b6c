import { openFairSlots, openNestedSlots } from '@ghostpost/delivery/sharing'
import { callerNetwork } from '@ghostpost/delivery/receivers'
import type { ActiveSession } from '@ghostpost/infrastructure/accounts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'
import { openUnfinishedBodies } from './unfinished-bodies.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The slot this request occupies; null for a request that needs none or was refused. */
    slot: AdmissionSlot | null
  }
}

/** A slot is free again when the connection's response has closed *and* the handler has ended. */
interface AdmissionSlot {
  /** How many of the two still use the slot. */
  holders: number
  release: () => void
}

export interface Admission {
  /** The number of requests in flight. */
  count: () => number
  /** Takes a slot of the caller's account, or throws `overloaded` before anything is read or stored. */
  admitSession: (request: FastifyRequest, reply: FastifyReply, session: ActiveSession) => void
  /** The same for a caller without a session, of the share of its address. */
  admitAnonymous: (request: FastifyRequest, reply: FastifyReply) => void
  /**
   * Runs a handler in its request's slot. The slot stays taken until the handler ends, even if the caller
   * disconnects.
   */
  run: (request: FastifyRequest, handle: () => Promise<unknown>) => Promise<unknown>
}

const retrySeconds = 1
/** Half of all slots for the users of one site, and three quarters of those for one user. */
const sessionShares = { share: 1, memberShare: 3 }
/** Callers without a session have this part of `max` as slots of their own. */
const anonymousPart = 1 / 5
/** Above this part of `max`, bodies that arrive slowly make room for others. */
const unfinishedPart = 1 / 10

/** @param max most requests of sessions in flight in this process */
export function openAdmission(max: number): Admission {
  const sessions = openNestedSlots(max, sessionShares)
  const anonymous = openFairSlots(Math.max(Math.floor(max * anonymousPart), 1))
  const bodies = openUnfinishedBodies(Math.max(Math.floor(max * unfinishedPart), 1))
  return {
    count: () => sessions.inUse() + anonymous.inUse(),
    admitSession: (request, reply, session) => {
      const tenant = tenantOf(session)
      bodies.makeRoom()
      const endResponse = occupy(request, reply, sessions.tryAcquire(tenant, session.userId))
      bodies.add(`sites ${tenant}`, request, endResponse)
    },
    admitAnonymous: (request, reply) => {
      const network = callerNetwork(request.ip)
      bodies.makeRoom()
      const endResponse = occupy(request, reply, anonymous.tryAcquire(network))
      bodies.add(network, request, endResponse)
    },
    run: async (request, handle) => {
      const { slot } = request
      if (slot === null) return handle()
      slot.holders += 1
      try {
        return await handle()
      } finally {
        leave(slot)
      }
    },
  }
}

/** The holder of a user's share: all users with roles in the same sites share, however many they are. */
function tenantOf({ roles }: Pick<ActiveSession, 'roles'>): string {
  return [...roles.keys()].toSorted((one, other) => one - other).join(',')
}

/** Returns the function that says, once, that the response is over. */
function occupy(request: FastifyRequest, reply: FastifyReply, release: (() => void) | null): () => void {
  if (release === null) throw overloaded()
  const slot: AdmissionSlot = { holders: 1, release }
  request.slot = slot
  let isOver = false
  const endResponse = (): void => {
    if (!isOver) leave(slot)
    isOver = true
  }
  reply.raw.once('close', endResponse)
  return endResponse
}

function leave(slot: AdmissionSlot): void {
  slot.holders -= 1
  if (slot.holders === 0) slot.release()
}

export function overloaded(): ApiError {
  return new ApiError('overloaded', 'The server is overloaded; nothing was stored.', [], retrySeconds)
}
