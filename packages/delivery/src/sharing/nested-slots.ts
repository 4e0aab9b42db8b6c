import { defaultShare } from './fair-slots.ts'

/**
 * A bounded number of slots that groups (sites) share, and within a group its members (users, receivers). A group may
 * take another slot while it uses less than `share` of the free slots; a member while it uses less than `memberShare`
 * of the slots that its group may still take. A first slot is always given, to a member within its group's share, and
 * to a group while any slot is free.
 */
export interface NestedSlots {
  inUse: () => number
  /** Takes a slot. Returns the function that frees it, which works once; null when the share is used up. */
  tryAcquire: (group: string, member: string) => (() => void) | null
}

export interface NestedShares {
  /** Slots that a group may use for each free slot. One group alone gets at most `max × share / (1 + share)`. */
  share?: number
  /** The same for a member, of the slots that its group alone gets. */
  memberShare: number
}

interface GroupUse {
  inUse: number
  byMember: Map<string, number>
}

/** @param max number of slots */
export function openNestedSlots(
  max: number,
  { share = defaultShare, memberShare }: NestedShares,
): NestedSlots {
  const groups = new Map<string, GroupUse>()
  const groupMax = (max * share) / (1 + share)
  let inUse = 0
  const mayTake = (group: GroupUse, memberUse: number): boolean => {
    const free = max - inUse
    if (free <= 0) return false
    if (group.inUse > 0 && group.inUse >= free * share) return false
    return memberUse === 0 || memberUse < (groupMax - group.inUse) * memberShare
  }
  const change = (name: string, member: string, by: 1 | -1): void => {
    const group = groups.get(name) ?? { inUse: 0, byMember: new Map<string, number>() }
    const memberUse = (group.byMember.get(member) ?? 0) + by
    inUse += by
    group.inUse += by
    if (memberUse === 0) group.byMember.delete(member)
    else group.byMember.set(member, memberUse)
    if (group.inUse === 0) groups.delete(name)
    else groups.set(name, group)
  }
  return {
    inUse: () => inUse,
    tryAcquire: (name, member) => {
      const group = groups.get(name) ?? { inUse: 0, byMember: new Map<string, number>() }
      if (!mayTake(group, group.byMember.get(member) ?? 0)) return null
      change(name, member, 1)
      let isHeld = true
      return () => {
        if (isHeld) change(name, member, -1)
        isHeld = false
      }
    },
  }
}
