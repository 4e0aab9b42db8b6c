/** The slots of one lane in this process. All shards of the lane share them. */
export interface LaneSlots {
  /** Waits for a slot, runs `work` and frees the slot. Resolves to null without running `work` once closed. */
  run: <T>(shard: number, work: () => Promise<T>) => Promise<T | null>
  /** Rejects waiting work: its `run` resolves to null. */
  close: () => void
}

/**
 * @param total number of slots for all shards together
 * @param setConcurrency called with the number of jobs that a shard may take: those it runs plus all free slots, at
 * least
 * one. So a shard without a slot waits for the next free one, not for the last job of another shard.
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
