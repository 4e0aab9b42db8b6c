import type { Settings } from './load-settings.ts'

/** Settings that work and do not fit together, a sentence each. */
export function settingsWarnings(settings: Settings): string[] {
  const { GHOSTPOST_WAIT_MS: waitMs, GHOSTPOST_ATTEMPT_TIMEOUT_MS: attemptMs } = settings
  if (waitMs === 0 || attemptMs < waitMs) return []
  return [
    'GHOSTPOST_ATTEMPT_TIMEOUT_MS is not shorter than GHOSTPOST_WAIT_MS: callers do not learn that an attempt ' +
      'timed out.',
  ]
}
