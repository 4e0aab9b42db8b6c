import { Type, type Static } from 'typebox'
import { credentialKinds } from '../destinations/credentials.ts'
import { fieldPolicies } from '../destinations/destination-options.ts'
import { destinationStates } from '../destinations/saved-destination.ts'
import { receiverUrlLengthMax } from '../receivers/receiver-url.ts'
import { CredentialsBody } from './credentials.ts'
import { mapping, mappingOrNull } from './mapping.ts'
import { AttemptView, DeliveryView } from './delivery.ts'
import { WaitReasonView } from './delivery-log.ts'
import { lineOfText, plainText } from './plain-text.ts'
import { defaultSiteId, WebhookTypeName } from './webhook.ts'

/** Saved destinations: `/api/destinations`. URLs, headers, credentials and secrets are write-only. */

const name = lineOfText({
  minLength: 1,
  maxLength: 100,
  description: 'Display name, unique in its site.',
})
const webhookUrl = Type.String({ minLength: 1, maxLength: receiverUrlLengthMax, description: 'Write-only.' })
const headers = Type.Record(Type.String(), Type.String(), { description: 'Custom headers; write-only.' })
const retrySchedule = Type.String({
  pattern: '^\\d{1,6}(ms|s|m|h)( \\d{1,6}(ms|s|m|h)){0,49}$',
  description: 'The waits before attempts 1, 2, 3 …, for example `0s 5s 5m`.',
})
const concurrency = Type.Integer({
  minimum: 1,
  maximum: 1_000,
  description: 'Most concurrent requests, from all workers together; the installation’s limit by default.',
})
const rateLimit = Type.Object(
  {
    requests: Type.Integer({ minimum: 1, maximum: 100_000 }),
    per_seconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
  },
  {
    additionalProperties: false,
    description: 'Most requests in any period of this length, evenly spaced.',
  },
)
/** Null removes the credentials; the destination sends the documented plain body again. */
const credentialsOrNull = Type.Unsafe<CredentialsBody | null>({
  ...CredentialsBody,
  type: ['object', 'null'],
})
const options = Type.Object(
  {
    fields: Type.Optional(
      Type.Record(Type.String({ maxLength: 64 }), Type.Enum([...fieldPolicies]), {
        description:
          'When each field is written, by the CRM’s name of the field. always: with every export. create: when the ' +
          'record is created. empty: then, and later while the field is empty.',
      }),
    ),
    on_converted: Type.Optional(
      Type.Enum(['contact', 'skip'], {
        description:
          'For a record that was converted: update the contact that it became (default), or skip the export.',
      }),
    ),
    unchanged: Type.Optional(
      Type.Enum(['skip', 'send'], {
        description:
          'In a CRM: what an operation does with a visitor of whom this destination has accepted the same values ' +
          'since it was changed last. skip (default) sends nothing; a single export always sends.',
      }),
    ),
    compatible: Type.Optional(
      Type.Boolean({ description: 'The receiver is another server that accepts the format of the tool.' }),
    ),
  },
  {
    additionalProperties: false,
    description: 'Settings that only some types have; the guide of a type lists them.',
  },
)
const siteId = Type.Integer({ minimum: 1, maximum: 2_147_483_647, default: defaultSiteId })

const signing = Type.Enum(['hmac', 'ed25519'], {
  description:
    'For signed types: `hmac` with a shared secret (default), or `ed25519` with a key pair whose ' +
    'public key the receiver gets.',
})

export const DestinationBody = Type.Object(
  {
    siteId: Type.Optional(siteId),
    name,
    webhook_type: WebhookTypeName,
    webhook_url: webhookUrl,
    headers: Type.Optional(headers),
    credentials: Type.Optional(CredentialsBody),
    options: Type.Optional(options),
    mapping: Type.Optional(mapping),
    retry_schedule: Type.Optional(retrySchedule),
    rate_limit: Type.Optional(rateLimit),
    concurrency: Type.Optional(concurrency),
    signing: Type.Optional(signing),
  },
  { additionalProperties: false },
)

const SigningInput = Type.Object({ signing: Type.Optional(signing) }, { additionalProperties: false })

/** Without a body, the kind stays the same. */
export const SigningBody = Type.Unsafe<Static<typeof SigningInput> | null>({
  ...SigningInput,
  type: ['object', 'null'],
})

