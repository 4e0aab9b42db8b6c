export { describeSettings } from './describe-settings.ts'
export { SettingsError, loadSettings, type Settings } from './load-settings.ts'
export { settingsWarnings } from './settings-warnings.ts'
export {
  fileVariableOf,
  fileVariables,
  settingDefinitions,
  type SettingDefinition,
} from './settings-schema.ts'
