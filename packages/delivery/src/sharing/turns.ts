/** Estimates when it is the turn of work that has to wait for its holder's share. */
export interface Turns {
  /** Learns how long work of the holder takes. */
  observe: (holder: string, durationMs: number) => void
  /**
   * How long until work of the holder can start, in milliseconds.
   * @param ahead how much work of the holder waits before it
   * @param slots how many slots the holder uses; at least 1
   */
  waitMs: (holder: string, ahead: number, slots: number) => number
  /**
   * The same for work that comes back later: each gets a turn of its own, one after another. At most 30 s, because the
   * holder's work may become faster.
   */
  assign: (holder: string, ahead: number, slots: number) => number
}

/** The assumed duration before the first observation, in milliseconds. */
const unknownMs = 100
const newestShare = 0.1
const assignedMaxMs = 30_000
/** Holders that are remembered; the least recently observed one is forgotten. */
const holdersMax = 10_000

interface HolderTurns {
  meanMs: number
  /** The time of the last assigned turn. */
  assignedAt: number
}

/** @param now a monotonic clock in milliseconds */
export function openTurns(now: () => number = () => performance.now()): Turns {
  const holders = new Map<string, HolderTurns>()
  const turnsOf = (holder: string): HolderTurns => {
    const turns = holders.get(holder) ?? { meanMs: unknownMs, assignedAt: 0 }
    holders.delete(holder)
    holders.set(holder, turns)
    const [oldest] = holders.keys()
    if (holders.size > holdersMax && oldest !== undefined) holders.delete(oldest)
    return turns
  }
  const waitMs = (holder: string, ahead: number, slots: number): number =>
    ((ahead + 1) * turnsOf(holder).meanMs) / Math.max(slots, 1)
  return {
    observe: (holder, durationMs) => {
      const turns = turnsOf(holder)
      turns.meanMs += (durationMs - turns.meanMs) * newestShare
    },
    waitMs,
    assign: (holder, ahead, slots) => {
      const turns = turnsOf(holder)
      const first = now() + waitMs(holder, ahead, slots)
      const next = Math.max(first, turns.assignedAt + turns.meanMs / Math.max(slots, 1))
      turns.assignedAt = Math.min(next, now() + assignedMaxMs)
      return Math.ceil(turns.assignedAt - now())
    },
  }
}
