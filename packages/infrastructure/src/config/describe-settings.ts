import type { Settings } from './load-settings.ts'
import { settingDefinitions, type SettingName } from './settings-schema.ts'

/** The settings for the start-up log line, with secrets masked. */
export function describeSettings(settings: Settings): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settingDefinitions).map(([name, { secret }]) => [
      name,
      secret ? '***' : settings[name as SettingName],
    ]),
  )
}
