import type { FastifyRequest } from 'fastify'

/** Requests whose bodies have not arrived yet. */
export interface UnfinishedBodies {
  /**
   * @param holder the site or the address whose requests count together
   * @param onCut called when the request is cut off, before its connection has closed
   */
  add: (holder: string, request: FastifyRequest, onCut: () => void) => void
  /** Above `max`, cuts off the oldest body of the holder with the most of them. */
  makeRoom: () => void
}

interface UnfinishedBody {
  holder: string
  request: FastifyRequest
  onCut: () => void
  since: number
}

/** A body that arrives within this time is never cut off. */
const graceMs = 1_000

/**
 * Keeps callers that never complete their bodies from occupying slots until the deadline.
 * @param max bodies that may be unfinished, however long
 */
export function openUnfinishedBodies(
  max: number,
  now: () => number = () => performance.now(),
): UnfinishedBodies {
  const bodies = new Set<UnfinishedBody>()
  const forgetComplete = (): void => {
    for (const one of bodies) if (one.request.raw.complete || one.request.raw.destroyed) bodies.delete(one)
  }
  return {
    add: (holder, request, onCut) => {
      if (request.raw.complete) return
      const body = { holder, request, onCut, since: now() }
      bodies.add(body)
      request.raw.once('close', () => bodies.delete(body))
    },
    makeRoom: () => {
      if (bodies.size <= max) return
      forgetComplete()
      if (bodies.size <= max) return
      const oldest = oldestOfLargest(bodies)
      if (!oldest || now() - oldest.since < graceMs) return
      bodies.delete(oldest)
      oldest.onCut()
      oldest.request.raw.destroy()
    },
  }
}

function oldestOfLargest(bodies: ReadonlySet<UnfinishedBody>): UnfinishedBody | undefined {
  const byHolder = [...Map.groupBy(bodies, ({ holder }) => holder).values()]
  return byHolder.toSorted((one, other) => other.length - one.length)[0]?.[0]
}
