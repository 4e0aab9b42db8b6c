import { randomUUIDv7 } from 'node:crypto'
import type { Stack } from '@ghostpost/test-kit/processes/start-stack'

export interface DeliveryInput {
  state?: string
  type?: string
  host?: string
  cause?: string | null
  status?: number | null
  vid?: string
  siteId?: number
  at?: Date
  operationId?: string
}

/** Inserts deliveries in any state, oldest first. */
export async function insertDeliveries(stack: Stack, ...rows: DeliveryInput[]): Promise<string[]> {
  const ids: string[] = []
  for (const row of rows) {
    const id = idAt(row.at ?? new Date())
    ids.push(id)
    await stack.database.pool.query(
      `insert into deliveries (id, site_id, visitor_id, ghost_vid, webhook_type, receiver_url, receiver_host,
         include_journey, include_events, requested_by, state, last_cause, last_message, last_response_status, sweep_at,
         next_attempt_at, finished_at, operation_id, created_at)
       select $1, $2, coalesce((select id from visitors where ghost_vid = $3 limit 1), 0), $3, $4, 'https://' || $5, $5,
         true, true, $6, $7, $8, case when $8::text is not null then 'It failed.' end, $9, case when $10 then now() end,
         case when $10 then now() end, case when not $10 then now() end, $11, $12`,
      [
        id,
        row.siteId ?? 4,
        row.vid ?? 'gv_a1b2c3d4_e5f6g7h8',
        row.type ?? 'custom',
        row.host ?? 'hooks.example.com',
        stack.user.id,
        row.state ?? 'delivered',
        row.cause ?? null,
        row.status ?? null,
        ['queued', 'retrying', 'delivering'].includes(row.state ?? 'delivered'),
        row.operationId ?? null,
        row.at ?? new Date(),
      ],
    )
  }
  return ids
}

let counter = 0

/** A UUID of version 7 begins with its time in milliseconds. */
export function idAt(at: Date): string {
  const time = at.getTime().toString(16).padStart(12, '0')
  counter += 1
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}${randomUUIDv7().slice(18)}`
}
