import { journeyMax, recentEventsMax, type VisitorProfile } from '@ghostpost/delivery/visitors'

const journeySql = `
  select
    session_id,
    started_at,
    ended_at,
    pageview_count,
    entry_page,
    exit_page,
    referrer
  from visitor_sessions
  where visitor_id = v.id
  order by started_at desc, id desc
  limit ${journeyMax}`

const recentEventsSql = `
  select
    type,
    page,
    occurred_at
  from events
  where visitor_id = v.id
  order by occurred_at desc, id desc
  limit ${recentEventsMax}`

/**
 * SQL of the profile as JSON; null when the visitor is gone. One statement sees one snapshot, so profile, journey and
 * events are consistent whatever other transactions write.
 * @param visitorId an expression of the surrounding statement
 */
export function profileSql(visitorId: string): string {
  return `(
    select row_to_json(profile)
    from (
      select
        v.ghost_vid,
        v.score,
        v.identified_user_id,
        v.name,
        v.company,
        v.country,
        v.city,
        v.device_type,
        v.browser,
        v.total_sessions,
        v.total_pageviews,
        v.total_time_seconds,
        v.first_seen,
        v.last_seen,
        coalesce((select json_agg(s) from (${journeySql}) s), '[]') as journey,
        coalesce((select json_agg(e) from (${recentEventsSql}) e), '[]') as recent_events
      from visitors v
      where v.id = ${visitorId}
    ) profile
  )`
}

export interface ProfileRow {
  ghost_vid: string
  score: number
  identified_user_id: string | null
  name: string | null
  company: string | null
  country: string | null
  city: string | null
  device_type: string | null
  browser: string | null
  total_sessions: number
  total_pageviews: number
  total_time_seconds: number
  first_seen: string
  last_seen: string
  journey: SessionRow[]
  recent_events: EventRow[]
}

interface SessionRow {
  session_id: string
  started_at: string
  ended_at: string | null
  pageview_count: number
  entry_page: string | null
  exit_page: string | null
  referrer: string | null
}

interface EventRow {
  type: string
  page: string | null
  occurred_at: string
}

export function profileOf(row: ProfileRow): VisitorProfile {
  return {
    ghostVid: row.ghost_vid,
    score: row.score,
    identifiedUserId: row.identified_user_id,
    name: row.name,
    company: row.company,
    country: row.country,
    city: row.city,
    deviceType: row.device_type,
    browser: row.browser,
    totalSessions: row.total_sessions,
    totalPageviews: row.total_pageviews,
    totalTimeSeconds: row.total_time_seconds,
    firstSeen: new Date(row.first_seen),
    lastSeen: new Date(row.last_seen),
    journey: row.journey.map(sessionOf),
    recentEvents: row.recent_events.map((event) => ({
      type: event.type,
      page: event.page,
      timestamp: new Date(event.occurred_at),
    })),
  }
}

function sessionOf(row: SessionRow): VisitorProfile['journey'][number] {
  return {
    sessionId: row.session_id,
    startedAt: new Date(row.started_at),
    endedAt: row.ended_at === null ? null : new Date(row.ended_at),
    pageviewCount: row.pageview_count,
    entryPage: row.entry_page,
    exitPage: row.exit_page,
    referrer: row.referrer,
  }
}
