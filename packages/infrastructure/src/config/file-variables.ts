import { settingDefinitions } from './settings-schema.ts'

/** The name of the variable that names a secret setting's file. */
export function fileVariableOf(name: string): string {
  return `${name}_FILE`
}

/** The file variables of all secret settings. */
export const fileVariables: readonly string[] = Object.entries(settingDefinitions)
  .filter(([, { secret }]) => secret)
  .map(([name]) => fileVariableOf(name))
