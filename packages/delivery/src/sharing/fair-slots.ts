/**
 * A bounded number of slots that holders (sites, sessions, addresses) share. A holder may take another slot while it
 * uses less than `share` of the slots that are still free, but always a first one while any is free. So no holder gets
 * them all, and a burst may use what nobody else needs ("dynamic threshold", Choudhury and Hahne, 1998).
 */
export interface FairSlots {
  inUse: () => number
  usedBy: (holder: string) => number
  /** Whether the holder could take a slot now. */
  hasRoom: (holder: string) => boolean
  /** Takes a slot. Returns the function that frees it, which works once; null when the holder's share is used up. */
  tryAcquire: (holder: string) => (() => void) | null
}

/**
 * With this share one holder alone gets a fifth of all slots. Ten greedy holders that grow together leave more than a
 * quarter of them to others, and a tenth if each takes all it may before the next one begins.
 */
export const defaultShare = 0.25

/**
 * @param max number of slots
 * @param share slots that a holder may use for each free slot; greater than 0. One holder alone gets at most
 * `max × share / (1 + share)`.
 */
export function openFairSlots(max: number, share: number = defaultShare): FairSlots {
  const used = new Map<string, number>()
  let inUse = 0
  const usedBy = (holder: string): number => used.get(holder) ?? 0
  const change = (holder: string, by: 1 | -1): void => {
    const count = usedBy(holder) + by
    inUse += by
    if (count === 0) used.delete(holder)
    else used.set(holder, count)
  }
  const hasRoom = (holder: string): boolean => {
    const free = max - inUse
    const count = usedBy(holder)
    return free > 0 && (count === 0 || count < free * share)
  }
  return {
    inUse: () => inUse,
    usedBy,
    hasRoom,
    tryAcquire: (holder) => {
      if (!hasRoom(holder)) return null
      change(holder, 1)
      let isHeld = true
      return () => {
        if (isHeld) change(holder, -1)
        isHeld = false
      }
    },
  }
}
