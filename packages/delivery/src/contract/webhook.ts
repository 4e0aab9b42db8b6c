import { Type, type Static } from 'typebox'
import { defaultWebhookType, webhookTypes } from '../destinations/registry.ts'
import { receiverUrlLengthMax } from '../receivers/receiver-url.ts'

/** `GET` and `POST /api/webhook`. */

export const defaultSiteId = 4

export const WebhookTypeName = Type.Enum([...webhookTypes], { description: 'Kind of destination.' })

export const ExportBody = Type.Object(
  {
    ghost_vid: Type.String({ pattern: '^gv_[A-Za-z0-9_-]{1,128}$', description: 'Visitor ID to export.' }),
    webhook_url: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: receiverUrlLengthMax,
        description:
          'Destination webhook URL: an absolute http or https URL without user name and password. ' +
          'Required unless destination_id is given.',
      }),
    ),
    destination_id: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'A saved destination, instead of webhook_url and webhook_type.',
      }),
    ),
    webhook_type: Type.Optional(
      Type.Enum([...webhookTypes], {
        description: `Kind of destination; ${defaultWebhookType} by default.`,
      }),
    ),
    include_journey: Type.Optional(
      Type.Boolean({ default: true, description: 'Include recent session journey data.' }),
    ),
    include_events: Type.Optional(
      Type.Boolean({ default: true, description: 'Include recent event activity.' }),
    ),
    siteId: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 2_147_483_647,
        default: defaultSiteId,
        description: 'Site that owns the visitor.',
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      {
        ghost_vid: 'gv_a1b2c3d4_e5f6g7h8',
        webhook_url: 'https://example.com/webhook',
        siteId: defaultSiteId,
      },
    ],
  },
)

export type ExportBody = Static<typeof ExportBody>

const idempotencyKey = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 255,
    description:
      'A repeat with the same key and body within 24 h gets the first response again; with another body, 409.',
  }),
)

/** The headers of a route that takes an idempotency key and nothing else. */
export const IdempotencyHeaders = Type.Object({ 'idempotency-key': idempotencyKey })

export type IdempotencyHeaders = Static<typeof IdempotencyHeaders>

export const ExportHeaders = Type.Object({
  'idempotency-key': idempotencyKey,
  prefer: Type.Optional(
    Type.String({
      maxLength: 255,
      description:
        '`respond-async`: respond 202 as soon as the delivery is stored. `wait=N`: wait at most N seconds (0 to 30).',
    }),
  ),
})

export type ExportHeaders = Static<typeof ExportHeaders>

/** 200: the delivery was delivered within the wait. */
export const DeliveredResponse = Type.Object(
  {
    success: Type.Literal(true),
    ghost_vid: Type.String(),
    webhook_type: WebhookTypeName,
    delivered_at: Type.String({ description: 'ISO 8601, UTC.' }),
    delivery_id: Type.String(),
  },
  { description: 'Delivered: the receiver accepted it.' },
)

export const LastError = Type.Object({
  code: Type.String({ description: 'Stable cause code.' }),
  message: Type.String(),
  response_status: Type.Union([Type.Integer(), Type.Null()]),
})

/** 202: the delivery is stored but not delivered yet. */
export const PendingResponse = Type.Object(
  {
    success: Type.Literal(false),
    ghost_vid: Type.String(),
    webhook_type: WebhookTypeName,
    delivery_id: Type.String(),
    status: Type.Enum(['queued', 'retrying']),
    attempts: Type.Integer(),
    next_attempt_at: Type.Union([Type.String(), Type.Null()]),
    last_error: Type.Union([LastError, Type.Null()]),
  },
  { description: 'Stored but not delivered yet; workers continue. `Location` names the delivery.' },
)

/** 502: the receiver refused permanently, or the last attempt failed. */
export const FailedResponse = Type.Object(
  {
    success: Type.Literal(false),
    delivery_id: Type.String(),
    status: Type.Enum(['failed', 'cancelled']),
    error: LastError,
  },
  {
    description:
      'The receiver refused permanently, or the last attempt failed; the delivery is a dead letter.',
  },
)

export type DeliveredResponse = Static<typeof DeliveredResponse>
export type PendingResponse = Static<typeof PendingResponse>
export type FailedResponse = Static<typeof FailedResponse>

/** `GET /api/webhook`. */
export const WebhookReference = Type.Object({
  supported_types: Type.Array(Type.String()),
  example_payload: Type.Object({
    ghost_vid: Type.String(),
    webhook_url: Type.String(),
    webhook_type: Type.String(),
    include_journey: Type.Boolean(),
    include_events: Type.Boolean(),
    siteId: Type.Integer(),
  }),
})

export const webhookReference: Static<typeof WebhookReference> = {
  supported_types: [...webhookTypes],
  example_payload: {
    ghost_vid: 'gv_xxx',
    webhook_url: 'https://your-webhook.com/endpoint',
    webhook_type: defaultWebhookType,
    include_journey: true,
    include_events: true,
    siteId: defaultSiteId,
  },
}
