/** What a lane has to do, and how fast it does it. */
export interface LaneFlow {
  /** Deliveries that could be sent now. */
  due: number
  /** Attempts a minute, over the last minutes. */
  perMinute: number
  /** How many were due before, and how long ago that was; null when nobody looked. */
  before: { due: number; minutesAgo: number } | null
  isPaused: boolean
  workers: number
}

/** `held`, `no_worker`: nothing is taken at all. `growing`: more comes than is done. `unknown`: nothing was done lately. */
export type DrainEstimate =
  | { state: 'idle' | 'held' | 'no_worker' | 'unknown' }
  | { state: 'growing'; perMinute: number }
  | { state: 'draining'; secondsLow: number; secondsHigh: number }

const minute = 60

/**
 * How long what waits in a lane takes at the present pace: at best, if nothing more came, and at worst, if as much comes as
 * did lately.
 */
export function timeToDrain({ due, perMinute, before, isPaused, workers }: LaneFlow): DrainEstimate {
  if (due === 0) return { state: 'idle' }
  if (isPaused) return { state: 'held' }
  if (workers === 0) return { state: 'no_worker' }
  const netPerMinute = before === null ? perMinute : (before.due - due) / Math.max(before.minutesAgo, 0.1)
  if (netPerMinute <= 0 && before !== null && before.due > 0)
    return { state: 'growing', perMinute: Math.round(-netPerMinute) }
  if (perMinute <= 0) return { state: 'unknown' }
  const bestSeconds = (due / perMinute) * minute
  const worstSeconds = netPerMinute > 0 ? (due / netPerMinute) * minute : bestSeconds
  return {
    state: 'draining',
    secondsLow: Math.ceil(bestSeconds),
    secondsHigh: Math.ceil(Math.max(bestSeconds, worstSeconds)),
  }
}
