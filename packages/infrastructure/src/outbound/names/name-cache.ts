/** What a look-up found, or the code of its failure. */
export type LookupResult = { addresses: readonly string[] } | { code: string }

interface CachedResult {
  result: LookupResult
  until: number
}

const namesMax = 10_000
const addressesMinMs = 1_000
const addressesMaxMs = 60_000
/** A name without addresses may get some at any moment, and people try again after they have repaired it. */
const noSuchNameMs = 2_000
/** Spares name servers that fail or do not respond. */
const failureMs = 500

/** Results of look-ups for as long as their TTL says, within 1 s to 60 s. The oldest of 10,000 names makes room. */
export class NameCache {
  readonly #results = new Map<string, CachedResult>()

  get(name: string): LookupResult | null {
    const cached = this.#results.get(name)
    if (!cached) return null
    if (cached.until > performance.now()) return cached.result
    this.#results.delete(name)
    return null
  }

  /** @param ttl time to live in seconds; ignored for failures */
  set(name: string, result: LookupResult, ttl = 0): void {
    const [oldest] = this.#results.keys()
    if (this.#results.size >= namesMax && oldest !== undefined) this.#results.delete(oldest)
    this.#results.delete(name)
    this.#results.set(name, { result, until: performance.now() + lifetimeMs(result, ttl) })
  }
}

function lifetimeMs(result: LookupResult, ttl: number): number {
  if ('addresses' in result) return Math.min(Math.max(ttl * 1_000, addressesMinMs), addressesMaxMs)
  return result.code === 'ENOTFOUND' || result.code === 'ENODATA' ? noSuchNameMs : failureMs
}
