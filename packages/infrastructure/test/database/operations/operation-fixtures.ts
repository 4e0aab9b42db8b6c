import { randomUUIDv7 } from 'node:crypto'
import type { DeliveryFilter } from '@ghostpost/delivery/contract/delivery-log'
import type { OperationView, PlanBody, PlanView } from '@ghostpost/delivery/contract/operations'
import type { Database } from '@ghostpost/infrastructure/database/connection'
import {
  createPlan,
  feedNextOperation,
  findOperation,
  listItems,
  startOperation,
  type FeedResult,
  type Selection,
} from '@ghostpost/infrastructure/database/operations'

/** A delivery in the database, by default a failed one. */
interface DeliveryFixture {
  state?: string
  type?: string
  cause?: string | null
  destinationId?: string | null
  /** A delivery without a URL and without a destination has no receiver. */
  url?: string | null
  /** Null for a payload that was deleted. */
  payload?: string | null
  vid?: string
  /** SQL of the time when its payload was built. */
  builtAt?: string
  unknownAttempts?: number
}

export interface OperationFixture {
  insertDeliveries: (...rows: DeliveryFixture[]) => Promise<string[]>
  destination: (state: string) => Promise<string>
  plan: (kind: PlanBody['kind'], selection: Selection, options?: PlanOptions) => Promise<PlanView>
  start: (id: string) => ReturnType<typeof startOperation>
  /** Runs one step with a credit of so many milliseconds. */
  feed: (id: string, creditMs?: number) => Promise<FeedResult | null>
  read: (id: string) => Promise<OperationView>
  ledger: (id: string) => Promise<[outcome: string, reason: string | null][]>
}

interface PlanOptions {
  includeRecovered?: boolean
  destinationId?: string
  rate?: number
  canary?: boolean
}

export const byFilter = (filter: DeliveryFilter): Selection => ({ kind: 'deliveries', filter })
export const byIds = (...ids: string[]): Selection => ({ kind: 'delivery_ids', ids })

const host = 'hooks.example.com'

/** Deliveries, destinations and operations of site 4. */
export function operationFixture(database: Database, userId: string): OperationFixture {
  const actor = { userId, requestId: 'test', ip: '127.0.0.1' }
  const { pool } = database
  const read = async (id: string): Promise<OperationView> => {
    const found = await findOperation(database, id)
    if (!found) throw new Error('the operation does not exist')
    return found
  }
  return {
    insertDeliveries: async (...rows) => {
      const ids: string[] = []
      for (const row of rows) ids.push(await insertDelivery(database, userId, row))
      return ids
    },
    destination: async (state) => {
      const id = randomUUIDv7()
      await pool.query(
        `insert into destinations (id, site_id, name, webhook_type, receiver_host, sealed, created_by, state)
         values ($1, 4, $2, 'custom', $3, '', $4, $5)`,
        [id, `of ${id}`, host, userId, state],
      )
      return id
    },
    plan: (
      kind,
      selection,
      { destinationId, includeRecovered = false, rate, canary = false }: PlanOptions = {},
    ) =>
      createPlan(database, {
        id: randomUUIDv7(),
        siteId: 4,
        userId,
        kind,
        selection,
        destinationId: destinationId ?? null,
        includeRecovered,
        rate,
        canary,
      }),
    start: (id) => startOperation(database, id, null, actor),
    feed: async (id, creditMs = 1_000) => {
      await pool.query(
        `update operations
         set
           fed_at = case when id = $1 then null else now() + interval '1 hour' end,
           paced_at = now() - $2 * interval '1 ms'`,
        [id, creditMs],
      )
      return feedNextOperation(database, 1_000)
    },
    read,
    ledger: async (id) => {
      const { items } = await listItems(database, id, { outcome: null, cursor: null, limit: 200 })
      return items.map(({ outcome, reason }) => [outcome, reason])
    },
  }
}

const insertDeliverySql = `
  insert into deliveries (
    id,
    site_id,
    visitor_id,
    ghost_vid,
    webhook_type,
    receiver_url,
    receiver_host,
    destination_id,
    include_journey,
    include_events,
    requested_by,
    state,
    last_cause,
    attempts,
    finished_at,
    sweep_at,
    next_attempt_at
  )
  values (
    $1,
    4,
    coalesce((select id from visitors where ghost_vid = $2 and site_id = 4), 0),
    $2,
    $3,
    $4,
    '${host}',
    $5,
    true,
    true,
    $6,
    $7,
    $8,
    4,
    case when $9 then now() end,
    case when not $9 then now() + interval '1 hour' end,
    case when not $9 then now() + interval '1 hour' end
  )`

const insertUnknownAttemptsSql = `
  insert into attempts (delivery_id, number, started_at, duration_ms, outcome, decision, outcome_unknown)
  select
    $1,
    n,
    now(),
    1,
    'timed_out',
    'retry',
    true
  from generate_series(1, $2) n`

async function insertDelivery(database: Database, userId: string, row: DeliveryFixture): Promise<string> {
  const id = randomUUIDv7()
  const state = row.state ?? 'failed'
  const isFinished = ['delivered', 'failed', 'cancelled'].includes(state)
  const { destinationId = null, url = destinationId === null ? `https://${host}/in` : null } = row
  await database.pool.query(insertDeliverySql, [
    id,
    row.vid ?? 'gv_a1b2c3d4_e5f6g7h8',
    row.type ?? 'custom',
    url,
    destinationId,
    userId,
    state,
    row.cause === undefined ? 'receiver_error' : row.cause,
    isFinished,
  ])
  if (row.payload !== null)
    await database.pool.query(
      `insert into payloads (delivery_id, body, built_at) values ($1, $2, ${row.builtAt ?? 'now()'})`,
      [id, row.payload ?? '{}'],
    )
  await database.pool.query(insertUnknownAttemptsSql, [id, row.unknownAttempts ?? 0])
  return id
}
