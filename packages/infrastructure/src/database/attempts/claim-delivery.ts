import { randomUUID } from 'node:crypto'
import type {
  Claim,
  ClaimDelivery,
  ClaimResult,
  DeliveryState,
  RecordReference,
} from '@ghostpost/delivery/deliver'
import type { WebhookType } from '@ghostpost/delivery/destinations'
import type { Sealer } from '../../secrets/sealer.ts'
import { batchStatements } from '../connection/batch-statements.ts'
import type { Database } from '../connection/open-database.ts'
import { boundedBy, byKey } from '../connection/look-ups.ts'
import { opaqueParameter } from '../connection/row-arrays.ts'
import { profileOf, profileSql, type ProfileRow } from './claimed-profile.ts'
import { parseOwnSchedule, targetOf, type TargetRow } from './delivery-target.ts'
import { readInterruptedClaims } from './interrupted-claims.ts'
import { acceptedPayloadSql, earlierRecordSql } from './earlier-exports.ts'
import { releaseClaim } from './release-claim.ts'
import type { OnWriteError } from './retry-until-written.ts'
import { oneRecordTypes, supersededSql } from './superseded.ts'

/** Only a saved destination can have a mapping, which may send the traits. */
const claimedProfileSql = profileSql('c.visitor_id', 'c.destination_id is not null')

/**
 * Claims due deliveries and reads everything that an attempt needs.
 *
 * - `skip locked`: claims that block would exhaust the connection pool. A skipped delivery is tried again later.
 * - `1 ms`: columns are rounded to the millisecond, so a time that is due now may be half a millisecond ahead.
 * - `now()`: the database's clock decides, so the clocks of the processes need not agree.
 * - An expired claim is not taken over: first its attempt is recorded as interrupted (`interrupted-claims.ts`).
 * - `relaxed`: a payload that is not built yet is stored before it is sent. That commit also flushes this claim, so the
 *   claim itself need not wait for the disk. A claim of a stored payload does wait.
 * - `sweep_at` moves earlier at most: a later value would update every index. The sweeper skips claimed deliveries.
 * - `case`, `offset 0`, `order by id`, `boundedBy`: every table is looked up by its key, also with a plan that was made
 *   when it was empty ([decision 19](docs/decisions/0019-batched-statements.md)).
 */
const claimSql = `
  with due as (
    select
      w.claim_id,
      d.*
    from unnest(
      ${opaqueParameter('$1::uuid[]')},
      ${opaqueParameter('$2::uuid[]')}
    ) w(id, claim_id)
    cross join lateral (
      select id
      from deliveries
      where id >= w.id
        and id <= w.id
        and case
          when state in ('queued', 'retrying') and next_attempt_at <= now() + interval '1 ms' then
            coalesce((select t.state from destinations t where t.id = destination_id), 'enabled') = 'enabled'
            and coalesce((select o.state from operations o ${byKey('o.id', 'operation_id')}), '') <> 'paused'
        end
      order by id
      limit 1
      for update skip locked
    ) d
  ), claimed as (
    update deliveries d
    set
      state = 'delivering',
      claim_id = due.claim_id,
      claim_expires_at = now() + $3 * interval '1 ms',
      sweep_at = least(sweep_at, now() + $3 * interval '1 ms')
    from due
    where d.id = due.id
      and ${boundedBy('d.id', 'select id from due')}
    returning d.*
  ), with_payload as (
    select
      c.*,
      p.body as payload,
      p.built_at
    from claimed c
    left join lateral (
      select
        body,
        built_at
      from payloads
      where delivery_id = c.id
      offset 0
    ) p on true
  ), relaxed as (
    select set_config('synchronous_commit', 'off', true)
    where not exists (select from with_payload where payload is not null)
  )
  select
    c.id,
    c.claim_id,
    c.site_id,
    c.webhook_type,
    c.receiver_url,
    c.receiver_url_sealed,
    c.receiver_host,
    c.destination_id,
    c.sample,
    c.include_journey,
    c.include_events,
    c.attempts,
    c.series_start,
    c.operation_id,
    c.request_id,
    c.payload,
    extract(epoch from clock_timestamp())::float8 * 1000 as now_ms,
    t.sealed,
    t.retry_schedule,
    greatest(extract(epoch from now() - c.next_attempt_at) * 1000, 0)::float as due_for_ms,
    c.attempts > 0
      and coalesce(
        (select true from attempts a where a.delivery_id = c.id and a.outcome_unknown limit 1),
        false
      ) as may_be_repeat,
    case when c.payload is null and not c.sample then ${claimedProfileSql} end as profile,
    ${supersededSql('c', 'c.built_at')} as superseded,
    case when c.webhook_type in (${oneRecordTypes}) and not c.sample then (${earlierRecordSql}) end as earlier_record,
    case
      when c.webhook_type in (${oneRecordTypes}) and c.operation_id is not null and c.payload is null
        then (${acceptedPayloadSql})
    end as accepted_payload
  from with_payload c
  left join relaxed on true
  left join lateral (
    select
      sealed,
      retry_schedule,
      updated_at
    from destinations
    where id = c.destination_id
    offset 0
  ) t on true`

interface ClaimedRow extends TargetRow {
  id: string
  claim_id: string
  profile: ProfileRow | null
  webhook_type: WebhookType
  receiver_host: string
  destination_id: string | null
  sample: boolean
  include_journey: boolean
  include_events: boolean
  attempts: number
  series_start: number
  operation_id: string | null
  request_id: string | null
  due_for_ms: number
  superseded: boolean
  may_be_repeat: boolean
  payload: string | null
  retry_schedule: string | null
  now_ms: number
  earlier_record: RecordReference | null
  accepted_payload: string | null
}

