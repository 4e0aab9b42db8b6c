import { fileVariableOf, settingDefinitions, type SettingDefinition } from '@ghostpost/infrastructure/config'

const settings = Object.entries(settingDefinitions)

/** docs/configuration.md, made from the settings' schema. */
export function configurationPage(): string {
  const rows = settings.map(([name, definition]) =>
    [`\`${name}\``, definition.description, kindOf(definition), defaultOf(definition)].join(' | '),
  )
  return `# Configuration

Every setting is an environment variable. This page is made from the schema in
\`packages/infrastructure/src/config/settings-schema.ts\`; a test fails when they differ
(\`npm test -- document-settings -u\` writes it again).

A setting that is missing or wrong, and a misspelt one that begins with \`GHOSTPOST_\`, stops the start with a sentence
that names it. Secrets are never shown in logs.

**Secrets from files.** Each setting marked *secret* can be read from a file instead, as Docker and Kubernetes mount them:
${secretVariables()}.
The file holds the value and nothing else; one line end after it is taken off. A variable and its \`_FILE\` both set, or a
file that is missing, empty or cannot be read, stops the start. Files are read once, at the start.

| setting | meaning | values | default |
| --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}
`
}

/** .env.example, made from the settings' schema. */
export function exampleEnvironment(): string {
  const entries = settings.map(([name, { description, default: value, secret }]) => {
    const line = value === undefined ? `${name}=` : `# ${name}=${value}`
    return [`# ${description}`, line, ...(secret ? [`# ${fileVariableOf(name)}=`] : [])].join('\n')
  })
  return `# Copy to .env. What has a default is commented out. Made from the settings' schema.
# Instead of a secret itself, NAME_FILE may name a file that holds it.\n\n${entries.join('\n\n')}\n`
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
