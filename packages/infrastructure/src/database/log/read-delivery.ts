import {
  scheduleFor,
  type DeliveryState,
  type ExchangeTimings,
  type Settlement,
} from '@ghostpost/delivery/deliver'
import { responsibleFor, type WebhookType } from '@ghostpost/delivery/destinations'
import { maskedReceiver, schemeOf, type ReceiverScheme } from '@ghostpost/delivery/receivers'
import type { AttemptView, DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { parseOwnSchedule } from '../attempts/delivery-target.ts'
import type { Attempt, Delivery, Payload } from '../generated/client.ts'
import type { Database } from '../connection/open-database.ts'
import { waitColumns, waitJoins, waitOf, type WaitRow } from './wait-sql.ts'

interface ExtraRow extends WaitRow {
  failure: string | null
  identified_user: string | null
}

/**
 * Reads one delivery with its attempts. Returns null for a site to which the user has no access, so that a foreign
 * delivery looks like one that does not exist.
 */
export async function readDelivery(
  { prisma, pool }: Database,
  userId: string,
  id: string,
  installationScheduleMs: readonly number[],
): Promise<DeliveryView | null> {
  const delivery = await prisma.delivery.findFirst({
    where: { id, site: { memberships: { some: { userId } } } },
    include: { attemptRows: { orderBy: { number: 'asc' } }, payload: true, destination: true },
  })
  if (!delivery) return null
  // Prisma knows neither the generated column `failure` nor a relation to the visitor, which has no foreign key.
  const { rows } = await pool.query<ExtraRow>(
    `select
       d.failure,
       ${waitColumns},
       v.identified_user_id as identified_user
     from deliveries d
     left join destinations t on t.id = d.destination_id
     left join visitors v on v.id = d.visitor_id
     ${waitJoins}
     where d.id = $1`,
    [id],
  )
  const extra = rows[0] ?? { failure: null, identified_user: null, wait_for: null, wait_until: null }
  const copies = await readCopies(pool, id)
  const schedule = scheduleFor(
    {
      webhookType: delivery.webhookType as WebhookType,
      ownScheduleMs: parseOwnSchedule(delivery.destination?.retrySchedule ?? null),
    },
    installationScheduleMs,
  )
  return { ...viewOf(delivery, extra), copies, next_attempt: nextAttemptOf(delivery, schedule.length) }
}

const copiesMax = 10

const copiesSql = `
  select
    id,
    state,
    created_at
  from deliveries
  where made_from = $1
  order by id desc
  limit ${copiesMax}`

async function readCopies(pool: Database['pool'], id: string): Promise<DeliveryView['copies']> {
  const { rows } = await pool.query<{ id: string; state: DeliveryState; created_at: Date }>(copiesSql, [id])
  return rows.map((row) => ({
    delivery_id: row.id,
    status: row.state,
    created_at: row.created_at.toISOString(),
  }))
}

function nextAttemptOf(delivery: Delivery, attemptsMax: number): DeliveryView['next_attempt'] {
  const { nextAttemptAt, attempts, seriesStart, nextAttemptBecause } = delivery
  if (nextAttemptAt === null || delivery.finishedAt !== null) return null
  const number = attempts - seriesStart + 1
  const because =
    number === 1 ? 'first' : nextAttemptBecause === 'receiver_asked' ? 'receiver_asked' : 'schedule'
  return { at: nextAttemptAt.toISOString(), number, of: attemptsMax, because }
}

/** Reads the present state of a delivery as a waiting caller gets it; null when there is no such delivery. */
export async function readSettlement({ prisma }: Database, id: string): Promise<Settlement | null> {
  const row = await prisma.delivery.findUnique({ where: { id } })
  return (
    row && {
      deliveryId: row.id,
      state: row.state as DeliveryState,
      attempts: row.attempts,
      deliveredAt: row.deliveredAt?.toISOString() ?? null,
      nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
      error: errorOf(row),
    }
  )
}

function viewOf(
  delivery: Delivery & { attemptRows: Attempt[]; payload: Payload | null },
  { failure, identified_user, ...wait }: ExtraRow,
): Omit<DeliveryView, 'next_attempt' | 'copies'> {
  const error = errorOf(delivery)
  return {
    delivery_id: delivery.id,
    status: delivery.state as DeliveryState,
    ghost_vid: delivery.ghostVid,
    identified_user,
    siteId: delivery.siteId,
    webhook_type: delivery.webhookType as WebhookType,
    receiver: maskedReceiver(receiverSchemeOf(delivery), delivery.receiverHost),
    destination_id: delivery.destinationId,
    sample: delivery.sample,
    include_journey: delivery.includeJourney,
    include_events: delivery.includeEvents,
    created_at: delivery.createdAt.toISOString(),
    delivered_at: delivery.deliveredAt?.toISOString() ?? null,
    next_attempt_at: delivery.nextAttemptAt?.toISOString() ?? null,
    wait: waitOf(wait),
    last_error: error && { code: error.code, message: error.message, response_status: error.responseStatus },
    payload: delivery.payload?.body ?? null,
    failure,
    operation_id: delivery.operationId,
    made_from: delivery.madeFrom,
    recovered_by: delivery.recoveredBy,
    alert_rule_id: delivery.alertRuleId,
    record: recordIn(delivery.attemptRows),
    attempts: delivery.attemptRows.map(attemptViewOf),
  }
}

/** Deliveries without a stored scheme are older than that column; those with a sealed URL were mostly https. */
function receiverSchemeOf({ receiverScheme, receiverUrl }: Delivery): ReceiverScheme {
  if (receiverScheme !== null) return receiverScheme as ReceiverScheme
  return receiverUrl === null ? 'https' : schemeOf(new URL(receiverUrl))
}

function errorOf(row: Delivery): Settlement['error'] {
  if (row.lastCause === null) return null
  return { code: row.lastCause, message: row.lastMessage ?? '', responseStatus: row.lastResponseStatus }
}

/** The record that the last attempt wrote. */
function recordIn(attempts: readonly Attempt[]): DeliveryView['record'] {
  return (attempts.findLast(({ record }) => record !== null)?.record ?? null) as DeliveryView['record']
}

function attemptViewOf(row: Attempt): AttemptView {
  return {
    number: row.number,
    started_at: row.startedAt.toISOString(),
    duration_ms: row.durationMs,
    outcome: row.outcome,
    decision: row.decision as AttemptView['decision'],
    outcome_unknown: row.outcomeUnknown,
    request_method: row.requestMethod,
    request_body: row.requestBody,
    request_headers: row.requestHeaders as Record<string, string> | null,
    timings: timingsOf(row.timings as ExchangeTimings | null),
    response_status: row.responseStatus,
    response_headers: row.responseHeaders as Record<string, string> | null,
    response_body: row.responseBody,
    response_bytes: row.responseBytes,
    response_end: row.responseEnd as AttemptView['response_end'],
    response_fault: row.responseFault,
    omitted_fields: (row.omittedFields ?? []) as AttemptView['omitted_fields'],
    error: attemptErrorOf(row),
  }
}

function attemptErrorOf({ cause, message, remedy, decision }: Attempt): AttemptView['error'] {
  if (cause === null) return null
  return { code: cause, message: message ?? '', remedy, responsible: responsibleFor(cause, decision) }
}

function timingsOf(timings: ExchangeTimings | null): AttemptView['timings'] {
  return (
    timings && {
      reused_connection: timings.reusedConnection,
      dns_ms: timings.dnsMs,
      connect_ms: timings.connectMs,
      tls_ms: timings.tlsMs,
      first_byte_ms: timings.firstByteMs,
      total_ms: timings.totalMs,
    }
  )
}
