/** Random numbers from a seed; the same seed gives the same numbers. */
export interface SeededRandom {
  /** In [0, 1). */
  next: () => number
  between: (min: number, max: number) => number
  pick: <T>(items: readonly T[]) => T
  shuffle: <T>(items: readonly T[]) => T[]
}

/** mulberry32, Tommy Ettinger's public-domain generator: small, and good enough to choose faults. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (min: number, max: number): number => Math.round(min + next() * (max - min))
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T
  const shuffle = <T>(items: readonly T[]): T[] => {
    const rest = [...items]
    return items.map(() => rest.splice(Math.floor(next() * rest.length), 1)[0] as T)
  }
  return { next, between, pick, shuffle }
}

/** Derives a seed from a name (FNV-1a), so that a fault's choices do not depend on earlier faults. */
export function seedFor(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}
