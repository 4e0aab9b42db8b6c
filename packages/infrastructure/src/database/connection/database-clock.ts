/** The database's clock as far as this process knows it. The clocks of the processes need not agree. */
export interface DatabaseClock {
  /** This process's own clock until the first observation. */
  now: () => Date
  /** Takes a time that the database has just returned, in milliseconds since 1970. */
  observe: (databaseMs: number) => void
}

/** Observations arrive late by their response's time on the way, so that a smaller difference means nothing. */
const differenceMaxMs = 500

/**
 * Follows the database's clock: the time last observed, plus the time since on a monotonic clock.
 * @param monotonicMs a monotonic clock, in milliseconds
 */
export function openDatabaseClock(
  monotonicMs: () => number = () => performance.now(),
  ownMs: () => number = () => Date.now(),
): DatabaseClock {
  /** Add it to the monotonic clock to get the database's. */
  let offsetMs: number | null = null
  return {
    now: () => new Date(offsetMs === null ? ownMs() : monotonicMs() + offsetMs),
    observe: (databaseMs) => {
      const observed = databaseMs - monotonicMs()
      if (offsetMs === null || Math.abs(observed - offsetMs) > differenceMaxMs) offsetMs = observed
    },
  }
}
