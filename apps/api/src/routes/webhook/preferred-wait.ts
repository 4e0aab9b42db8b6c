/** The longest wait a caller may ask for. */
const waitMaxMs = 30_000

export interface PreferredWait {
  ms: number
  /** The honoured preference, for the Preference-Applied header; null if there is none. */
  applied: string | null
}

/**
 * The time to wait for an outcome, from the `Prefer` header (RFC 7240): 0 for `respond-async` alone, N seconds for
 * `wait=N`, at most 30. Unknown preferences are ignored, as the RFC requires.
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
