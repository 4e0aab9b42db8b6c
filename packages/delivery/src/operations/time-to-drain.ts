/** The backlog of a lane, and how fast its workers send. */
export interface LaneFlow {
  /** Deliveries that are due. */
  due: number
  /** Attempts a minute, measured over the last minutes. */
  perMinute: number
  /** An earlier count of due deliveries; null without one. */
  before: { due: number; minutesAgo: number } | null
  isPaused: boolean
  workers: number
}

/**
 * `held`: the lane is paused. `no_worker`: no worker takes deliveries. `growing`: more deliveries arrive than are sent.
 * `unknown`: no delivery was sent in the last minutes.
 */
export type DrainEstimate =
  | { state: 'idle' | 'held' | 'no_worker' | 'unknown' }
  | { state: 'growing'; perMinute: number }
  | { state: 'draining'; secondsLow: number; secondsHigh: number }

const minute = 60

/**
 * Estimates how long the backlog of a lane takes to drain at its current pace. The low estimate assumes that no
 * delivery arrives; the high one that deliveries arrive as fast as in the last minutes.
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
