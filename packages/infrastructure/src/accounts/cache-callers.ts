import type { ActiveSession } from './find-session.ts'
import { hashSessionToken } from './session-token.ts'

const cachedMax = 10_000

export interface CallerCache {
  /** The caller of a token; null when the token is unknown, expired or revoked. */
  find: (token: string) => Promise<ActiveSession | null>
  /** @param hashes digests of tokens that this process has just ended */
  forget: (hashes: readonly Uint8Array[]) => void
}

interface CachedCaller {
  session: ActiveSession
  until: number
}

/**
 * Trusts what was read of a token for `cacheMs`, so that a request costs no read. A revoked token works no longer than
 * this.
 * @param now a monotonic clock, in milliseconds: a clock that is set back would keep revoked tokens in the cache
 */
export function cacheCallers(
  read: (token: string) => Promise<ActiveSession | null>,
  cacheMs: number,
  now: () => number,
): CallerCache {
  const cache = new Map<string, CachedCaller>()
  return {
    find: async (token) => {
      const key = keyOf(hashSessionToken(token))
      const cached = cache.get(key)
      // The database's clock decides whether a token has expired, because the clocks of processes may differ.
      if (cached && cached.until > now()) return cached.session
      cache.delete(key)
      const session = await read(token)
      if (!session) return null
      if (cache.size >= cachedMax) cache.clear()
      cache.set(key, { session, until: now() + cacheMs })
      return session
    },
    forget: (hashes) => {
      for (const hash of hashes) cache.delete(keyOf(hash))
    },
  }
}

function keyOf(hash: Uint8Array): string {
  return Buffer.from(hash).toString('base64')
}
