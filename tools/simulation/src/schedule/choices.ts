/**
 * Choices that depend on the seed and a text alone, not on earlier choices. So a history without one of its events
 * makes the same choices for all others, and can be shrunk.
 */
export interface Choices {
  /** In [0, 1). */
  fraction: (name: string) => number
  /** A whole number from `min` to `max`. */
  between: (name: string, min: number, max: number) => number
  pick: <T>(name: string, items: readonly T[]) => T
}

/** FNV-1a with the finalizer of MurmurHash3: small, and good enough to choose times and faults. */
export function seededChoices(seed: number): Choices {
  const start = (0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1)) >>> 0
  const fraction = (name: string): number => {
    let hash = start
    for (let index = 0; index < name.length; index += 1)
      hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
    return finalized(hash) / 4_294_967_296
  }
  const between = (name: string, min: number, max: number): number =>
    min + Math.floor(fraction(name) * (max - min + 1))
  const pick = <T>(name: string, items: readonly T[]): T => items[between(name, 0, items.length - 1)] as T
  return { fraction, between, pick }
}

function finalized(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
