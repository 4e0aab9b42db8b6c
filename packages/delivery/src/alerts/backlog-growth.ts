import type { Backlog, BacklogSample } from './measurement.ts'

/** A window has at most this many samples. */
const samplesPerWindow = 20
/** With fewer samples in either half the growth is unknown. */
const samplesPerHalfMin = 3
/** The oldest sample must lie at least this share of the window back; else the growth is unknown. */
const windowCoverageMin = 0.85

/** The samples of the window. Adds the current measurement unless the last sample is recent. */
export function withSample(
  samples: readonly BacklogSample[],
  { due, window }: Backlog,
  windowMs: number,
): BacklogSample[] {
  const nowMs = window.to.getTime()
  const recent = samples.filter(({ at }) => ageOf(at, nowMs) <= windowMs && ageOf(at, nowMs) >= 0)
  const last = recent.at(-1)
  const isSampleDue = last === undefined || ageOf(last.at, nowMs) >= windowMs / samplesPerWindow
  return isSampleDue ? [...recent, { at: window.to.toISOString(), due }] : recent
}

/**
 * The growth of the backlog, in deliveries: the lowest sample of the window's second half minus the lowest of its
 * first. A burst that drains is no growth: fewer deliveries are due now than in the middle of the window. Null while
 * too little of the window was sampled.
 */
export function growthOf(
  samples: readonly BacklogSample[],
  { due, capped, window }: Backlog,
  windowMs: number,
): number | null {
  const nowMs = window.to.getTime()
  const earlier = samples.filter(({ at }) => ageOf(at, nowMs) > windowMs / 2)
  const later = samples.filter(({ at }) => ageOf(at, nowMs) <= windowMs / 2)
  const oldest = earlier[0]
  const middle = later[0]
  if (!oldest || !middle || ageOf(oldest.at, nowMs) < windowMs * windowCoverageMin) return null
  if (Math.min(earlier.length, later.length) < samplesPerHalfMin) return null
  const growth = minDueOf(later) - minDueOf(earlier)
  // The count stops at a limit, so that growth beyond it is invisible. The backlog does not drain.
  if (capped && minDueOf(later) >= due) return Math.max(growth, due)
  return due < middle.due ? 0 : growth
}

function minDueOf(samples: readonly BacklogSample[]): number {
  return Math.min(...samples.map(({ due }) => due))
}

function ageOf(at: string, nowMs: number): number {
  return nowMs - Date.parse(at)
}
