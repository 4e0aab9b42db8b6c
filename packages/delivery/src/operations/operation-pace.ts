/** The pace of an operation: its rate, how many unsettled members it may have, and its canary. */

/** The highest effective rate, in members a second. */
export const membersPerSecondMax = 2_000
/** A canary in which more than this share of the tried members fails stops the operation. */
const canaryFailedShare = 0.2
/** One step starts no more members than this at any rate. It bounds the queue and the memory. */
export const membersPerStepMax = 500
/** Limit of members that were started and not yet attempted: this many seconds' worth, within the bounds below. */
const untriedSeconds = 4
const untriedMin = 50
const untriedMax = 2_000
/** Limit of members that were started and have not settled. It bounds retries while a receiver is down. */
const waitingMax = 10_000
/** Unused time expires after this, or once it suffices for one member. */
const burstMs = 500

export interface Pace {
  /** Members a second, at most. */
  rate: number
  /** Time since the rate was last used up, in milliseconds. */
  creditMs: number
  /** Started and not yet attempted. */
  untried: number
  /** Started and not settled. */
  waiting: number
  /** Members of the plan that the ledger does not list yet. At 0 one member may start: its step ends the operation. */
  left: number
  /** Members of the canary that have not started; null without a canary, and after it. */
  canaryLeft: number | null
}

/** How many members may start now, from 0 to `membersPerStepMax`. */
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

/** The credit that is left after so many members were started, in milliseconds. */
export function creditAfter(rate: number, creditMs: number, started: number): number {
  return Math.max(usableCreditMs(rate, creditMs) - (started * 1_000) / rate, 0)
}

function usableCreditMs(rate: number, creditMs: number): number {
  return Math.min(creditMs, Math.max(burstMs, 1_000 / rate))
}

/** Judges a canary of which each member was tried. Without a tried member it passes. */
export function hasCanaryPassed({ tried, failed }: { tried: number; failed: number }): boolean {
  return failed <= tried * canaryFailedShare
}

/** How long an operation takes to start so many members, in seconds. A slow receiver makes it longer. */
export function secondsToSend(members: number, rate: number): number {
  return members / Math.min(rate, membersPerSecondMax)
}
