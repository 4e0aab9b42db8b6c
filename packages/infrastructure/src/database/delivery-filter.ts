import type { DeliveryFilter } from '@ghostpost/delivery/contract'
import { lowestIdAt } from './delivery-id.ts'
import type { Database } from './open-database.ts'

/** A condition on `deliveries`, with its values as `$n`. */
interface Condition {
  sql: string
  /** An index leads straight to what it is about. */
  indexed: boolean
}

/**
 * A filter as SQL. `leading` is what an index answers, newest first; `rest` is checked row by row, so a search by it is
 * bounded. `null` when nothing can match.
 */
export interface FilterSql {
  leading: readonly string[]
  rest: readonly string[]
  values: readonly unknown[]
}

/** More visitors than this of one name are not looked at. */
const namesakesMax = 1_000

/** Reads a filter for one site. Only columns and values of ours get into the SQL: what people wrote is a parameter. */
export async function filterSql(
  database: Pick<Database, 'pool'>,
  siteId: number,
  filter: DeliveryFilter,
): Promise<FilterSql | null> {
  const values: unknown[] = [siteId]
  const bind = (value: unknown): string => `$${values.push(value)}`
  const visitors = await visitorIds(database, siteId, filter)
  if (visitors !== null && visitors.length === 0) return null
  const conditions = [...conditionsOf(filter, visitors, bind)]
  // One index is enough: the first that fits leads, and the rest is checked.
  const lead = conditions.findIndex(({ indexed }) => indexed)
  return {
    leading: [
      'site_id = $1',
      ...timesOf(filter, bind),
      ...conditions.slice(lead, lead + 1).map(({ sql }) => sql),
    ],
    rest: conditions.filter((_, index) => index !== lead).map(({ sql }) => sql),
    values,
  }
}

function timesOf({ from, to }: DeliveryFilter, bind: (value: unknown) => string): string[] {
  return [
    ...(from === undefined ? [] : [`id >= ${bind(lowestIdAt(new Date(from)))}::uuid`]),
    ...(to === undefined ? [] : [`id < ${bind(lowestIdAt(new Date(to)))}::uuid`]),
  ]
}

/** In the order of how few deliveries they usually leave. */
function* conditionsOf(
  filter: DeliveryFilter,
  visitors: readonly string[] | null,
  bind: (value: unknown) => string,
): Generator<Condition> {
  if (filter.ghost_vid !== undefined) yield indexed(`ghost_vid = ${bind(filter.ghost_vid)}`)
  if (visitors !== null) yield indexed(`visitor_id = any(${bind(visitors)}::bigint[])`)
  if (filter.operation_id !== undefined) yield indexed(`operation_id = ${bind(filter.operation_id)}::uuid`)
  if (filter.failure !== undefined) yield indexed(`failure = ${bind(filter.failure)}`)
  if (filter.cause !== undefined) yield indexed(`last_cause = ${bind(filter.cause)}`)
  yield* statesOf(filter.status, bind)
  if (filter.destination_id !== undefined)
    yield indexed(`destination_id = ${bind(filter.destination_id)}::uuid`)
  if (filter.receiver !== undefined) yield indexed(`receiver_host = ${bind(filter.receiver.toLowerCase())}`)
  if (filter.webhook_type !== undefined)
    yield { sql: `webhook_type = any(${bind(filter.webhook_type.split(','))})`, indexed: false }
  yield* statusesOf(filter.response_status, bind)
}

function indexed(sql: string): Condition {
  return { sql, indexed: true }
}

// Indexes say it without the state, which changes with every claim.
const failedSql = 'failure is not null'
const cancelledSql = 'sweep_at is null and delivered_at is null and failure is null'
const unfinished: ReadonlySet<string> = new Set(['queued', 'delivering', 'retrying'])

function* statesOf(status: string | undefined, bind: (value: unknown) => string): Generator<Condition> {
  if (status === undefined) return
  const states = status.split(',')
  const isOne = (state: string): boolean => states.length === 1 && states[0] === state
  if (isOne('failed')) return yield { sql: failedSql, indexed: true }
  if (isOne('cancelled')) return yield { sql: cancelledSql, indexed: true }
  // The index of what is unfinished is the sweeper's mark, not the state.
  if (states.every((state) => unfinished.has(state))) yield { sql: 'sweep_at is not null', indexed: true }
  yield { sql: `state = any(${bind(states)})`, indexed: false }
}

function* statusesOf(status: string | undefined, bind: (value: unknown) => string): Generator<Condition> {
  if (status === undefined) return
  if (!status.endsWith('xx'))
    return yield { sql: `last_response_status = ${bind(Number(status))}`, indexed: false }
  const from = Number(status[0]) * 100
  yield { sql: `last_response_status between ${bind(from)} and ${bind(from + 99)}`, indexed: false }
}

/** Ids of the visitors a filter names; null when it names none. */
async function visitorIds(
  { pool }: Pick<Database, 'pool'>,
  siteId: number,
  { identified_user }: DeliveryFilter,
): Promise<readonly string[] | null> {
  if (identified_user === undefined) return null
  const { rows } = await pool.query<{ id: string }>(
    `select id from visitors where site_id = $1 and identified_user_id = $2 order by last_seen desc limit ${namesakesMax}`,
    [siteId, identified_user],
  )
  return rows.map(({ id }) => id)
}
