import { parseAllowedAddresses, type AllowedAddress } from '@ghostpost/delivery/receivers'
import { Value } from 'typebox/value'
import { nearestName } from './nearest-name.ts'
import { parseDurationsMs } from './parse-durations.ts'
import { parseShards } from './parse-shards.ts'
import { isRedisUrl, parseRedisUrl } from './redis-url.ts'
import { readOidcSettings, type OidcSettings } from './read-oidc-settings.ts'
import { readSecretFile } from './read-secret-file.ts'
import {
  settingDefinitions,
  SettingsSchema,
  type RawSettings,
  type SettingDefinition,
  type SettingName,
} from './settings-schema.ts'
import { fileVariableOf, fileVariables } from './file-variables.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The settings: read once at start, typed and frozen. Only this folder reads the environment. */
export interface Settings extends Readonly<RawSettings> {
  readonly retryScheduleMs: readonly number[]
  readonly allowedAddresses: readonly AllowedAddress[]
  /** Null: connect to receivers directly. */
  readonly egressProxy: URL | null
  /** The shards a worker takes deliveries from, in ascending order. */
  readonly workerShards: readonly number[]
  /** URL of the dashboard, without a trailing slash. */
  readonly dashboardUrl: string
  /** Mail server and sender; null if no mail server is set. */
  readonly mail: { url: string; from: string } | null
  /** Single sign-on; null if no issuer is set. */
  readonly oidc: OidcSettings | null
}

/** Settings are missing or wrong. `message` has one sentence per problem and never contains a value. */
export class SettingsError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`Cannot start: ${problems.join(' ')}`)
    this.name = 'SettingsError'
    this.problems = problems
  }
}

/** Only our settings have this prefix, so an unknown name with it is a mistake. */
const ownPrefix = 'GHOSTPOST_'
const claimMarginMs = 1_000
const proxyUrlProblem =
  'GHOSTPOST_EGRESS_PROXY is wrong; expected http:// or https://, user:password@ (both ' +
  'percent-encoded) if the proxy requires them, host and port, and no path.'
const queueUrlProblem =
  'QUEUE_URL is wrong; expected one or more host:port, separated by commas, user:password@ before them ' +
  '(percent-encoded) if Redis requires them, and for Sentinels / and the master’s name after them.'
const shardsProblem = 'GHOSTPOST_QUEUE_SHARDS must be 1 for a queue on Postgres.'
const sealProblem = 'GHOSTPOST_SEAL_URLS requires a key: set GHOSTPOST_SECRET_KEYS.'
const workerShardsProblem =
  'GHOSTPOST_WORKER_SHARDS is wrong; expected numbers up to 63 and ascending ranges, for example `0-3 7`.'

/**
 * Reads the settings from environment variables, and secrets also from the files that `<NAME>_FILE` variables name.
 * @throws SettingsError with all problems
 */
export function loadSettings(env: Environment): Settings {
  const problems = unknownNameProblems(env)
  const raw: Record<string, unknown> = {}
  for (const [name, definition] of Object.entries(settingDefinitions)) {
    const setting = readSettingText(name, definition, env)
    if ('problem' in setting) {
      problems.push(setting.problem)
      continue
    }
    const value = parseValue(setting.text, definition)
    if (value === undefined) problems.push(`${name} is missing: ${definition.description}`)
    else if (Value.Check(SettingsSchema.properties[name as SettingName], value)) raw[name] = value
    else problems.push(`${setting.from} is wrong; expected ${describeExpected(definition)}.`)
  }
  if (problems.length > 0) throw new SettingsError(problems)
  return deriveSettings(raw as RawSettings)
}

type SettingText = { text: string | undefined; from: string } | { problem: string }

/** A setting's text, from its variable or from the file that `<NAME>_FILE` names. An empty variable counts as unset. */
function readSettingText(name: string, { secret }: SettingDefinition, env: Environment): SettingText {
  const text = env[name]
  const fileVariable = fileVariableOf(name)
  const path = secret === true ? env[fileVariable] : undefined
  if (path === undefined || path === '') return { text, from: name }
  if (text !== undefined && text !== '') {
    return { problem: `${name} and ${fileVariable} are both set; keep one of them.` }
  }
  const file = readSecretFile(path)
  if ('problem' in file) return { problem: `${fileVariable} ${file.problem}.` }
  return { text: file.text, from: `The file of ${fileVariable}` }
}

function unknownNameProblems(env: Environment): string[] {
  const known = [...Object.keys(settingDefinitions), ...fileVariables]
  return Object.keys(env)
    .filter((name) => name.startsWith(ownPrefix) && !known.includes(name))
    .map((name) => {
      const suggestion = nearestName(name, known)
      return suggestion
        ? `${name} is not a setting; did you mean ${suggestion}?`
        : `${name} is not a setting.`
    })
}

