import { byKey } from '../connection/look-ups.ts'
import { journeyMax, recentEventsMax, type VisitorProfile } from '@ghostpost/delivery/visitors'

const journeySql = `
  select
    session_id as "sessionId",
    started_at as "startedAt",
    ended_at as "endedAt",
    pageview_count as "pageviewCount",
    entry_page as "entryPage",
    exit_page as "exitPage",
    referrer
  from visitor_sessions
  where visitor_id = v.id
  order by started_at desc, id desc
  limit ${journeyMax}`

const recentEventsSql = `
  select
    type,
    page,
    occurred_at as timestamp
  from events
  where visitor_id = v.id
  order by occurred_at desc, id desc
  limit ${recentEventsMax}`

/**
 * SQL of the profile as JSON; null when the visitor is gone. One statement sees one snapshot, so profile, journey and
 * events are consistent whatever other transactions write. Each column has the name of its field in `VisitorProfile`.
 * @param visitorId an expression of the surrounding statement
 * @param hasTraits a condition: whether the site's own facts are read, which only a mapping can send
 */
export function profileSql(visitorId: string, hasTraits = 'true'): string {
  const traits = `case when ${hasTraits} then v.traits end`
  return `(
    select row_to_json(profile)
    from (
      select
        v.ghost_vid as "ghostVid",
        v.score,
        v.identified_user_id as "identifiedUserId",
        v.name,
        v.company,
        v.country,
        v.city,
        v.device_type as "deviceType",
        v.browser,
        v.total_sessions as "totalSessions",
        v.total_pageviews as "totalPageviews",
        v.total_time_seconds as "totalTimeSeconds",
        v.first_seen as "firstSeen",
        v.last_seen as "lastSeen",
        ${traits} as traits,
        coalesce((select json_agg(s) from (${journeySql}) s), '[]') as journey,
        coalesce((select json_agg(e) from (${recentEventsSql}) e), '[]') as "recentEvents"
      from visitors v
      ${byKey('v.id', visitorId)}
    ) profile
  )`
}

/** A value as it is in JSON: times are texts. */
type InJson<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? InJson<Item>[]
    : T extends object
      ? { [Field in keyof T]: InJson<T[Field]> }
      : T

export type ProfileRow = InJson<VisitorProfile>

export function profileOf(row: ProfileRow): VisitorProfile {
  return {
    ...row,
    firstSeen: new Date(row.firstSeen),
    lastSeen: new Date(row.lastSeen),
    journey: row.journey.map((session) => ({
      ...session,
      startedAt: new Date(session.startedAt),
      endedAt: session.endedAt === null ? null : new Date(session.endedAt),
    })),
    recentEvents: row.recentEvents.map((event) => ({ ...event, timestamp: new Date(event.timestamp) })),
  }
}
