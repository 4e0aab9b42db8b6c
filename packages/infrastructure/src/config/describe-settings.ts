import type { Settings } from './load-settings.ts'
import { settingDefinitions, type SettingName } from './settings-schema.ts'

/** The settings as they may be shown: secrets are masked. For the log line at start. */
export function describeSettings(settings: Settings): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settingDefinitions).map(([name, { secret }]) => [
      name,
      secret ? '***' : settings[name as SettingName],
    ]),
  )
}
