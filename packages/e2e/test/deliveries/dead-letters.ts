import { randomUUIDv7 } from 'node:crypto'
import type { Stack } from '@ghostpost/test-kit/processes/start-stack'

/** Inserts dead letters of the documented visitor with stored payloads; returns their ids. */
export async function makeDeadLetters(
  stack: Pick<Stack, 'database' | 'receiver' | 'user'>,
  count: number,
  cause = 'http_status_503',
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUIDv7())
  await stack.database.pool.query(
    `with made as (
       insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
         include_journey, include_events, requested_by,
         state, last_cause, last_message, attempts, finished_at, sweep_at)
       select i.id, 4, v.id, v.ghost_vid, 'custom', $2 || 'in', $3,
         true, true, $4,
         'failed', $5, 'It failed.', 4, now(), null
       from unnest($1::uuid[]) i (id), (select * from visitors where ghost_vid = 'gv_a1b2c3d4_e5f6g7h8') v returning id
     ) insert into payloads (delivery_id, body) select id, '{"n":"' || id || '"}' from made`,
    [ids, stack.receiver.url, new URL(stack.receiver.url).host, stack.user.id, cause],
  )
  return ids
}
