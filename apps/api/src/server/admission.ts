import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from './api-error.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What of this request is still under way; null for what was not let in. */
    place: Place | null
  }
}

/** A place among those under way; it is free again when the caller is answered or gone *and* its handler has ended. */
interface Place {
  holds: number
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
  let underWay = 0
  const leave = (place: Place): void => {
    place.holds -= 1
    if (place.holds === 0) underWay -= 1
  }
  return {
    count: () => underWay,
    admit: (request, reply) => {
      if (underWay >= max) throw overloaded()
      underWay += 1
      const place: Place = { holds: 1 }
      request.place = place
      reply.raw.once('close', () => leave(place))
    },
    run: async (request, handle) => {
      const { place } = request
      if (place === null) return handle()
      place.holds += 1
      try {
        return await handle()
      } finally {
        leave(place)
      }
    },
  }
}

export function overloaded(): ApiError {
  return new ApiError('overloaded', 'Too much is under way here; nothing was stored.', [], retrySeconds)
}
