/** Places for deliveries of one lane in this process, lent to whichever of its shards has work. */
export interface LanePlaces {
  /** Waits for a place, in turn, and gives it back when `work` has ended. Null, and no work, once they are closed. */
  hold: <T>(shard: number, work: () => Promise<T>) => Promise<T | null>
  /** Sends away who waits. */
  close: () => void
}

/**
 * @param total places of all shards together
 * @param allow told how many deliveries a shard may take: those it holds and all places that are free, at least one, so
 * that a shard that comes late waits for the next place instead of for another shard's last delivery
 */
export function openLanePlaces(
  total: number,
  shards: readonly number[],
  allow: (shard: number, most: number) => void,
): LanePlaces {
  const held = new Map(shards.map((shard) => [shard, 0]))
  const waiting: ((isMine: boolean) => void)[] = []
  let free = total
  let closed = false
  const note = (shard: number, change: number): void => {
    held.set(shard, (held.get(shard) ?? 0) + change)
    for (const [each, count] of held) allow(each, Math.max(count + free, 1))
  }
  const take = async (shard: number): Promise<boolean> => {
    if (closed) return false
    if (free > 0) free -= 1
    else if (!(await new Promise<boolean>((resolve) => void waiting.push(resolve)))) return false
    note(shard, 1)
    return true
  }
  const giveBack = (shard: number): void => {
    const next = waiting.shift()
    if (!next) free += 1
    note(shard, -1)
    next?.(true)
  }
  return {
    hold: async (shard, work) => {
      if (!(await take(shard))) return null
      try {
        return await work()
      } finally {
        giveBack(shard)
      }
    },
    close: () => {
      closed = true
      for (const sendAway of waiting.splice(0)) sendAway(false)
    },
  }
}
