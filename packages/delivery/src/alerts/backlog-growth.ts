import type { Backlog, BacklogSample } from './measurement.ts'

/** So many samples make a window. */
const samplesPerWindow = 20
/** With fewer in either half nothing is said. */
const samplesPerHalfMin = 3
/** A window counts as seen when the oldest sample lies this far back in it. */
const windowCoverageMin = 0.85

/** The samples of the window with the one just taken, unless there is one of nearly now. */
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
 * By how many the backlog has grown: by how many more wait at the best moment of the window's second half than at the
 * best one of its first. A burst that is being worked off is no growth: then fewer wait now than in the middle. Null
 * while too little of the window was seen.
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
  // Beyond what is counted nobody sees it grow; it surely does not drain.
  if (capped && minDueOf(later) >= due) return Math.max(growth, due)
  return due < middle.due ? 0 : growth
}

function minDueOf(samples: readonly BacklogSample[]): number {
  return Math.min(...samples.map(({ due }) => due))
}

function ageOf(at: string, nowMs: number): number {
  return nowMs - Date.parse(at)
}
