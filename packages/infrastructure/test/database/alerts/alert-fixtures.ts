import { randomUUIDv7 } from 'node:crypto'
import {
  createAlertRule,
  evaluateDueAlert,
  type EvaluationResult,
  type NewAlertRule,
} from '@ghostpost/infrastructure/database/alerts'
import type { Database } from '@ghostpost/infrastructure/database/connection'
import { createDestination } from '@ghostpost/infrastructure/database/destinations'
import { openSealer } from '@ghostpost/infrastructure/secrets'

export const sealer = openSealer(`test:${Buffer.alloc(32, 7).toString('base64')}`)
export const options = { intervalMs: 0, sweepAfterMs: 1_000, dashboardUrl: 'http://127.0.0.1:4080/ops' }

/** A saved destination of site 4; returns its id. */
export async function createTestDestination(
  database: Database,
  userId: string,
  webhookType: 'custom' | 'slack' | 'discord' = 'custom',
): Promise<string> {
  const id = randomUUIDv7()
  const actor = { userId, requestId: 'r', ip: '192.0.2.1' }
  const view = await createDestination(
    database,
    sealer,
    {
      id,
      siteId: 4,
      name: `notified ${id}`,
      webhookType,
      secrets: { url: 'https://alerts.example.com/hooks/secret', headers: {}, signingSecrets: [] },
      retrySchedule: null,
      concurrency: null,
      rateLimit: null,
      createdBy: userId,
    },
    actor,
  )
  if (!view) throw new Error('the destination was not saved')
  return id
}

/** A rule of site 4 that is due; returns its id. */
export async function createTestRule(
  database: Database,
  userId: string,
  changes: Partial<NewAlertRule> = {},
): Promise<string> {
  const id = randomUUIDv7()
  const rule: NewAlertRule = {
    id,
    siteId: 4,
    name: `rule ${id}`,
    kind: 'failure_rate',
    threshold: 20,
    windowSeconds: 900,
    minimumCount: 4,
    webhookType: null,
    watchedDestinationId: null,
    destinationId: null,
    emailTo: [],
    cooldownSeconds: 1_800,
    enabled: true,
    createdBy: userId,
    ...changes,
  }
  const actor = { userId, requestId: 'r', ip: '192.0.2.1' }
  if (!(await createAlertRule(database, rule, actor, true))) throw new Error('the rule was not saved')
  return id
}

/** Evaluates the only due rule. */
export async function evaluateDueRule(database: Database): Promise<EvaluationResult & { kind: 'evaluated' }> {
  const result = await evaluateDueAlert(database, options)
  if (result?.kind !== 'evaluated') throw new Error(`not evaluated: ${JSON.stringify(result)}`)
  return result
}

interface DeliveriesFixture {
  count?: number
  state?: string
  cause?: string | null
  type?: string
  destinationId?: string | null
  receiver?: string
  /** Its age in seconds. */
  ago?: number
  /** How long it has been due, in seconds; negative for a delivery that is due later. */
  dueFor?: number
  sample?: boolean
  alertRuleId?: string | null
}

// Ids are UUIDs of version 7, which contain the time when the delivery was made.
const insertDeliveriesSql = `
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
    last_message,
    attempts,
    finished_at,
    next_attempt_at,
    sweep_at,
    sample,
    alert_rule_id
  )
  select
    (
      left(hex, 8) || '-' || right(hex, 4) || '-7' || lpad(to_hex(n % 4096), 3, '0')
        || '-8000-' || left(md5(random()::text), 12)
    )::uuid,
    4,
    1,
    'gv_x',
    $3,
    case when $5::uuid is null then 'https://' || $6 end,
    $6,
    $5,
    true,
    true,
    $10,
    $2,
    $4,
    case when $4::text is not null then 'It failed.' end,
    case when $2 = 'queued' then 0 else 1 end,
    case when $2 in ('delivered', 'failed', 'cancelled') then now() end,
    case when $2 in ('queued', 'retrying') then now() - $8 * interval '1 s' end,
    case when $2 in ('queued', 'retrying', 'delivering') then now() - $8 * interval '1 s' + interval '15 s' end,
    $9,
    $11
  from generate_series(1, $1) n,
    lateral (select lpad(to_hex(((extract(epoch from now()) - $7) * 1000)::bigint), 12, '0') as hex) made`

/** Inserts deliveries of site 4, by default one that was delivered. */
export async function insertDeliveries(
  database: Database,
  userId: string,
  fixture: DeliveriesFixture,
): Promise<void> {
  const { count = 1, state = 'delivered', cause = null, type = 'custom', destinationId = null } = fixture
  const { receiver = 'hooks.example.com', ago = 60, dueFor = 0, sample = false, alertRuleId = null } = fixture
  const values = [count, state, type, cause, destinationId, receiver, ago, dueFor, sample]
  await database.pool.query(insertDeliveriesSql, [...values, userId, alertRuleId])
}
