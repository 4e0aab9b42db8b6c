import { Type, type Static } from 'typebox'
import { alertDestinationTypes, alertKinds, alertPhases, alertStates } from '../alerts/alert-rule.ts'
import { joinWords } from '../text/join-words.ts'
import { AttemptView, DeliveryView } from './delivery.ts'
import { WaitReasonView } from './delivery-log.ts'
import { lineOfText } from './plain-text.ts'
import { defaultSiteId, WebhookTypeName } from './webhook.ts'

/** Alert rules: the conditions under which people are notified. `/api/alert-rules`. */

const time = Type.String({ description: 'ISO 8601, UTC.' })
const nullable = { time: Type.Union([time, Type.Null()]), text: Type.Union([Type.String(), Type.Null()]) }

/** The most rules of a site. A worker evaluates each of them every few seconds. */
export const alertRulesMax = 50
export const alertEmailsMax = 10

const name = lineOfText({
  minLength: 1,
  maxLength: 100,
  description: 'Display name, unique in its site. Shown first in the notification.',
})
const threshold = Type.Number({
  minimum: 0,
  maximum: 1_000_000,
  description:
    'The rule fires at this value. failure_rate: percent (20); dead_letters: deliveries (10); ' +
    'queue_age: fires above this many seconds (300); not_draining: growth of the backlog in deliveries ' +
    '(100).',
})
const windowSeconds = Type.Integer({
  minimum: 1,
  maximum: 86_400,
  description:
    'Time window in seconds, 60 to 86,400 (900); not_draining from 300. For failure_rate, dead_letters ' +
    'and not_draining.',
})
const minimumCount = Type.Integer({
  minimum: 1,
  maximum: 10_000,
  description: 'failure_rate: the rule has no value with fewer exports in the window (20).',
})
const destinationId = Type.String({ minLength: 1, maxLength: 64 })
const filter = Type.Object(
  { webhook_type: Type.Optional(WebhookTypeName), destination_id: Type.Optional(destinationId) },
  { additionalProperties: false, description: 'The deliveries that count; all of the site by default.' },
)
const alertTypes = joinWords(alertDestinationTypes, 'or')
const notify = Type.Object(
  {
    destination_id: Type.Optional(destinationId),
    email: Type.Optional(
      Type.Array(
        Type.String({
          pattern: "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63}){1,8}$",
          maxLength: 254,
        }),
        { maxItems: alertEmailsMax },
      ),
    ),
  },
  {
    additionalProperties: false,
    description: `Recipients: a saved destination of type ${alertTypes}, e-mail addresses, or both.`,
  },
)
const cooldownSeconds = Type.Integer({
  minimum: 0,
  maximum: 604_800,
  description:
    'Seconds after a notification that the rule fires in which it sends no further one; 1800 by default.',
})

export const AlertRuleBody = Type.Object(
  {
    siteId: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, default: defaultSiteId })),
    name,
    kind: Type.Enum([...alertKinds]),
    threshold: Type.Optional(threshold),
    window_seconds: Type.Optional(windowSeconds),
    minimum_count: Type.Optional(minimumCount),
    filter: Type.Optional(filter),
    notify,
    cooldown_seconds: Type.Optional(cooldownSeconds),
    enabled: Type.Optional(Type.Boolean({ default: true })),
  },
  { additionalProperties: false },
)

export const AlertRuleChanges = Type.Object(
  {
    name: Type.Optional(name),
    threshold: Type.Optional(threshold),
    window_seconds: Type.Optional(windowSeconds),
    minimum_count: Type.Optional(minimumCount),
    filter: Type.Optional(filter),
    notify: Type.Optional(notify),
    cooldown_seconds: Type.Optional(cooldownSeconds),
    enabled: Type.Optional(Type.Boolean({ description: 'Disabling a rule resets its state.' })),
  },
  { additionalProperties: false, minProperties: 1 },
)

export const alertProblems = [
  'nobody_is_told',
  'destination_paused',
  'destination_disabled',
  'email_not_configured',
  'watched_destination_gone',
  'notification_failed',
] as const

const nullableNumber = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

export const AlertEmailView = Type.Object({
  state: Type.Enum(['waiting', 'sent', 'failed']),
  error: Type.Union([Type.String(), Type.Null()], { description: 'Why the last attempt failed.' }),
})

export const AlertRuleView = Type.Object({
  id: Type.String(),
  siteId: Type.Integer(),
  name: Type.String(),
  kind: Type.Enum([...alertKinds]),
  enabled: Type.Boolean(),
  threshold: nullableNumber('Null if the kind has no threshold; so for all limits.'),
  window_seconds: Type.Union([Type.Integer(), Type.Null()]),
  minimum_count: Type.Union([Type.Integer(), Type.Null()]),
  filter: Type.Object({
    webhook_type: Type.Union([WebhookTypeName, Type.Null()]),
    destination_id: nullable.text,
  }),
  notify: Type.Object({ destination_id: nullable.text, email: Type.Array(Type.String()) }),
  cooldown_seconds: Type.Integer(),
  state: Type.Enum([...alertStates], {
    description: 'resolved: the rule fired before, and its condition is no longer true.',
  }),
  last_value: nullableNumber(
    'Result of the last evaluation; null before the first one, or if there was too little data.',
  ),
  evaluated_at: nullable.time,
  last_fired_at: Type.Union([time, Type.Null()], { description: 'When the rule last started to fire.' }),
  last_resolved_at: nullable.time,
  last_alert: Type.Union(
    [
      Type.Object({
        phase: Type.Enum([...alertPhases]),
        at: time,
        delivery_id: Type.Union([Type.String(), Type.Null()], {
          description: 'The delivery that carries the notification.',
        }),
        email: Type.Union([AlertEmailView, Type.Null()]),
      }),
      Type.Null(),
    ],
    { description: 'The last notification.' },
  ),
  problem: Type.Union([Type.Enum([...alertProblems]), Type.Null()], {
    description:
      'Why a notification of this rule would not arrive, why the last one did not, or why the rule never fires.',
  }),
  created_at: time,
  updated_at: time,
})

export const AlertRuleList = Type.Object({
  items: Type.Array(AlertRuleView, { description: 'Sorted by name.' }),
})

export const AlertTest = Type.Object({
  delivery: Type.Union([DeliveryView, Type.Null()], {
    description: 'Null if the rule names no destination.',
  }),
  attempt: Type.Union([AttemptView, Type.Null()], {
    description: 'Null if no attempt was made within the wait.',
  }),
  waits_for: Type.Union([WaitReasonView, Type.Null()], {
    description: 'Without an attempt of a delivery: what it waits for.',
  }),
  email: Type.Union([AlertEmailView, Type.Null()], {
    description: 'Null if the rule names no e-mail address.',
  }),
})

export const AlertRuleParams = Type.Object({ id: Type.String({ maxLength: 64 }) })

export const AlertRuleQuery = Type.Object({
  siteId: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,9}$', default: String(defaultSiteId) })),
})

export type AlertRuleBody = Static<typeof AlertRuleBody>
export type AlertRuleChanges = Static<typeof AlertRuleChanges>
export type AlertRuleView = Static<typeof AlertRuleView>
export type AlertEmailView = Static<typeof AlertEmailView>
export type AlertTest = Static<typeof AlertTest>
export type AlertProblem = (typeof alertProblems)[number]
