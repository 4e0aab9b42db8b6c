import { Type, type Static } from 'typebox'

/**
 * A visitor as callers write it. `PUT`, the rows of a batch and imports are checked against these schemas, and then by
 * `problemsOfVisitor`. The tables have the same bounds: prisma/migrations/20261130066200_visitor_contract.
 */

export const visitorIdPattern = '^gv_[A-Za-z0-9_-]{1,128}$'
const textLengthMax = 256
const addressLengthMax = 2_048
const idLengthMax = 128
const countMax = 2_147_483_647
/** Most sessions and events of one row; more belong into further rows. */
const sessionsMax = 100
const eventsMax = 200
/** The most bytes of `traits`, as JSON without white space. */
export const traitsBytesMax = 8_192

const time = (description: string) =>
  Type.String({ format: 'date-time', maxLength: 40, description: `RFC 3339. ${description}` })
const nullable = (maxLength: number, minLength = 0) =>
  Type.Optional(Type.Union([Type.String({ minLength, maxLength }), Type.Null()]))
const count = Type.Optional(Type.Integer({ minimum: 0, maximum: countMax, default: 0 }))
const id = (description: string) => Type.String({ minLength: 1, maxLength: idLengthMax, description })

export const SessionRecord = Type.Object(
  {
    session_id: id('Unique for the visitor. A session sent again replaces the stored one if it ended later.'),
    started_at: time('At most 5 minutes in the future.'),
    ended_at: Type.Optional(Type.Union([time('Not before its start.'), Type.Null()])),
    pageview_count: count,
    entry_page: nullable(addressLengthMax),
    exit_page: nullable(addressLengthMax),
    referrer: nullable(addressLengthMax),
  },
  { additionalProperties: false },
)

export const EventRecord = Type.Object(
  {
    event_id: id(
      'Your own id of the event, unique for the visitor. An event that is sent again is stored once.',
    ),
    type: Type.String({ minLength: 1, maxLength: idLengthMax }),
    page: nullable(addressLengthMax),
    occurred_at: time('At most 5 minutes in the future.'),
  },
  { additionalProperties: false },
)

const profileFields = {
  last_seen: time('The newest one wins: an older profile changes nothing. At most 5 minutes in the future.'),
  first_seen: Type.Optional(time('The oldest one is kept. `last_seen` by default.')),
  score: Type.Optional(Type.Integer({ minimum: 0, maximum: 100, default: 0 })),
  identified_user_id: nullable(textLengthMax, 1),
  name: nullable(textLengthMax),
  company: nullable(textLengthMax),
  country: nullable(textLengthMax),
  city: nullable(textLengthMax),
  device_type: nullable(textLengthMax),
  browser: nullable(textLengthMax),
  total_sessions: count,
  total_pageviews: count,
  total_time_seconds: count,
  traits: Type.Optional(
    Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
      description: 'Your own facts about the visitor: a JSON object of at most 8 KiB.',
    }),
  ),
  sessions: Type.Optional(Type.Array(SessionRecord, { maxItems: sessionsMax })),
  events: Type.Optional(Type.Array(EventRecord, { maxItems: eventsMax })),
}

/** The body of `PUT /api/visitors/{ghost_vid}`. A field that is left out is empty: the profile is replaced. */
export const VisitorBody = Type.Object(profileFields, { additionalProperties: false })

/** A row of `POST /api/visitors/batch`. */
export const VisitorRow = Type.Object(
  { ghost_vid: Type.String({ pattern: visitorIdPattern }), ...profileFields },
  { additionalProperties: false },
)

export type SessionRecord = Static<typeof SessionRecord>
export type EventRecord = Static<typeof EventRecord>
export type VisitorBody = Static<typeof VisitorBody>
export type VisitorRow = Static<typeof VisitorRow>
