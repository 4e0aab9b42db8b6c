/** How fast an operation goes: at its rate, never far ahead of what has settled, and after its canary. */

/** The fastest it can go, in members a second, whatever its rate. */
export const fastest = 2_000
/** A canary whose failures are more than this share of it stops the operation. */
const canaryFailedShare = 0.2
/** One step begins no more than this, however high the rate: queue and memory stay flat. */
export const stepMax = 500
/** Begun and not tried once, at most: this many seconds' worth, within bounds. */
const untriedSeconds = 4
const untriedMin = 50
const untriedMax = 2_000
/** Begun and not settled, at most: with those that wait for a retry, at a receiver that is down, say. */
const waitingMax = 10_000
/** Time that was not used is kept no longer than this, or until one may be begun. */
const burstMs = 500

export interface Pace {
  /** Members a second, at most. */
  rate: number
  /** Since the moment up to which the rate is used. */
  unusedMs: number
  /** Begun and not tried once. */
  untried: number
  /** Begun and not settled. */
  waiting: number
  /** Still to be begun; a few more are asked for where nothing is left, to find that out. */
  left: number
  /** Of the canary, still to be begun; null when it is over or there is none. */
  canaryLeft: number | null
}

/** How many members may be begun now. */
export function roomFor({ rate, unusedMs, untried, waiting, left, canaryLeft }: Pace): number {
  const byRate = Math.floor((rate * usableMs(rate, unusedMs)) / 1_000)
  const ahead = Math.min(Math.max(rate * untriedSeconds, untriedMin), untriedMax)
  const bounds = [
    byRate,
    ahead - untried,
    waitingMax - waiting,
    stepMax,
    Math.max(left, 1),
    canaryLeft ?? stepMax,
  ]
  return Math.max(Math.min(...bounds), 0)
}

/** What is left unused once so many were begun, in milliseconds. */
export function unusedAfter(rate: number, unusedMs: number, begun: number): number {
  return Math.max(usableMs(rate, unusedMs) - (begun * 1_000) / rate, 0)
}

function usableMs(rate: number, unusedMs: number): number {
  return Math.min(unusedMs, Math.max(burstMs, 1_000 / rate))
}

/** What is known of a canary once each of it has been tried once or has settled. */
export function isCanaryGood({ tried, bad }: { tried: number; bad: number }): boolean {
  return bad <= tried * canaryFailedShare
}
