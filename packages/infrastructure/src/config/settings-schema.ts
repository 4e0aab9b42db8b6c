import { joinWords, typesWith } from '@ghostpost/delivery/destinations'
import { Type, type Static } from 'typebox'
import { alertSettings } from './alert-settings.ts'
import { queueSettings } from './queue-settings.ts'
import { receiverSettings } from './receiver-settings.ts'
import { telemetrySettings } from './telemetry-settings.ts'

const milliseconds = (description: string, defaultValue: number, minimum = 1, maximum = 86_400_000) =>
  Type.Integer({ description, default: defaultValue, minimum, maximum })

const days = (description: string, defaultValue: number) =>
  Type.Integer({ description, default: defaultValue, minimum: 1, maximum: 36_500 })

function repeatDescription(): string {
  const shown = joinWords(
    typesWith(({ repeatable }) => !repeatable),
    'and',
  )
  const absorbed = joinWords(
    typesWith(({ repeatable }) => repeatable),
    'and',
  )
  return [
    `Repeat a request whose outcome is unknown even to ${shown}, which would show a repeat twice.`,
    `Requests to ${absorbed} are always repeated.`,
  ].join(' ')
}

/**
 * Every setting there is: the environment variable's name, its type and bounds, default and meaning. Typed settings,
 * `.env.example`, docs/configuration.md and the start-up log line all come from here. `secret` values are never shown, and
 * may stand in a file that `<NAME>_FILE` names.
 */
