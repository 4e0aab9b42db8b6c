import { fileVariableOf, settingDefinitions, type SettingDefinition } from '@ghostpost/infrastructure/config'

const settings = Object.entries(settingDefinitions)

/** The text of docs/configuration.md, generated from the settings' schema. */
export function configurationPage(): string {
  const rows = settings.map(([name, definition]) =>
    [`\`${name}\``, definition.description, kindOf(definition), defaultOf(definition)].join(' | '),
  )
  return `# Configuration

Every setting is an environment variable. This page is generated from the schema in
\`packages/infrastructure/src/config/settings-schema.ts\`; a test fails if they differ
(\`npm test -- document-settings -u\` generates the page again).

A process does not start with a missing or wrong setting, or with an unknown name that begins with \`GHOSTPOST_\`. The
error message names the setting. Logs never show secrets.

**Secrets from files.** Docker and Kubernetes mount secrets as files. To read a setting marked *secret* from a file, set
the variable with its path: ${secretVariables()}.
The file contains only the value; Ghostpost ignores one trailing line break. A process does not start if both a variable
and its \`_FILE\` are set, or if a file is missing, empty or unreadable. A process reads the files once, at start.

| setting | meaning | values | default |
| --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}
`
}

/** The text of .env.example, generated from the settings' schema. */
export function exampleEnvironment(): string {
  const entries = settings.map(([name, { description, default: value, secret }]) => {
    const line = value === undefined ? `${name}=` : `# ${name}=${value}`
    return [`# ${description}`, line, ...(secret ? [`# ${fileVariableOf(name)}=`] : [])].join('\n')
  })
  return `# Copy to .env. Settings with a default are commented out. Generated from the settings' schema.
# Instead of a secret, NAME_FILE may name a file that contains it.\n\n${entries.join('\n\n')}\n`
}

function secretVariables(): string {
  return settings
    .filter(([, { secret }]) => secret)
    .map(([name]) => `\`${fileVariableOf(name)}\``)
    .join(', ')
}

function kindOf(definition: SettingDefinition): string {
  if (definition.enum) return definition.enum.map((value) => `\`${value}\``).join(', ')
  if (definition.type === 'boolean') return '`true`, `false`'
  if (definition.type === 'integer') return `${definition.minimum} to ${definition.maximum}`
  return definition.secret ? 'text, secret' : 'text'
}

function defaultOf({ default: value }: SettingDefinition): string {
  if (value === undefined) return 'required'
  return value === '' ? 'empty' : `\`${value}\``
}
