/** Places for deliveries of one lane in this process, lent to whichever of its shards has work. */
export interface LaneSlots {
  /** Waits for a place, in turn, and gives it back when `work` has ended. Null, and no work, once they are closed. */
  run: <T>(shard: number, work: () => Promise<T>) => Promise<T | null>
  /** Sends away who waits. */
  close: () => void
}

/**
 * @param total places of all shards together
 * @param setConcurrency told how many deliveries a shard may take: those it holds and all places that are free, at least one, so
 * that a shard that comes late waits for the next place instead of for another shard's last delivery
 */
export function openLaneSlots(
  total: number,
  shards: readonly number[],
  setConcurrency: (shard: number, concurrency: number) => void,
): LaneSlots {
  const inUse = new Map(shards.map((shard) => [shard, 0]))
  const waiting: ((isGranted: boolean) => void)[] = []
  let free = total
  let closed = false
  const adjust = (shard: number, change: number): void => {
    inUse.set(shard, (inUse.get(shard) ?? 0) + change)
    for (const [each, count] of inUse) setConcurrency(each, Math.max(count + free, 1))
  }
  const acquire = async (shard: number): Promise<boolean> => {
    if (closed) return false
    if (free > 0) free -= 1
    else if (!(await new Promise<boolean>((resolve) => void waiting.push(resolve)))) return false
    adjust(shard, 1)
    return true
  }
  const release = (shard: number): void => {
    const next = waiting.shift()
    if (!next) free += 1
    adjust(shard, -1)
    next?.(true)
  }
  return {
    run: async (shard, work) => {
      if (!(await acquire(shard))) return null
      try {
        return await work()
      } finally {
        release(shard)
      }
    },
    close: () => {
      closed = true
      for (const resolveWaiting of waiting.splice(0)) resolveWaiting(false)
    },
  }
}
