import {
  journeyMax,
  recentEventsMax,
  type ReadVisitorProfile,
  type VisitorProfile,
} from '@ghostpost/delivery'
import { gatherStatements } from './gather-statements.ts'
import type { Database } from './open-database.ts'

// One statement sees one snapshot: profile, journey and events fit together whatever is written meanwhile.
const profileSql = `
  select v.*,
    coalesce((select json_agg(s) from (
      select session_id, started_at, ended_at, pageview_count, entry_page, exit_page, referrer
      from visitor_sessions where visitor_id = v.id
      order by started_at desc, id desc limit ${journeyMax}) s), '[]') as journey,
    coalesce((select json_agg(e) from (
      select type, page, occurred_at from events where visitor_id = v.id
      order by occurred_at desc, id desc limit ${recentEventsMax}) e), '[]') as recent_events
  from visitors v where v.id = any($1::bigint[])`

interface ProfileRow {
  id: string
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
  first_seen: Date
  last_seen: Date
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

export function readVisitorProfile(database: Database): ReadVisitorProfile {
  return gatherStatements((visitorIds: readonly bigint[]) => readAll(database, visitorIds))
}

async function readAll(
  { pool }: Database,
  visitorIds: readonly bigint[],
): Promise<(VisitorProfile | null)[]> {
  const values = [[...new Set(visitorIds)].map(String)]
  const { rows } = await pool.query<ProfileRow>({ name: 'read-visitor-profile', text: profileSql, values })
  const byId = new Map(rows.map((row) => [row.id, row]))
  return visitorIds.map((visitorId) => {
    const row = byId.get(visitorId.toString())
    return row ? profileOf(row) : null
  })
}

function profileOf(row: ProfileRow): VisitorProfile {
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
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
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