function parseValue(text: string | undefined, { default: fallback, type }: SettingDefinition): unknown {
  if (text === undefined || text === '') return fallback
  if (type === 'integer') return /^\d{1,15}$/.test(text) ? Number(text) : text
  if (type === 'boolean') return text === 'true' || (text === 'false' ? false : text)
  return text
}

function describeExpected(definition: SettingDefinition): string {
  if (definition.enum) return `one of ${definition.enum.join(', ')}`
  if (definition.type === 'boolean') return 'true or false'
  if (definition.type === 'integer')
    return `a whole number from ${definition.minimum} to ${definition.maximum}`
  return `text of the form ${definition.pattern}`
}

function deriveSettings(raw: RawSettings): Settings {
  const allowed = parseAllowedAddresses(raw.GHOSTPOST_ALLOWED_ADDRESSES)
  const problems: string[] = []
  if (!allowed.ok) problems.push(`GHOSTPOST_ALLOWED_ADDRESSES is wrong: ${allowed.problem}`)
  if (raw.GHOSTPOST_CLAIM_MS < raw.GHOSTPOST_ATTEMPT_TIMEOUT_MS + claimMarginMs) {
    problems.push(
      `GHOSTPOST_CLAIM_MS must be at least ${claimMarginMs} more than GHOSTPOST_ATTEMPT_TIMEOUT_MS.`,
    )
  }
  const proxy = raw.GHOSTPOST_EGRESS_PROXY
  if (proxy !== '' && !isProxyUrl(proxy)) problems.push(proxyUrlProblem)
  if (isRedisUrl(raw.QUEUE_URL) && parseRedisUrl(raw.QUEUE_URL) === null) problems.push(queueUrlProblem)
  if (raw.GHOSTPOST_QUEUE_SHARDS > 1 && !isRedisUrl(raw.QUEUE_URL)) problems.push(shardsProblem)
  const workerShards = parseShards(raw.GHOSTPOST_WORKER_SHARDS, raw.GHOSTPOST_QUEUE_SHARDS)
  if (workerShards === null) problems.push(workerShardsProblem)
  problems.push(...mailProblems(raw))
  const oidc = readOidcSettings(raw)
  problems.push(...oidc.problems)
  if (raw.GHOSTPOST_SEAL_URLS && raw.GHOSTPOST_SECRET_KEYS === '') problems.push(sealProblem)
  if (!allowed.ok || workerShards === null || problems.length > 0) throw new SettingsError(problems)
  return Object.freeze({
    ...raw,
    retryScheduleMs: parseDurationsMs(raw.GHOSTPOST_RETRY_SCHEDULE),
    allowedAddresses: allowed.addresses,
    egressProxy: proxy === '' ? null : new URL(proxy),
    workerShards,
    dashboardUrl: dashboardUrlOf(raw),
    mail: mailOf(raw),
    oidc: oidc.settings,
  })
}

function mailOf({ GHOSTPOST_SMTP_URL: url, GHOSTPOST_SMTP_FROM: from }: RawSettings): Settings['mail'] {
  return url === '' ? null : { url, from }
}

function mailProblems({ GHOSTPOST_SMTP_URL: url, GHOSTPOST_SMTP_FROM: from }: RawSettings): string[] {
  if (url === '') return []
  return [
    ...(URL.canParse(url) ? [] : ['GHOSTPOST_SMTP_URL is wrong; percent-encode the user and the password.']),
    ...(from === '' ? ['GHOSTPOST_SMTP_FROM is missing: GHOSTPOST_SMTP_URL requires a sender.'] : []),
  ]
}

/** Listening addresses that mean all addresses of the machine. A link cannot use them. */
const unspecifiedAddresses: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

function dashboardUrlOf(raw: RawSettings): string {
  if (raw.GHOSTPOST_DASHBOARD_URL !== '') return raw.GHOSTPOST_DASHBOARD_URL
  const host = unspecifiedAddresses.has(raw.GHOSTPOST_HOST) ? '127.0.0.1' : raw.GHOSTPOST_HOST
  return `http://${host.includes(':') ? `[${host}]` : host}:${raw.GHOSTPOST_PORT}/ops`
}

/** Whether the text is the URL of a proxy without path, with credentials that can be decoded (`p%zz` cannot). */
function isProxyUrl(text: string): boolean {
  if (!/^https?:\/\/[^\s/?#]+\/?$/.test(text) || !URL.canParse(text)) return false
  const { username, password } = new URL(text)
  try {
    decodeURIComponent(password)
    // RFC 7617 §2: the first colon ends the user name.
    return !decodeURIComponent(username).includes(':')
  } catch {
    return false
  }
}
