/**
 * A worker counts as dead when its lock was free at this many looks in a row. A living worker whose connection broke,
 * for example when the database restarts, takes its lock again in the meantime.
 */
const looksUntilDead = 3

/**
 * Tracks which workers' locks are free.
 * @returns takes the ids of the workers whose locks are free at one look, and returns those that count as dead. A look
 * that failed takes none: it shows nothing, and the count starts again.
 */
export function trackFreeLocks(): (freeIds: readonly string[]) => string[] {
  let looks: ReadonlyMap<string, number> = new Map()
  return (freeIds) => {
    looks = new Map(freeIds.map((id) => [id, (looks.get(id) ?? 0) + 1]))
    return freeIds.filter((id) => (looks.get(id) ?? 0) >= looksUntilDead)
  }
}
