import { Type, type Static } from 'typebox'
import { defaultSiteId } from './webhook.ts'

/** `POST /api/visitors/{ghost_vid}/erase`. */

export const VisitorParams = Type.Object({
  ghost_vid: Type.String({ pattern: '^gv_[A-Za-z0-9_-]{1,128}$' }),
})

export const EraseQuery = Type.Object({
  siteId: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,9}$', default: String(defaultSiteId) })),
})

const count = (description: string) => Type.Integer({ minimum: 0, description })

export const ErasedView = Type.Object(
  {
    profile: Type.Boolean({ description: 'Whether a profile was deleted.' }),
    deliveries: count('Deliveries whose visitor id was removed.'),
    cancelled: count('Waiting deliveries among them, which were cancelled.'),
    in_flight: count('Deliveries among them that a worker was sending; their responses are not stored.'),
    payloads: count('Deleted payloads.'),
    attempts: count('Attempts whose stored responses were deleted.'),
    idempotency_keys: count('Deleted responses to idempotent requests.'),
  },
  { description: 'What this call erased; all zero if nothing was left.' },
)

export type ErasedView = Static<typeof ErasedView>
