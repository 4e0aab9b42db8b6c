import type { PoolClient } from 'pg'

/** A pause between two pages that begins another session, as analytics tools count. */
const pauseSql = `interval '30 minutes'`

/** The prefix of derived sessions, after which stands the time of their first event. */
const derivedPrefix = 'derived-'

const inOrder = 'e.occurred_at, e.event_id collate "C"'

/** The first text of the events of a session, in the order of time or against it. */
const firstSql = (column: string, direction: 'asc' | 'desc'): string => `(array_agg(
        e.${column} order by e.occurred_at ${direction}, e.event_id collate "C" ${direction}
      ) filter (where e.${column} is not null))[1]`

/**
 * Sessions are a function of all events of a visitor, so the order in which events arrive does not matter. A profile
 * that was written as a whole keeps its totals.
 */
const deriveSessionsSql = `
  with marked as (
    select
      e.*,
      case
        when e.session_key <> '' then 0
        when lag(e.occurred_at) over same_session >= e.occurred_at - ${pauseSql} then 0
        else 1
      end as begins
    from events e
    where e.visitor_id = any($1)
      and e.session_key is not null
    window same_session as (partition by e.visitor_id, e.session_key order by ${inOrder})
  ), numbered as (
    select
      e.*,
      sum(e.begins) over (partition by e.visitor_id, e.session_key order by ${inOrder}) as number
    from marked e
  ), derived as (
    select
      e.visitor_id,
      case
        when e.session_key <> '' then e.session_key
        else '${derivedPrefix}' || (extract(epoch from min(e.occurred_at)) * 1000)::bigint
      end as session_id,
      min(e.occurred_at) as started_at,
      max(e.occurred_at) as ended_at,
      (count(*) filter (where e.type = 'pageview'))::int as pageview_count,
      ${firstSql('page', 'asc')} as entry_page,
      ${firstSql('page', 'desc')} as exit_page,
      ${firstSql('referrer', 'asc')} as referrer
    from numbered e
    group by
      e.visitor_id,
      e.session_key,
      e.number
  ), outdated as (
    delete from visitor_sessions s
    where s.visitor_id = any($1)
      and s.session_id like '${derivedPrefix}%'
      and (s.visitor_id, s.session_id) not in (select visitor_id, session_id from derived)
  ), written as (
    insert into visitor_sessions as s (
      visitor_id,
      session_id,
      started_at,
      ended_at,
      pageview_count,
      entry_page,
      exit_page,
      referrer
    )
    select
      visitor_id,
      session_id,
      started_at,
      ended_at,
      pageview_count,
      entry_page,
      exit_page,
      referrer
    from derived
    on conflict (visitor_id, session_id) do update set
      started_at = excluded.started_at,
      ended_at = excluded.ended_at,
      pageview_count = excluded.pageview_count,
      entry_page = excluded.entry_page,
      exit_page = excluded.exit_page,
      referrer = excluded.referrer
    where (
      s.started_at,
      s.ended_at,
      s.pageview_count,
      s.entry_page,
      s.exit_page,
      s.referrer
    ) is distinct from (
      excluded.started_at,
      excluded.ended_at,
      excluded.pageview_count,
      excluded.entry_page,
      excluded.exit_page,
      excluded.referrer
    )
  ), totals as (
    select
      visitor_id,
      count(*)::int as sessions,
      sum(pageview_count)::int as pageviews,
      least(sum(extract(epoch from ended_at - started_at)), 2147483647)::int as seconds
    from derived
    group by visitor_id
  )
  update visitors v set
    total_sessions = t.sessions,
    total_pageviews = t.pageviews,
    total_time_seconds = t.seconds
  from totals t
  where v.id = t.visitor_id
    and v.field_times ->> '*' = '-1'
    and (
      v.total_sessions,
      v.total_pageviews,
      v.total_time_seconds
    ) is distinct from (
      t.sessions,
      t.pageviews,
      t.seconds
    )`

/** Derives the sessions and totals of these visitors from their events. Their rows must be locked. */
export async function deriveSessions(client: PoolClient, visitorIds: readonly string[]): Promise<void> {
  if (visitorIds.length > 0) await client.query(deriveSessionsSql, [visitorIds])
}
