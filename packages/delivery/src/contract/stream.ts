import { Type, type Static } from 'typebox'
import { deliveryStates } from '../deliver/delivery.ts'
import { WebhookTypeName } from './webhook.ts'

/** `GET /api/stream`. */

export const StreamQuery = Type.Object(
  { siteId: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,9}$' })) },
  { additionalProperties: false },
)

export const StreamHeaders = Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 64 })) })

const text = Type.Union([Type.String(), Type.Null()])

/** Data of an event `deliveries`. */
export const LiveDeliveries = Type.Object({
  deliveries: Type.Array(
    Type.Object({
      delivery_id: Type.String(),
      status: Type.Enum([...deliveryStates]),
      attempts: Type.Integer(),
      webhook_type: WebhookTypeName,
      destination_id: text,
      receiver: Type.String(),
      cause: text,
      operation_id: text,
    }),
  ),
  more: Type.Integer({ minimum: 0 }),
})

export type LiveDeliveries = Static<typeof LiveDeliveries>