export const DestinationChanges = Type.Object(
  {
    name: Type.Optional(name),
    webhook_url: Type.Optional(webhookUrl),
    headers: Type.Optional(headers),
    credentials: Type.Optional(credentialsOrNull),
    options: Type.Optional(options),
    mapping: Type.Optional(mappingOrNull),
    retry_schedule: Type.Optional(Type.Union([retrySchedule, Type.Null()])),
    rate_limit: Type.Optional(Type.Union([rateLimit, Type.Null()])),
    concurrency: Type.Optional(Type.Union([concurrency, Type.Null()])),
    state: Type.Optional(
      Type.Enum(['enabled', 'paused'], { description: 'While it is paused, deliveries wait; none is lost.' }),
    ),
    state_reason: Type.Optional(Type.Union([plainText({ maxLength: 500 }), Type.Null()])),
    keep_secrets: Type.Optional(
      Type.Boolean({
        description:
          'For admins: keep the headers, signing secrets and credentials although `webhook_url` changes the ' +
          'scheme, host or port. Without it they are dropped, unless the request contains them.',
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
)

export const DestinationView = Type.Object({
  id: Type.String(),
  siteId: Type.Integer(),
  name: Type.String(),
  webhook_type: WebhookTypeName,
  receiver: Type.String({ description: 'Host of the receiver. The path and query are secret.' }),
  header_names: Type.Array(Type.String()),
  credentials: Type.Union([Type.Enum([...credentialKinds]), Type.Null()], {
    description: 'The kind of credentials; null without CRM mode.',
  }),
  options,
  mapping: mappingOrNull,
  signing_public_keys: Type.Array(Type.String(), {
    description:
      'Public keys (`whpk_…`) of the ed25519 keys that sign now, the current one first. Give them to the receiver.',
  }),
  signing_secrets: Type.Integer({
    description:
      'Number of secrets that sign now: two during a rotation, none for types that are not signed.',
  }),
  retry_schedule: Type.Union([Type.String(), Type.Null()]),
  rate_limit: Type.Union([rateLimit, Type.Null()]),
  concurrency: Type.Union([Type.Integer(), Type.Null()]),
  warnings: Type.Array(Type.String(), {
    description: 'Why the URL may be wrong, one sentence each.',
  }),
  state: Type.Enum([...destinationStates], {
    description: 'disabled: the receiver responded that it is gone.',
  }),
  state_reason: Type.Union([Type.String(), Type.Null()]),
  unreadable: Type.Union([Type.String(), Type.Null()], {
    description:
      'Why the stored secrets cannot be decrypted, so that nothing can be sent; null when they can. Restore ' +
      'the key, or give `webhook_url` and all secrets again.',
  }),
  created_at: Type.String(),
  updated_at: Type.String(),
})

/** A destination with its new signing secret, which only this response shows. */
export const DestinationWithSecret = Type.Object({
  destination: DestinationView,
  signing_secret: Type.Union([Type.String(), Type.Null()], {
    description:
      'Shown only in this response; `whsec_…` of Standard Webhooks. Null for types that are not ' +
      'signed, and for ed25519, whose public key is in `signing_public_keys`.',
  }),
})

export const DestinationList = Type.Object({ items: Type.Array(DestinationView) })

export const DestinationTest = Type.Object({
  delivery: DeliveryView,
  attempt: Type.Union([AttemptView, Type.Null()], {
    description: 'Null if no attempt was made within the wait.',
  }),
  waits_for: Type.Union([WaitReasonView, Type.Null()], {
    description: 'Without an attempt: what the sample waits for.',
  }),
  setup: Type.Array(Type.String(), {
    description:
      'What is wrong with the fields of the CRM, one sentence each: missing fields, wrong types, ids that are not ' +
      'unique or not case sensitive.',
  }),
})

export const BreakerClosed = Type.Object({
  breaker_before: Type.Enum(['closed', 'open', 'half_open']),
  enqueued: Type.Integer({
    minimum: 0,
    description:
      'Due deliveries to the receiver that are tried now; at most 1000. The others follow by themselves.',
  }),
})

/** The health of a receiver, from the budget that all workers share. */
export const ReceiverHealth = Type.Object({
  breaker: Type.Enum(['closed', 'open', 'half_open'], {
    description:
      'open: requests are stopped because the receiver failed repeatedly; half_open: one trial request ' +
      'checks whether it works again.',
  }),
  open_until: Type.Union([Type.String(), Type.Null()]),
  throttled_until: Type.Union([Type.String(), Type.Null()], {
    description: 'Until when the receiver asked for no requests (Retry-After).',
  }),
  in_flight: Type.Integer({ minimum: 0, description: 'Requests in flight.' }),
  concurrency_now: Type.Integer({
    minimum: 0,
    description: 'The current limit of concurrent requests, which adapts to the receiver’s responses.',
  }),
  mean_duration_ms: Type.Number({ minimum: 0, description: 'Moving mean of the response times.' }),
})

export const ReceiverParams = Type.Object({
  host: Type.String({
    maxLength: 260,
    description: 'Host name of a receiver, with the port if it is not the default.',
  }),
})

export const HubspotProperties = Type.Object({
  created: Type.Array(Type.String(), { description: 'Contact properties that this call created.' }),
  existing: Type.Array(Type.String(), { description: 'Contact properties that already existed.' }),
  unfit: Type.Array(Type.String(), {
    description: 'Why properties that already existed do not fit, one sentence each.',
  }),
})

export const DestinationParams = Type.Object({ id: Type.String({ maxLength: 64 }) })

export const DestinationQuery = Type.Object({
  siteId: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,9}$', default: String(defaultSiteId) })),
})

export type DestinationBody = Static<typeof DestinationBody>
export type SigningBody = Static<typeof SigningBody>
export type DestinationChanges = Static<typeof DestinationChanges>
export type BreakerClosed = Static<typeof BreakerClosed>
export type ReceiverHealth = Static<typeof ReceiverHealth>
export type DestinationView = Static<typeof DestinationView>
