import { Type, type Static } from 'typebox'
import { deliveryStates } from '../deliver/delivery.ts'
import { responsiblePersons } from '../destinations/responsible.ts'
import { Wait } from './delivery-log.ts'
import { LastError, WebhookTypeName } from './webhook.ts'

/** `GET /api/deliveries/{id}`. */

const time = Type.String({ description: 'ISO 8601, UTC.' })
const nullable = { time: Type.Union([time, Type.Null()]), text: Type.Union([Type.String(), Type.Null()]) }

const phase = Type.Union([Type.Number({ minimum: 0 }), Type.Null()], {
  description: 'Milliseconds; null if the phase was skipped or not reached.',
})

export const AttemptTimings = Type.Object({
  reused_connection: Type.Boolean({ description: 'The attempt reused an open connection.' }),
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
      'What the receiver or the egress proxy did: answered, timed_out, connection_failed, proxy_failed …',
  }),
  decision: Type.Enum(['delivered', 'retry', 'give_up'], { description: 'What follows from the outcome.' }),
  outcome_unknown: Type.Boolean({
    description: 'The receiver may have processed the request, although it sent no response.',
  }),
  request_method: nullable.text,
  request_body: Type.Union([Type.String(), Type.Null()], {
    description: 'The body that was sent, if it differs from `payload`: CRM modes build their own requests.',
  }),
  request_headers: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()], {
    description: 'The headers that were sent; custom headers, tokens and signatures are masked.',
  }),
  timings: Type.Union([AttemptTimings, Type.Null()]),
  response_status: Type.Union([Type.Integer(), Type.Null()]),
  response_headers: Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()]),
  response_body: Type.Union([Type.String(), Type.Null()], { description: 'The first 16 KiB at most.' }),
  response_bytes: Type.Integer({ minimum: 0, description: 'Bytes read, at most 64 KiB.' }),
  response_end: Type.Union([Type.Enum(['complete', 'size', 'deadline', 'reset']), Type.Null()], {
    description: 'Why reading of the body ended.',
  }),
  response_fault: Type.Union([Type.String(), Type.Null()], {
    description:
      'What is wrong with a response that counts because its status line is readable, for example a folded ' +
      'header or a body that could not be decoded.',
  }),
  omitted_fields: Type.Array(
    Type.Object({
      field: Type.String({ description: 'The receiver’s name of the field.' }),
      code: Type.String({ description: 'The receiver’s error code.' }),
    }),
    { description: 'Fields that the attempt left out because the receiver refused their values.' },
  ),
  error: Type.Union([
    Type.Object({
      code: Type.String(),
      message: Type.String(),
      remedy: nullable.text,
      responsible: Type.Enum([...responsiblePersons], { description: 'Who can correct the cause.' }),
    }),
    Type.Null(),
  ]),
})

/** The next attempt, and the reason for its time. */
export const NextAttempt = Type.Object({
  at: time,
  number: Type.Integer({ minimum: 1, description: 'Number in the current series of attempts.' }),
  of: Type.Integer({ minimum: 1, description: 'Number of attempts in the retry schedule.' }),
  because: Type.Enum(['first', 'schedule', 'receiver_asked'], {
    description:
      'first: the first attempt of a series, due at once. schedule: the wait of the retry schedule. ' +
      'receiver_asked: the receiver asked for a longer wait (Retry-After).',
  }),
})

/** A record in a CRM. */
export const RecordView = Type.Object({
  type: Type.String({ description: 'The CRM’s name of the object.' }),
  id: Type.String(),
  link: Type.Union([Type.String(), Type.Null()], { description: 'The record’s page in the CRM.' }),
})

export const DeliveryView = Type.Object({
  delivery_id: Type.String(),
  status: Type.Enum([...deliveryStates]),
  ghost_vid: Type.String(),
  identified_user: Type.Union([Type.String(), Type.Null()], {
    description: 'The site’s own id of this visitor, such as an e-mail address; null if unknown.',
  }),
  siteId: Type.Integer(),
  webhook_type: WebhookTypeName,
  receiver: Type.String({
    description: 'Origin of the receiver, without path and query, which may be secret.',
  }),
  destination_id: Type.Union([Type.String(), Type.Null()], {
    description: 'The saved destination; null for an ad-hoc URL.',
  }),
  sample: Type.Boolean({ description: 'Whether this is a marked sample that tests a destination.' }),
  include_journey: Type.Boolean(),
  include_events: Type.Boolean(),
  created_at: time,
  delivered_at: nullable.time,
  next_attempt_at: nullable.time,
  next_attempt: Type.Union([NextAttempt, Type.Null()], {
    description: 'Null once the delivery is finished.',
  }),
  wait: Wait,
  last_error: Type.Union([LastError, Type.Null()]),
  payload: Type.Union([Type.String(), Type.Null()], {
    description:
      'The stored payload that every attempt sends; CRM modes build their own requests from it. Null ' +
      'before the first attempt, and after the retention of payloads.',
  }),
  failure: Type.Union([Type.String(), Type.Null()], {
    description: 'Fingerprint of the delivery’s failure group.',
  }),
  operation_id: nullable.text,
  made_from: Type.Union([Type.String(), Type.Null()], {
    description: 'The delivery that this one was copied from.',
  }),
  recovered_by: Type.Union([Type.String(), Type.Null()], {
    description: 'For a dead letter: the delivery made from it, or from a copy of it, that was delivered.',
  }),
  copies: Type.Array(
    Type.Object({ delivery_id: Type.String(), status: Type.Enum([...deliveryStates]), created_at: time }),
    { description: 'The deliveries that were made from this one, newest first, at most ten.' },
  ),
  alert_rule_id: Type.Union([Type.String(), Type.Null()], {
    description: 'The alert rule of a notification; null for an export.',
  }),
  record: Type.Union([RecordView, Type.Null()], {
    description: 'The record that the delivery wrote in a CRM; null for other destinations.',
  }),
  attempts: Type.Array(AttemptView, { description: 'Oldest first.' }),
})

export type DeliveryView = Static<typeof DeliveryView>
export type AttemptView = Static<typeof AttemptView>

export const DeliveryParams = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The delivery id.' }),
})
