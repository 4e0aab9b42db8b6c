import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What of this request is still under way; null for what was not let in. */
    slot: AdmissionSlot | null
  }
}

/** A place among those under way; it is free again when the caller is answered or gone *and* its handler has ended. */
interface AdmissionSlot {
  holders: number
}

export interface Admission {
  /** How many requests are under way. */
  count: () => number
  /** Lets a request in, or throws `overloaded`: refusing costs nothing, and what was let in goes on. */
  admit: (request: FastifyRequest, reply: FastifyReply) => void
  /** Runs a handler in its request's place. A caller that goes away does not make room before the work is over. */
  run: (request: FastifyRequest, handle: () => Promise<unknown>) => Promise<unknown>
}

const retrySeconds = 1

/** @param max requests under way at once in this process */
export function openAdmission(max: number): Admission {
  let inFlight = 0
  const release = (slot: AdmissionSlot): void => {
    slot.holders -= 1
    if (slot.holders === 0) inFlight -= 1
  }
  return {
    count: () => inFlight,
    admit: (request, reply) => {
      if (inFlight >= max) throw overloaded()
      inFlight += 1
      const slot: AdmissionSlot = { holders: 1 }
      request.slot = slot
      reply.raw.once('close', () => release(slot))
    },
    run: async (request, handle) => {
      const { slot } = request
      if (slot === null) return handle()
      slot.holders += 1
      try {
        return await handle()
      } finally {
        release(slot)
      }
    },
  }
}

export function overloaded(): ApiError {
  return new ApiError('overloaded', 'Too much is under way here; nothing was stored.', [], retrySeconds)
}
