import { respond, type Reaction } from './reactions.ts'

/** A limit of requests in any period of `windowMs` milliseconds. */
export interface RollingLimit {
  requests: number
  windowMs: number
  /** Counts a request. Returns how many more the window allows; a negative number refuses the request. */
  take: () => number
  /** The number of refused requests. */
  refused: () => number
}

/**
 * @param graceMs how much earlier than the window allows a request may arrive: one request travels faster than another
 */
export function openRollingLimit(requests: number, windowMs: number, graceMs = 0): RollingLimit {
  let accepted: number[] = []
  let refused = 0
  return {
    requests,
    windowMs,
    take: () => {
      const now = performance.now()
      accepted = accepted.filter((at) => at > now - windowMs + graceMs)
      if (accepted.length < requests) return requests - accepted.push(now)
      refused += 1
      return -1
    },
    refused: () => refused,
  }
}

/** Runs a reaction within a limit, and responds 429 above it. */
export function within(limit: RollingLimit, reaction: Reaction): Reaction {
  const refuse = respond(429, { headers: { 'retry-after': String(Math.ceil(limit.windowMs / 1_000)) } })
  return (request, response) => (limit.take() < 0 ? refuse : reaction)(request, response)
}