type TimedRow = ClaimedRow & { ageMs: () => number }

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Deliveries with unreadable secrets must not fill the sweeper's steps, which other deliveries need. */
const unreadableSweepMs = 60_000

interface ClaimRequest {
  deliveryId: string
  claimId: string
}

export interface ClaimOptions {
  /** The beginning of the claim's id, which names its worker (`claimIdPrefixOf`); null for an id that names none. */
  idPrefix?: () => string | null
  onError?: OnWriteError
}

/**
 * @param claimMs how long a claim is valid; longer than an attempt can take, or two workers could send at once
 * @returns the port. It throws when the delivery cannot be claimed or its secrets cannot be opened, after it released
 * the claim: nothing was sent.
 */
export function claimDelivery(
  database: Database,
  sealer: Sealer,
  claimMs: number,
  { idPrefix = () => null, onError }: ClaimOptions = {},
): ClaimDelivery {
  const claim = batchStatements((requests: readonly ClaimRequest[]) => claimAll(database, requests, claimMs))
  const release = releaseClaim(database, onError)
  return async (deliveryId) => {
    if (!uuidShape.test(deliveryId)) return { kind: 'nothing_to_do' }
    const request = { deliveryId, claimId: newClaimId(idPrefix()) }
    const row = await claim(request).catch(async (error: unknown) => {
      // The connection may have broken after the commit.
      await release(request)
      throw error
    })
    if (!row) return readUnclaimed(database, deliveryId)
    try {
      return { kind: 'claimed', claim: claimOf(row, sealer, database.clock.now()) }
    } catch (error) {
      // A secret that we cannot open is our own fault and counts as no attempt.
      await release(request, { sweepAfterMs: unreadableSweepMs })
      throw error
    }
  }
}

function newClaimId(prefix: string | null): string {
  const id = randomUUID()
  return prefix === null ? id : `${prefix}${id.slice(prefix.length)}`
}

async function claimAll(
  { pool, clock }: Database,
  requests: readonly ClaimRequest[],
  claimMs: number,
): Promise<(TimedRow | undefined)[]> {
  const values = [
    requests.map((request) => request.deliveryId),
    requests.map((request) => request.claimId),
    claimMs,
  ]
  const sentAt = performance.now()
  const { rows } = await pool.query<ClaimedRow>({ name: 'claim-delivery', text: claimSql, values })
  if (rows[0]) clock.observe(rows[0].now_ms)
  const ageMs = (): number => performance.now() - sentAt
  const byClaim = new Map(rows.map((row) => [row.claim_id, { ...row, ageMs }]))
  return requests.map((request) => byClaim.get(request.claimId))
}

function claimOf(row: TimedRow, sealer: Sealer, now: Date): Claim {
  return {
    ageMs: row.ageMs,
    claimId: row.claim_id,
    deliveryId: row.id,
    siteId: row.site_id,
    profile: row.profile && profileOf(row.profile),
    webhookType: row.webhook_type,
    target: targetOf(row, sealer, now),
    retryScheduleMs: parseOwnSchedule(row.retry_schedule),
    receiverHost: row.receiver_host,
    destinationId: row.destination_id,
    sample: row.sample,
    includeJourney: row.include_journey,
    includeEvents: row.include_events,
    attemptNumber: row.attempts + 1,
    seriesStart: row.series_start,
    operationId: row.operation_id,
    requestId: row.request_id,
    dueForMs: row.due_for_ms,
    superseded: row.superseded,
    payload: row.payload,
    mayBeRepeat: row.may_be_repeat,
    earlierRecord: row.earlier_record,
    acceptedPayload: row.accepted_payload,
  }
}

const waitReasonSql = `
  select
    d.state,
    t.state <> 'enabled' or o.state = 'paused' as paused,
    ceil(
      extract(epoch from
        case when d.state = 'delivering' then d.claim_expires_at else d.next_attempt_at end - now()
      ) * 1000
    )::int as wait_ms
  from deliveries d
  left join destinations t on t.id = d.destination_id
  left join operations o on o.id = d.operation_id
  where d.id = $1`

interface WaitReasonRow {
  state: DeliveryState
  paused: boolean | null
  wait_ms: number | null
}

/** The shortest wait, so that clock differences and rounding never cause a busy loop. */
const waitMinMs = 10
/** How often a worker tries a delivery again whose destination or operation is paused. */
const pausedWaitMs = 15_000

/** Reads why a delivery could not be claimed: how long it waits, whether its claim expired, or that it is finished. */
async function readUnclaimed(database: Database, deliveryId: string): Promise<ClaimResult> {
  const { rows } = await database.pool.query<WaitReasonRow>(waitReasonSql, [deliveryId])
  const row = rows[0]
  if (!row || row.wait_ms === null || row.state === 'cancelled') return { kind: 'nothing_to_do' }
  const expired = row.state === 'delivering' && row.wait_ms <= 0
  const [interrupted = null] = expired ? await readInterruptedClaims(database, [deliveryId]) : []
  if (interrupted) return { kind: 'interrupted', claim: interrupted }
  return { kind: 'wait', waitMs: Math.max(row.wait_ms, row.paused ? pausedWaitMs : waitMinMs) }
}
