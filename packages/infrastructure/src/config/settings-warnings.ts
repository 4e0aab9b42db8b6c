import type { Environment, Settings } from './load-settings.ts'

export interface SettingsWarning {
  event: 'settings_conflict' | 'url_not_set' | 'held'
  message: string
}

/** Settings that work and have an effect that nobody may want. */
export function settingsWarnings(settings: Settings, env: Environment): SettingsWarning[] {
  return [...heldWarnings(settings), ...urlWarnings(settings, env), ...waitWarnings(settings)]
}

function heldWarnings({ GHOSTPOST_HOLD: isHeld }: Settings): SettingsWarning[] {
  if (!isHeld) return []
  return [
    { event: 'held', message: 'GHOSTPOST_HOLD is true: nothing is sent, neither deliveries nor e-mails.' },
  ]
}

function urlWarnings(settings: Settings, env: Environment): SettingsWarning[] {
  const links = {
    GHOSTPOST_PUBLIC_URL: `the links in payloads lead to ${settings.GHOSTPOST_PUBLIC_URL}`,
    GHOSTPOST_DASHBOARD_URL: `the links in alerts lead to ${settings.dashboardUrl}`,
  }
  return Object.entries(links)
    .filter(([name]) => !env[name])
    .map(([name, effect]) => ({ event: 'url_not_set', message: `${name} is not set: ${effect}.` }))
}

function waitWarnings(settings: Settings): SettingsWarning[] {
  const { GHOSTPOST_WAIT_MS: waitMs, GHOSTPOST_ATTEMPT_TIMEOUT_MS: attemptMs } = settings
  if (waitMs === 0 || attemptMs < waitMs) return []
  const message =
    'GHOSTPOST_ATTEMPT_TIMEOUT_MS is not shorter than GHOSTPOST_WAIT_MS: callers do not learn that an attempt ' +
    'timed out.'
  return [{ event: 'settings_conflict', message }]
}
