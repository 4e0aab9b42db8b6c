import { isDeepStrictEqual } from 'node:util'
import type { Pool } from 'pg'
import {
  isFinished,
  sweepAfterDays,
  type Attempt,
  type Delivery,
  type LedgerLine,
  type Model,
} from '../model.ts'

/** A delivery as the database has it. Times are days from now, and 0 for the past. */
interface ObservedDelivery {
  id: string
  state: Delivery['state']
  attempts: number
  series_start: number
  claim_id: string | null
  next_attempt_in: number | null
  sweep_in: number | null
  payload: string | null
  is_erased: boolean
  operation_id: string | null
  is_finished: boolean
  was_delivered: boolean
  attempt_rows: Attempt[]
}

interface ObservedOperation {
  id: string
  state: string
  fed: number
  all_fed: boolean
  has_ended: boolean
  lines: { source: string; delivery: string | null; outcome: LedgerLine['outcome'] }[]
}

export interface Observed {
  deliveries: readonly ObservedDelivery[]
  operations: readonly ObservedOperation[]
}

/** The ids of what the model counts by index. */
export interface Ids {
  deliveries: readonly string[]
  claims: readonly string[]
  operations: readonly string[]
}

/** A minute more or less is no day: columns are rounded, and statements take time. */
const daysUntil = (column: string): string => `
  case
    when ${column} is not null then greatest(ceil((extract(epoch from ${column} - now()) - 60) / 86400), 0)::int
  end`

const deliveriesSql = `
  select
    d.id,
    d.state,
    d.attempts,
    d.series_start,
    d.claim_id,
    ${daysUntil('d.next_attempt_at')} as next_attempt_in,
    ${daysUntil('d.sweep_at')} as sweep_in,
    p.body as payload,
    d.erased_at is not null and d.ghost_vid = 'gv_erased' as is_erased,
    d.operation_id,
    d.finished_at is not null as is_finished,
    d.delivered_at is not null as was_delivered,
    coalesce(a.attempt_rows, '[]') as attempt_rows
  from deliveries d
  left join payloads p on p.delivery_id = d.id
  left join lateral (
    select json_agg(
      json_build_object(
        'number', number,
        'outcome', outcome,
        'decision', decision,
        'outcomeUnknown', outcome_unknown
      )
      order by number
    ) as attempt_rows
    from attempts
    where delivery_id = d.id
  ) a on true`

const operationsSql = `
  select
    o.id,
    o.state,
    o.fed,
    o.all_fed,
    o.finished_at is not null as has_ended,
    coalesce(i.lines, '[]') as lines
  from operations o
  left join lateral (
    select json_agg(
      json_build_object('source', source_delivery_id, 'delivery', delivery_id, 'outcome', outcome)
      order by number
    ) as lines
    from operation_items
    where operation_id = o.id
  ) i on true`

/** Reads all deliveries and operations: those of the history, because each history begins with empty tables. */
export async function observe(pool: Pool): Promise<Observed> {
  const deliveries = await pool.query<ObservedDelivery>({ name: 'observe-deliveries', text: deliveriesSql })
  const operations = await pool.query<ObservedOperation>({ name: 'observe-operations', text: operationsSql })
  return { deliveries: deliveries.rows, operations: operations.rows }
}

/** What differs between the model and the database; null when they agree. */
export function differenceOf(model: Model, observed: Observed, ids: Ids): string | null {
  if (observed.deliveries.length !== model.deliveries.length) {
    return `the database has ${observed.deliveries.length} deliveries, the model ${model.deliveries.length}`
  }
  const byId = new Map(observed.deliveries.map((row) => [row.id, row]))
  for (const [index, delivery] of model.deliveries.entries()) {
    const row = byId.get(ids.deliveries[index] ?? '')
    if (!row) return `delivery ${index} is not in the database`
    const difference = differenceOfDelivery(model, delivery, row, ids) ?? sweepFault(model, delivery, row)
    if (difference !== null) return `delivery ${index}: ${difference}`
  }
  return differenceOfOperations(model, observed, ids)
}

function differenceOfDelivery(model: Model, one: Delivery, row: ObservedDelivery, ids: Ids): string | null {
  const expected = {
    state: one.state,
    attempts: one.attempts.length,
    series_start: one.seriesStart,
    claim_id: one.claim === null ? null : (ids.claims[one.claim] ?? null),
    next_attempt_in: one.nextAttemptAt === null ? null : Math.max(one.nextAttemptAt - model.now, 0),
    payload: one.payload?.body ?? null,
    is_erased: one.isErased,
    operation_id: one.operation === null ? null : (ids.operations[one.operation] ?? null),
    is_finished: isFinished(one),
    was_delivered: one.state === 'delivered',
    attempt_rows: one.attempts,
  }
  return firstDifference(expected, row)
}

function firstDifference(expected: object, row: object): string | null {
  const actual = new Map<string, unknown>(Object.entries(row))
  for (const [name, value] of Object.entries(expected)) {
    if (isDeepStrictEqual(value, actual.get(name))) continue
    return `${name} is ${JSON.stringify(actual.get(name))}, and should be ${JSON.stringify(value)}`
  }
  return null
}

/** The sweeper looks at each unfinished delivery, soon after it is due or its claim expires, and not all the time. */
function sweepFault(model: Model, one: Delivery, { sweep_in: sweepIn }: ObservedDelivery): string | null {
  if (isFinished(one)) return sweepIn === null ? null : 'it is finished, and the sweeper looks at it'
  if (sweepIn === null) return 'the sweeper never looks at it'
  const expiresAt = one.claim === null ? 0 : (model.claims[one.claim]?.expiresAt ?? 0)
  const latest = Math.max(model.now, one.nextAttemptAt ?? 0, expiresAt) + sweepAfterDays
  if (model.now + sweepIn > latest) return `the sweeper looks at it in ${sweepIn} days, which is too late`
  const isDeferred = one.sweepAt !== null && one.sweepAt > model.now
  return isDeferred && sweepIn === 0 ? 'the sweeper looks at it again at once' : null
}

function differenceOfOperations(model: Model, observed: Observed, ids: Ids): string | null {
  const byId = new Map(observed.operations.map((row) => [row.id, row]))
  for (const [index, one] of model.operations.entries()) {
    const row = byId.get(ids.operations[index] ?? '')
    if (!row) return `operation ${index} is not in the database`
    const lines = one.lines.map(({ source, delivery, outcome }) => ({
      source: ids.deliveries[source],
      delivery: delivery === null ? null : (ids.deliveries[delivery] ?? null),
      outcome,
    }))
    const { state, isFed, hasEnded } = one
    const expected = { state, fed: lines.length, all_fed: isFed, has_ended: hasEnded, lines }
    const difference = firstDifference(expected, row)
    if (difference !== null) return `operation ${index}: ${difference}`
  }
  return null
}

/** The model with the times that the statements chose for the sweeper. */
export function withSweepTimes(model: Model, observed: Observed, ids: Ids): Model {
  const byId = new Map(observed.deliveries.map((row) => [row.id, row.sweep_in]))
  const deliveries = model.deliveries.map((one, index) => {
    const sweepIn = byId.get(ids.deliveries[index] ?? '') ?? null
    return { ...one, sweepAt: sweepIn === null ? null : model.now + sweepIn }
  })
  return { ...model, deliveries }
}
