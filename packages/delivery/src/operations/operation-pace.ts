/** How fast an operation goes: at its rate, never far ahead of what has settled, and after its canary. */

/** The fastest it can go, in members a second, whatever its rate. */
export const membersPerSecondMax = 2_000
/** A canary whose failures are more than this share of it stops the operation. */
const canaryFailedShare = 0.2
/** One step begins no more than this, however high the rate: queue and memory stay flat. */
export const membersPerStepMax = 500
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
  creditMs: number
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
export function startableMembers({ rate, creditMs, untried, waiting, left, canaryLeft }: Pace): number {
  const byRate = Math.floor((rate * usableCreditMs(rate, creditMs)) / 1_000)
  const untriedLimit = Math.min(Math.max(rate * untriedSeconds, untriedMin), untriedMax)
  const limits = [
    byRate,
    untriedLimit - untried,
    waitingMax - waiting,
    membersPerStepMax,
    Math.max(left, 1),
    canaryLeft ?? membersPerStepMax,
  ]
  return Math.max(Math.min(...limits), 0)
}

/** What is left unused once so many were begun, in milliseconds. */
export function creditAfter(rate: number, creditMs: number, begun: number): number {
  return Math.max(usableCreditMs(rate, creditMs) - (begun * 1_000) / rate, 0)
}

function usableCreditMs(rate: number, creditMs: number): number {
  return Math.min(creditMs, Math.max(burstMs, 1_000 / rate))
}

/** What is known of a canary once each of it has been tried once or has settled. */
export function hasCanaryPassed({ tried, bad }: { tried: number; bad: number }): boolean {
  return bad <= tried * canaryFailedShare
}
