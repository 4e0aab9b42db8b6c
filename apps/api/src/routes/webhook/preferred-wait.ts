/** The longest wait a caller may ask for. */
const waitMaxMs = 30_000

export interface PreferredWait {
  ms: number
  /** What of the preference is honoured, for the Preference-Applied header; null when nothing was asked. */
  applied: string | null
}

/**
 * How long to wait for an outcome, from the `Prefer` header (RFC 7240): `respond-async` alone is no wait at all,
 * `wait=N` is N seconds, at most 30. What is not understood is ignored, as the RFC asks.
 */
export function preferredWait(prefer: string | undefined, defaultMs: number): PreferredWait {
  const preferences = (prefer ?? '')
    .toLowerCase()
    .split(/[,;]/)
    .map((preference) => preference.trim())
  const seconds = preferences
    .map((preference) => /^wait\s*=\s*"?(\d{1,9})"?$/.exec(preference)?.[1])
    .find(Boolean)
  if (seconds !== undefined) {
    const ms = Math.min(Number(seconds) * 1_000, waitMaxMs)
    return { ms, applied: `wait=${ms / 1_000}` }
  }
  if (preferences.includes('respond-async')) return { ms: 0, applied: 'respond-async' }
  return { ms: defaultMs, applied: null }
}
