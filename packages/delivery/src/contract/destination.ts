import { Type, type Static } from 'typebox'
import { credentialKinds } from '../destinations/credentials.ts'
import { typesWith } from '../destinations/registry.ts'
import { destinationStates } from '../destinations/saved-destination.ts'
import { receiverUrlLengthMax } from '../receivers/receiver-url.ts'
import { joinWords } from '../text/join-words.ts'
import { CredentialsBody } from './credentials.ts'
import { AttemptView, DeliveryView } from './delivery.ts'
import { defaultSiteId, WebhookTypeName } from './webhook.ts'

/** Saved destinations: `/api/destinations`. What leads to a receiver or proves who we are goes in and never comes out. */

const name = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'What people call it; unique in its site.',
})
const webhookUrl = Type.String({ minLength: 1, maxLength: receiverUrlLengthMax, description: 'Write-only.' })
const headers = Type.Record(Type.String(), Type.String(), { description: 'Custom headers; write-only.' })
const retrySchedule = Type.String({
  pattern: '^\\d{1,6}(ms|s|m|h)( \\d{1,6}(ms|s|m|h)){0,49}$',
  description: 'The wait before attempt 1, 2, 3 …, as in `0s 5s 5m`.',
})
const concurrency = Type.Integer({
  minimum: 1,
  maximum: 1_000,
  description: 'Most requests at once, from all workers together; the installation’s when absent.',
})
const rateLimit = Type.Object(
  {
    requests: Type.Integer({ minimum: 1, maximum: 100_000 }),
    per_seconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
  },
  {
    additionalProperties: false,
    description: 'Never more requests than this in any such time, evenly spaced.',
  },
)
/** Null takes them away: the documented plain body is sent again. */
const credentialsOrNull = Type.Unsafe<CredentialsBody | null>({
  ...CredentialsBody,
  type: ['object', 'null'],
})
const siteId = Type.Integer({ minimum: 1, maximum: 2_147_483_647, default: defaultSiteId })

const signedTypes = typesWith(({ signed }) => signed)
const signing = Type.Enum(['hmac', 'ed25519'], {
  description: [
    `For type ${joinWords(signedTypes, 'or')}: \`hmac\` with a secret that both know (unless given),`,
    'or `ed25519` with a key whose public half the receiver gets.',
  ].join(' '),
})

export const DestinationBody = Type.Object(
  {
    siteId: Type.Optional(siteId),
    name,
    webhook_type: WebhookTypeName,
    webhook_url: webhookUrl,
    headers: Type.Optional(headers),
    credentials: Type.Optional(CredentialsBody),
    retry_schedule: Type.Optional(retrySchedule),
    rate_limit: Type.Optional(rateLimit),
    concurrency: Type.Optional(concurrency),
    signing: Type.Optional(signing),
  },
  { additionalProperties: false },
)

const SigningInput = Type.Object({ signing: Type.Optional(signing) }, { additionalProperties: false })

/** A body may be left out: the kind stays as it is. */
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
    retry_schedule: Type.Optional(Type.Union([retrySchedule, Type.Null()])),
    rate_limit: Type.Optional(Type.Union([rateLimit, Type.Null()])),
    concurrency: Type.Optional(Type.Union([concurrency, Type.Null()])),
    state: Type.Optional(
      Type.Enum(['enabled', 'paused'], { description: 'Paused holds deliveries; it loses none.' }),
    ),
    state_reason: Type.Optional(Type.Union([Type.String({ maxLength: 500 }), Type.Null()])),
  },
  { additionalProperties: false, minProperties: 1 },
)

export const DestinationView = Type.Object({
  id: Type.String(),
  siteId: Type.Integer(),
  name: Type.String(),
  webhook_type: WebhookTypeName,
  receiver: Type.String({ description: 'Host of the receiver; path and query are secrets.' }),
  header_names: Type.Array(Type.String()),
  credentials: Type.Union([Type.Enum([...credentialKinds]), Type.Null()], {
    description: 'Their kind, if there are any: then it works in CRM mode.',
  }),
  signing_public_keys: Type.Array(Type.String(), {
    description:
      'Of the ed25519 keys that sign now, the current one first: `whpk_…`, to be given to the receiver.',
  }),
  signing_secrets: Type.Integer({
    description: 'How many secrets sign now: two during a change-over, none for chats and CRMs.',
  }),
  retry_schedule: Type.Union([Type.String(), Type.Null()]),
  rate_limit: Type.Union([rateLimit, Type.Null()]),
  concurrency: Type.Union([Type.Integer(), Type.Null()]),
  state: Type.Enum([...destinationStates], { description: 'disabled: the receiver said it is gone.' }),
  state_reason: Type.Union([Type.String(), Type.Null()]),
  created_at: Type.String(),
  updated_at: Type.String(),
})

/** Told once, when it is made. */
export const DestinationWithSecret = Type.Object({
  destination: DestinationView,
  signing_secret: Type.Union([Type.String(), Type.Null()], {
    description:
      'Shown this once; `whsec_…` of Standard Webhooks. Null for types that have no use for signatures, and where an ed25519 key signs, whose public half is in `signing_public_keys`.',
  }),
})

export const DestinationList = Type.Object({ items: Type.Array(DestinationView) })

export const DestinationTest = Type.Object({
  delivery: DeliveryView,
  attempt: Type.Union([AttemptView, Type.Null()], { description: 'Null when none was made in time.' }),
})

/** How a receiver copes, as all workers together see it. */
export const ReceiverHealth = Type.Object({
  breaker: Type.Enum(['closed', 'open', 'half_open'], {
    description:
      'open: it failed repeatedly and is left alone; half_open: one request tries whether it is back.',
  }),
  open_until: Type.Union([Type.String(), Type.Null()]),
  throttled_until: Type.Union([Type.String(), Type.Null()], {
    description: 'The receiver asked to be left alone until then.',
  }),
  in_flight: Type.Integer({ minimum: 0, description: 'Requests under way.' }),
  concurrency_now: Type.Integer({
    minimum: 0,
    description: 'Requests it is sent at once at present; adapts to how it copes.',
  }),
  mean_duration_ms: Type.Number({ minimum: 0, description: 'Moving mean of its answers.' }),
})

export const ReceiverParams = Type.Object({
  host: Type.String({ maxLength: 260, description: 'Host name of a receiver, with its port if it has one.' }),
})

export const HubspotProperties = Type.Object({
  created: Type.Array(Type.String(), { description: 'Contact properties that were created now.' }),
  existing: Type.Array(Type.String(), { description: 'Those that were there before.' }),
})

export const DestinationParams = Type.Object({ id: Type.String({ maxLength: 64 }) })

export const DestinationQuery = Type.Object({
  siteId: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,9}$', default: String(defaultSiteId) })),
})

export type DestinationBody = Static<typeof DestinationBody>
export type DestinationChanges = Static<typeof DestinationChanges>
export type ReceiverHealth = Static<typeof ReceiverHealth>
export type DestinationView = Static<typeof DestinationView>
