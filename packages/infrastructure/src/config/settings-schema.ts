import { Type, type Static } from 'typebox'
import { alertSettings } from './alert-settings.ts'
import { concurrencySettings } from './concurrency-settings.ts'
import { queueSettings } from './queue-settings.ts'
import { receiverSettings } from './receiver-settings.ts'
import { signInSettings } from './sign-in-settings.ts'
import { telemetrySettings } from './telemetry-settings.ts'

const milliseconds = (description: string, defaultValue: number, minimum = 1, maximum = 86_400_000) =>
  Type.Integer({ description, default: defaultValue, minimum, maximum })

const days = (description: string, defaultValue: number) =>
  Type.Integer({ description, default: defaultValue, minimum: 1, maximum: 36_500 })

/**
 * All settings: the environment variable's name, type, bounds, default and meaning. The typed settings, `.env.example`,
 * docs/configuration.md and the start-up log line derive from this schema. `secret` values are never shown, and
 * `<NAME>_FILE` may name a file that contains them.
 */
export const SettingsSchema = Type.Object({
  DATABASE_URL: Type.String({
    description: 'URL of Postgres, which stores every delivery. It is the only store whose loss loses data.',
    pattern: '^postgres(ql)?://',
    secret: true,
  }),
  GHOSTPOST_READ_DATABASE_URL: Type.String({
    description:
      'URL of a streaming replica of that Postgres. The API reads lists, counts and exports from it ' +
      'while it keeps up. Empty: no replica.',
    default: '',
    pattern: '^$|^postgres(ql)?://',
    secret: true,
  }),
  GHOSTPOST_READ_LATE_MAX_MS: milliseconds(
    'With GHOSTPOST_READ_DATABASE_URL: the longest lag at which the API reads from the replica.',
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
    description: 'Base URL of the links in payloads.',
    default: 'https://analytics.ghostid.ai',
    pattern: '^https?://[^\\s]+[^/\\s]$',
  }),
  GHOSTPOST_HOLD: Type.Boolean({
    description:
      'Hold the installation: it accepts exports and sends nothing, neither deliveries nor e-mails. For a restored ' +
      'copy. Set it for all its processes.',
    default: false,
  }),
  GHOSTPOST_TRUST_PROXY: Type.Boolean({
    description:
      'Take the caller’s address from X-Forwarded-For. Use it only behind a proxy that sets this header.',
    default: false,
  }),
  GHOSTPOST_PROXY_HOPS: Type.Integer({
    description:
      'With GHOSTPOST_TRUST_PROXY: the number of proxies in front of the API. Ghostpost ignores ' +
      'entries that callers added to the header themselves.',
    default: 1,
    minimum: 1,
    maximum: 10,
  }),
  GHOSTPOST_TRUSTED_ORIGINS: Type.String({
    description:
      'Further origins whose pages may write with a signed-in browser, separated by spaces, for ' +
      'example `https://ops.example.com`.',
    default: '',
    pattern: '^$|^https?://[^\\s/]+( https?://[^\\s/]+)*$',
  }),
  GHOSTPOST_ALLOWED_HOSTS: Type.String({
    description:
      'Further host names that the API and the metrics may be called by, separated by spaces, for example ' +
      '`api.example.com`; `*` for any. Always allowed: the hosts of GHOSTPOST_PUBLIC_URL and ' +
      'GHOSTPOST_DASHBOARD_URL, IP addresses, `localhost`, and names without a dot.',
    default: '',
    pattern: '^$|^[^\\s/:]+( [^\\s/:]+)*$',
  }),
  GHOSTPOST_COOKIE_SECURE: Type.Boolean({
    description: 'Send the session cookie only over HTTPS. Browsers treat localhost as secure.',
    default: true,
  }),
  GHOSTPOST_SESSION_HOURS: Type.Integer({
    description: 'Lifetime of a session.',
    default: 720,
    minimum: 1,
    maximum: 8_760,
  }),
  GHOSTPOST_SIGN_IN_MAX: Type.Integer({
    description: 'Most sign-in attempts from one caller address in 15 minutes.',
    default: 20,
    minimum: 1,
    maximum: 1_000,
  }),
  ...signInSettings,
  GHOSTPOST_RATE_LIMIT_IP: Type.Integer({
    description:
      'Most calls per minute from one caller address (IPv6: one /64), over all API processes; 0 for no limit.',
    default: 12_000,
    minimum: 0,
    maximum: 10_000_000,
  }),
  GHOSTPOST_RATE_LIMIT_SESSION: Type.Integer({
    description: 'Most calls per minute of one session, over all API processes; 0 for no limit.',
    default: 6_000,
    minimum: 0,
    maximum: 10_000_000,
  }),
  GHOSTPOST_RATE_LIMIT_KEY: Type.Integer({
    description: 'Most calls per minute of one API key, over all API processes; 0 for no limit.',
    default: 6_000,
    minimum: 0,
    maximum: 10_000_000,
  }),
  GHOSTPOST_MAX_IN_FLIGHT: Type.Integer({
    description:
      'Most requests in flight in one API process; it refuses more with 503 `overloaded`. The users of one ' +
      'site get at most half of them. Callers without a session share a fifth as many of their own.',
    default: 2_000,
    minimum: 1,
    maximum: 100_000,
  }),
  GHOSTPOST_MAX_WAITING: Type.Integer({
    description:
      'Most callers that wait for an outcome in one API process; one site gets at most a fifth of them, ' +
      'and one receiver half of those. Further callers get 202 as soon as their delivery is stored.',
    default: 1_000,
    minimum: 0,
    maximum: 100_000,
  }),
  GHOSTPOST_MAX_LISTENERS: Type.Integer({
    description:
      'Most live listeners of one API process (GET /api/stream); one site gets at most a fifth of them, ' +
      'and one user half of those. Further callers get 503.',
    default: 2_000,
    minimum: 0,
    maximum: 1_000_000,
  }),
  GHOSTPOST_MAX_CONNECTIONS: Type.Integer({
    description:
      'Most open connections of one API process; it closes further ones at once. One caller address gets at ' +
      'most a fifth of them, or with GHOSTPOST_TRUST_PROXY nearly all.',
    default: 4_000,
    minimum: 1,
    maximum: 1_000_000,
  }),
  GHOSTPOST_MAX_LOOP_DELAY_MS: milliseconds(
    'Mean event loop delay at which an API process refuses requests with 503 `overloaded`; 0 for never.',
    500,
    0,
    60_000,
  ),
  GHOSTPOST_WAIT_MS: milliseconds(
    'How long POST /api/webhook waits for the first attempt, unless the request’s `Prefer` header says otherwise.',
    10_000,
    0,
    30_000,
  ),
  GHOSTPOST_LOOKUP_TIMEOUT_MS: milliseconds(
    'Deadline for the DNS look-up of a receiver’s host name, within GHOSTPOST_CONNECT_TIMEOUT_MS.',
    3_000,
    1,
    60_000,
  ),
  GHOSTPOST_CONNECT_TIMEOUT_MS: milliseconds(
    'Deadline for name resolution, connection and TLS to a receiver.',
    5_000,
    1,
    60_000,
  ),
  GHOSTPOST_ANSWER_TIMEOUT_MS: milliseconds(
    'Deadline for the headers of a receiver’s response.',
    8_000,
    1,
    60_000,
  ),
  GHOSTPOST_BODY_TIMEOUT_MS: milliseconds(
    'Deadline for the body of a response after its headers. What arrived until then counts.',
    2_000,
    1,
    60_000,
  ),
  GHOSTPOST_ATTEMPT_TIMEOUT_MS: milliseconds(
    'Deadline for a whole attempt, including the response body. Shorter than GHOSTPOST_WAIT_MS, so that a ' +
      'waiting caller gets the outcome of an attempt that times out.',
    9_000,
    1,
    60_000,
  ),
  GHOSTPOST_CLAIM_MS: milliseconds(
    'Lifetime of a worker’s claim of a delivery. At least 1 s more than an attempt may take, otherwise ' +
      'two workers could send the same delivery at once.',
    30_000,
    100,
    600_000,
  ),
  GHOSTPOST_SWEEP_INTERVAL_MS: milliseconds(
    'How often the sweeper looks for deliveries that the queue lost.',
    5_000,
    50,
    600_000,
  ),
  GHOSTPOST_SWEEP_AFTER_MS: milliseconds(
    'How long after its due time the sweeper treats a delivery as lost and enqueues it again.',
    15_000,
    50,
    3_600_000,
  ),
  GHOSTPOST_KEEP_BODIES_DAYS: days('Retention of a finished delivery’s payload and responses, in days.', 30),
  GHOSTPOST_KEEP_DELIVERIES_DAYS: days(
    'Retention of finished deliveries, and of finished operations with their ledgers, in days.',
    90,
  ),
  GHOSTPOST_KEEP_AUDIT_DAYS: days('Retention of audit log entries, in days.', 365),
  GHOSTPOST_DRAIN_MS: milliseconds(
    'How long an API process still serves after SIGTERM, with /readyz at `stopping`, so that load ' +
      'balancers stop sending requests first. Set it longer than they take to notice; 0 without a load ' +
      'balancer.',
    5_000,
    0,
    600_000,
  ),
  GHOSTPOST_STOP_TIMEOUT_MS: milliseconds(
    'How long a stopping process waits for its running work.',
    15_000,
    100,
    600_000,
  ),
  GHOSTPOST_LOCK_MS: milliseconds(
    'How long the queue waits for a silent worker before another worker takes over its job.',
    30_000,
    200,
    600_000,
  ),
  ...concurrencySettings,
  GHOSTPOST_DATABASE_POOL: Type.Integer({
    description: 'Most database connections of one process.',
    default: 10,
    minimum: 2,
    maximum: 200,
  }),
  GHOSTPOST_RETRY_SCHEDULE: Type.String({
    description:
      'The waits before attempts 1, 2, 3 …; a delivery gets as many attempts as there are waits. Units: ms, s, m, h.',
    default: '0s 5s 5m 30m 2h 5h 10h 14h 20h 24h',
    pattern: '^\\d+(ms|s|m|h)( \\d+(ms|s|m|h)){0,49}$',
  }),
  GHOSTPOST_REPEAT_UNKNOWN_OUTCOMES: Type.Boolean({
    description:
      'Repeat requests with an unknown outcome also for destination types whose receivers would show a ' +
      'repeat twice. Requests to all other types are always repeated.',
    default: false,
  }),
  ...receiverSettings,
  GHOSTPOST_RAW_QUEUES: Type.Boolean({
    description: 'Show the raw queues at /ops/raw (bull-board, read-only) to admins of every site.',
    default: false,
  }),
  ...alertSettings,
  ...telemetrySettings,
  GHOSTPOST_LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
    description: 'The lowest level of log lines to write.',
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
