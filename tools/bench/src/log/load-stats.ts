import { durationBucketCount } from '@ghostpost/delivery/stats'
import type { Pool } from 'pg'

// As a busy site leaves them: two days by the minute, ninety by the hour, for the site and each saved destination.
const statsSql = `
  insert into delivery_stats (site_id, subject, span, at, delivered, retried, failed, durations)
  select 4, subject, span, to_timestamp(floor(extract(epoch from now()) / span) * span - n * span),
    100 + n % 50, n % 7, n % 3,
    array(select (n + c) % 20 from generate_series(1, ${durationBucketCount}) c)
  from (
      select id as subject from destinations where site_id = 4
      union all
      select '00000000-0000-0000-0000-000000000000'
    ) subjects,
    (values (60, 2879), (3600, 2159)) spans (span, rows), generate_series(1, rows) n
  on conflict do nothing`

/** Fills the statistics behind the plots for their whole retention. */
export async function loadStats(pool: Pool): Promise<void> {
  await pool.query(statsSql)
  await pool.query(
    `insert into lane_stats (lane, at, attempts, due)
     select lane, date_trunc('minute', now()) - n * interval '1 minute', 500, 100
     from unnest(array['live', 'retry', 'bulk']) lane, generate_series(1, 2879) n
     on conflict do nothing`,
  )
  await pool.query('vacuum analyze delivery_stats')
}
