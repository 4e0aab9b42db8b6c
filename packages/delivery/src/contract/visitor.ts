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
    profile: Type.Boolean({ description: 'Whether there was a profile to delete.' }),
    deliveries: count('Deliveries that no longer say whose they were.'),
    cancelled: count('Those of them that were waiting; they are not sent.'),
    in_flight: count('Those of them that a worker was sending just then; their answers are not kept.'),
    payloads: count('Stored payloads deleted.'),
    attempts: count('Attempts whose stored answers were emptied.'),
    idempotency_keys: count('Kept answers deleted.'),
  },
  { description: 'What was erased now; all zero when nothing was left.' },
)

export type ErasedView = Static<typeof ErasedView>