export const SettingsSchema = Type.Object({
  DATABASE_URL: Type.String({
    description: 'Postgres, where every delivery is kept. The only store whose loss loses anything.',
    pattern: '^postgres(ql)?://',
    secret: true,
  }),
  GHOSTPOST_READ_DATABASE_URL: Type.String({
    description:
      'A streaming replica of that Postgres, which lists, counts and exports are read from while it keeps up. Empty: none.',
    default: '',
    pattern: '^$|^postgres(ql)?://',
    secret: true,
  }),
  GHOSTPOST_READ_LATE_MAX_MS: milliseconds(
    'With GHOSTPOST_READ_DATABASE_URL: how late a list may be. A replica that is further behind is not read.',
    2_000,
    100,
    60_000,
  ),
  ...queueSettings,
  GHOSTPOST_HOST: Type.String({ description: 'Address the API listens on.', default: '127.0.0.1' }),
  GHOSTPOST_PORT: Type.Integer({
    description: 'Port the API listens on.',
    default: 4080,
    minimum: 0,
    maximum: 65_535,
  }),
  GHOSTPOST_PUBLIC_URL: Type.String({
    description: 'Base of the links in payloads.',
    default: 'https://analytics.ghostid.ai',
    pattern: '^https?://[^\\s]+[^/\\s]$',
  }),
  GHOSTPOST_TRUST_PROXY: Type.Boolean({
    description: 'Take the caller’s address from X-Forwarded-For. Only behind a proxy that sets it.',
    default: false,
  }),
  GHOSTPOST_PROXY_HOPS: Type.Integer({
    description:
      'With GHOSTPOST_TRUST_PROXY: how many proxies stand before the API. What callers themselves wrote there is not believed.',
    default: 1,
    minimum: 1,
    maximum: 10,
  }),
  GHOSTPOST_TRUSTED_ORIGINS: Type.String({
    description:
      'Origins beside the API’s own whose pages may write with a signed-in browser, separated by spaces, as in `https://ops.example.com`.',
    default: '',
    pattern: '^$|^https?://[^\\s/]+( https?://[^\\s/]+)*$',
  }),
  GHOSTPOST_COOKIE_SECURE: Type.Boolean({
    description: 'Send the session cookie over HTTPS only. Browsers treat localhost as secure.',
    default: true,
  }),
  GHOSTPOST_SESSION_HOURS: Type.Integer({
    description: 'How long a sign-in lasts.',
    default: 720,
    minimum: 1,
    maximum: 8_760,
  }),
  GHOSTPOST_SIGN_IN_MAX: Type.Integer({
    description: 'Sign-in tries from one caller address in 15 minutes.',
    default: 20,
    minimum: 1,
    maximum: 1_000,
  }),
  GHOSTPOST_RATE_LIMIT_IP: Type.Integer({
    description:
      'Calls a minute from one caller address (IPv6: one /64), over all API processes; 0 for no limit.',
    default: 12_000,
    minimum: 0,
    maximum: 10_000_000,
  }),
  GHOSTPOST_RATE_LIMIT_SESSION: Type.Integer({
    description: 'Calls a minute of one session, over all API processes; 0 for no limit.',
    default: 6_000,
    minimum: 0,
    maximum: 10_000_000,
  }),
  GHOSTPOST_MAX_IN_FLIGHT: Type.Integer({
    description: 'Requests one API process has under way at once; more are refused with 503 `overloaded`.',
    default: 1_000,
    minimum: 1,
    maximum: 100_000,
  }),
  GHOSTPOST_MAX_WAITING: Type.Integer({
    description:
      'Callers of one API process that wait for an outcome at once, those of one receiver half of them at most; more are answered 202 as soon as their delivery is stored.',
    default: 500,
    minimum: 0,
    maximum: 100_000,
  }),
  GHOSTPOST_MAX_LISTENERS: Type.Integer({
    description: 'Callers of one API process that look on live at once (GET /api/stream); more are told 503.',
    default: 2_000,
    minimum: 0,
    maximum: 1_000_000,
  }),
  GHOSTPOST_MAX_CONNECTIONS: Type.Integer({
    description: 'Connections one API process keeps open; more are closed at once.',
    default: 4_000,
    minimum: 1,
    maximum: 1_000_000,
  }),
  GHOSTPOST_MAX_LOOP_DELAY_MS: milliseconds(
    'Mean lag of the event loop from which an API process refuses requests with 503 `overloaded`; 0 for never.',
    500,
    0,
    60_000,
  ),
  GHOSTPOST_WAIT_MS: milliseconds(
    'How long POST /api/webhook waits for the first attempt, unless `Prefer` says otherwise.',
    10_000,
    0,
    30_000,
  ),
  GHOSTPOST_CONNECT_TIMEOUT_MS: milliseconds(
    'Deadline for name lookup, connection and TLS to a receiver.',
    5_000,
    1,
    60_000,
  ),
  GHOSTPOST_ANSWER_TIMEOUT_MS: milliseconds(
    'Deadline for the head of a receiver’s answer.',
    10_000,
    1,
    60_000,
  ),
  GHOSTPOST_ATTEMPT_TIMEOUT_MS: milliseconds(
    'Deadline for a whole attempt, body included.',
    10_000,
    1,
    60_000,
  ),
  GHOSTPOST_CLAIM_MS: milliseconds(
    'How long a worker holds a delivery. At least 1 s more than an attempt may take, or two workers might send at once.',
    30_000,
    100,
    600_000,
  ),
  GHOSTPOST_SWEEP_INTERVAL_MS: milliseconds(
    'How often the sweeper looks for deliveries the queue lost.',
    5_000,
    50,
    600_000,
  ),
  GHOSTPOST_SWEEP_AFTER_MS: milliseconds(
    'How long after a delivery is due the sweeper calls it lost.',
    15_000,
    50,
    3_600_000,
  ),
  GHOSTPOST_KEEP_BODIES_DAYS: days(
    'Days a finished delivery’s payload and its receivers’ answers are kept.',
    30,
  ),
  GHOSTPOST_KEEP_DELIVERIES_DAYS: days(
    'Days a finished delivery is kept, and a finished operation with its ledger.',
    90,
  ),
  GHOSTPOST_KEEP_AUDIT_DAYS: days('Days an entry of the audit log is kept.', 365),
  GHOSTPOST_DRAIN_MS: milliseconds(
    'How long an API asked to stop (SIGTERM) still serves, with /readyz saying `stopping`, so that load balancers stop sending first. Longer than theirs take to notice; 0 without one.',
    5_000,
    0,
    600_000,
  ),
  GHOSTPOST_STOP_TIMEOUT_MS: milliseconds(
    'How long a stopping process waits for what it is doing.',
    15_000,
    100,
    600_000,
  ),
  GHOSTPOST_LOCK_MS: milliseconds(
    'How long the queue waits for a silent worker before another takes over its job.',
    30_000,
    200,
    600_000,
  ),
  GHOSTPOST_WORKER_CONCURRENCY: Type.Integer({
    description: 'Attempts one worker makes at once, in each lane.',
    default: 50,
    minimum: 1,
    maximum: 1_000,
  }),
  GHOSTPOST_RECEIVER_CONCURRENCY: Type.Integer({
    description:
      'Most requests at once to one receiver, from all workers together; a saved destination may have its own.',
    default: 100,
    minimum: 1,
    maximum: 1_000,
  }),
  GHOSTPOST_BREAKER_FAILURES: Type.Integer({
    description:
      'Failures in a row after which a receiver is left alone for a while, its deliveries waiting; 0 for never.',
    default: 5,
    minimum: 0,
    maximum: 1_000,
  }),
  GHOSTPOST_DATABASE_POOL: Type.Integer({
    description: 'Database connections of one process.',
    default: 10,
    minimum: 2,
    maximum: 200,
  }),
  GHOSTPOST_RETRY_SCHEDULE: Type.String({
    description:
      'The wait before attempt 1, 2, 3 …; its length is the most attempts a delivery gets. Units: ms, s, m, h.',
    default: '0s 5s 5m 30m 2h 5h 10h 14h 20h 24h',
    pattern: '^\\d+(ms|s|m|h)( \\d+(ms|s|m|h)){0,49}$',
  }),
  GHOSTPOST_REPEAT_UNKNOWN_OUTCOMES: Type.Boolean({
    description: repeatDescription(),
    default: false,
  }),
  ...receiverSettings,
  GHOSTPOST_RAW_QUEUES: Type.Boolean({
    description:
      'Show the queues as they are in their store at /ops/raw (bull-board, read-only), to admins of every site.',
    default: false,
  }),
  ...alertSettings,
  ...telemetrySettings,
  GHOSTPOST_LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
    description: 'The least important log lines to write.',
    default: 'info',
  }),
})

export type RawSettings = Static<typeof SettingsSchema>
export type SettingName = keyof RawSettings

/** One entry of the schema, as plain data. */
export interface SettingDefinition {
  description: string
  type?: 'string' | 'integer' | 'boolean'
  enum?: readonly string[]
  default?: string | number | boolean
  minimum?: number
  maximum?: number
  pattern?: string
  secret?: boolean
}

export const settingDefinitions = SettingsSchema.properties as unknown as Readonly<
  Record<SettingName, SettingDefinition>
>

/** The variable that names a file with the secret in it, for a setting that is one. */
export function fileVariableOf(name: string): string {
  return `${name}_FILE`
}

/** All of those: one for each secret. */
export const fileVariables: readonly string[] = Object.entries(settingDefinitions)
  .filter(([, { secret }]) => secret)
  .map(([name]) => fileVariableOf(name))
