import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'

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
}

export interface Admission {
  /** The number of requests in flight. */
  count: () => number
  /** Takes a slot for the request, or throws `overloaded` before anything is read or stored. */
  admit: (request: FastifyRequest, reply: FastifyReply) => void
  /**
   * Runs a handler in its request's slot. The slot stays taken until the handler ends, even if the caller
   * disconnects.
   */
  run: (request: FastifyRequest, handle: () => Promise<unknown>) => Promise<unknown>
}

const retrySeconds = 1

/** @param max most requests in flight in this process */
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
  return new ApiError('overloaded', 'The server is overloaded; nothing was stored.', [], retrySeconds)
}
