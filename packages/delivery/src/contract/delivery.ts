import { Type, type Static } from 'typebox'
import { deliveryStates } from '../deliver/delivery.ts'
import { LastError, WebhookTypeName } from './webhook.ts'

/** `GET /api/deliveries/{id}`. */

const time = Type.String({ description: 'ISO 8601, UTC.' })
const nullable = { time: Type.Union([time, Type.Null()]), text: Type.Union([Type.String(), Type.Null()]) }

const phase = Type.Union([Type.Number({ minimum: 0 }), Type.Null()], {
  description: 'Milliseconds; null when it did not happen, or was not reached.',
})

export const AttemptTimings = Type.Object({
  reused_connection: Type.Boolean({ description: 'There was nothing to look up or to connect.' }),
  dns_ms: phase,
  connect_ms: phase,
  tls_ms: phase,
  first_byte_ms: phase,
  total_ms: Type.Number({ minimum: 0 }),
})

export const AttemptView = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  started_at: time,
  duration_ms: Type.Integer({ minimum: 0 }),
  outcome: Type.String({
    description:
      'What the receiver, or the egress proxy before it, did: answered, timed_out, connection_failed, proxy_failed …',
  }),
  decision: Type.Enum(['delivered', 'retry', 'give_up'], { description: 'What it means.' }),
  outcome_unknown: Type.Boolean({ description: 'The receiver may have acted although no answer says so.' }),
  request_method: nullable.text,
  request_body: Type.Union([Type.String(), Type.Null()], {
    description: 'What was sent, where that is not the `payload`: a CRM mode makes a request of its own.',
  }),
  request_headers: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()], {
    description: 'As sent; custom headers, tokens and signatures are masked.',
  }),
  timings: Type.Union([AttemptTimings, Type.Null()]),
  response_status: Type.Union([Type.Integer(), Type.Null()]),
  response_headers: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()]),
  response_body: Type.Union([Type.String(), Type.Null()], { description: 'At most the first 16 KiB.' }),
  response_bytes: Type.Integer({ minimum: 0, description: 'Bytes read; reading stops at 64 KiB.' }),
  response_end: Type.Union([Type.Enum(['complete', 'size', 'deadline', 'reset']), Type.Null()], {
    description: 'Why the body ends where it does.',
  }),
  error: Type.Union([
    Type.Object({ code: Type.String(), message: Type.String(), remedy: nullable.text }),
    Type.Null(),
  ]),
})

/** The attempt that is due next, and why then. */
export const NextAttempt = Type.Object({
  at: time,
  number: Type.Integer({ minimum: 1, description: 'In this series of attempts.' }),
  of: Type.Integer({ minimum: 1, description: 'As many attempts the retry schedule has.' }),
  because: Type.Enum(['first', 'schedule', 'receiver_asked'], {
    description:
      'first: of a new series, due at once. schedule: the wait the retry schedule has here. receiver_asked: the receiver asked for more (Retry-After).',
  }),
})

export const DeliveryView = Type.Object({
  delivery_id: Type.String(),
  status: Type.Enum([...deliveryStates]),
  ghost_vid: Type.String(),
  identified_user: Type.Union([Type.String(), Type.Null()], {
    description: 'What the site calls this visitor, as an e-mail address; null when it does not know.',
  }),
  siteId: Type.Integer(),
  webhook_type: WebhookTypeName,
  receiver: Type.String({
    description: 'Origin of the receiver; its path and query are secrets and stay out.',
  }),
  destination_id: Type.Union([Type.String(), Type.Null()], {
    description: 'The saved destination, if it was one.',
  }),
  sample: Type.Boolean({ description: 'A marked sample, sent to test a destination.' }),
  include_journey: Type.Boolean(),
  include_events: Type.Boolean(),
  created_at: time,
  delivered_at: nullable.time,
  next_attempt_at: nullable.time,
  next_attempt: Type.Union([NextAttempt, Type.Null()], { description: 'Null once it is finished.' }),
  last_error: Type.Union([LastError, Type.Null()]),
  payload: Type.Union([Type.String(), Type.Null()], {
    description:
      'The bytes that every attempt sends, as they were built; a CRM mode wraps them into its own request. Null before the first build, and once they are no longer kept.',
  }),
  failure: Type.Union([Type.String(), Type.Null()], { description: 'Fingerprint of its failure group.' }),
  operation_id: nullable.text,
  made_from: Type.Union([Type.String(), Type.Null()], { description: 'The delivery it was made from.' }),
  alert_rule_id: Type.Union([Type.String(), Type.Null()], {
    description: 'The alert rule it tells of; null for what exports a visitor.',
  }),
  attempts: Type.Array(AttemptView, { description: 'Oldest first.' }),
})

export type DeliveryView = Static<typeof DeliveryView>
export type AttemptView = Static<typeof AttemptView>

export const DeliveryParams = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The delivery id.' }),
})
