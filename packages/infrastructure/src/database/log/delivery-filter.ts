import type { DeliveryFilter } from '@ghostpost/delivery/contract/delivery-log'
import { isUuid, lowestIdAt } from './delivery-id.ts'
import type { Database } from '../connection/open-database.ts'
import { visitorWordsSql, wordSearchQuery } from './visitor-words.ts'

/** A condition on `deliveries`, with its values as `$n`. */
interface Condition {
  sql: string
  /** An index answers it. */
  indexed: boolean
}

/** A filter as SQL. An index answers `leading`; `rest` is checked row by row, so a search by it has to be bounded. */
export interface FilterSql {
  leading: readonly string[]
  rest: readonly string[]
  values: readonly unknown[]
}

/** Up to this many visitors are searched by their ids. For more, each delivery's visitor is checked. */
const visitorsMax = 200

type Bind = (value: unknown) => string

/**
 * Builds the SQL of a filter for one site. Every text of the filter is a parameter, never part of the SQL.
 * @returns null when no delivery can match
 */
export async function filterSql(
  database: Pick<Database, 'pool'>,
  siteId: number,
  filter: DeliveryFilter,
): Promise<FilterSql | null> {
  const values: unknown[] = [siteId]
  const bind: Bind = (value) => `$${values.push(value)}`
  const visitorFilters = visitorConditions(filter)
  if (visitorFilters === null) return null
  const visitors = await Promise.all(visitorFilters.map((one) => findVisitors(database, siteId, one)))
  if (visitors.some((ids) => ids?.length === 0)) return null
  const conditions = [
    ...visitorFilters.map((one, index) => visitorIdCondition(one, visitors[index] ?? null, bind)),
    ...conditionsOf(filter, bind),
  ]
  // One index is enough: the first indexed condition leads, and the others are checked.
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

function timesOf({ from, to }: DeliveryFilter, bind: Bind): string[] {
  return [
    ...(from === undefined ? [] : [`id >= ${bind(lowestIdAt(new Date(from)))}::uuid`]),
    ...(to === undefined ? [] : [`id < ${bind(lowestIdAt(new Date(to)))}::uuid`]),
  ]
}

/** Yields the most selective conditions first. */
function* conditionsOf(filter: DeliveryFilter, bind: Bind): Generator<Condition> {
  if (filter.text !== undefined && isUuid(filter.text)) yield indexed(`id = ${bind(filter.text)}::uuid`)
  if (filter.ghost_vid !== undefined) yield indexed(`ghost_vid = ${bind(filter.ghost_vid)}`)
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

// The partial indexes use these conditions instead of the state, which changes with every claim.
const failedSql = 'failure is not null'
const cancelledSql = 'sweep_at is null and delivered_at is null and failure is null'
const unfinished: ReadonlySet<string> = new Set(['queued', 'delivering', 'retrying'])

function* statesOf(status: string | undefined, bind: Bind): Generator<Condition> {
  if (status === undefined) return
  const states = status.split(',')
  const isOne = (state: string): boolean => states.length === 1 && states[0] === state
  if (isOne('failed')) return yield { sql: failedSql, indexed: true }
  if (isOne('cancelled')) return yield { sql: cancelledSql, indexed: true }
  // The index of unfinished deliveries is on `sweep_at`, not on the state.
  if (states.every((state) => unfinished.has(state))) yield { sql: 'sweep_at is not null', indexed: true }
  yield { sql: `state = any(${bind(states)})`, indexed: false }
}

function* statusesOf(status: string | undefined, bind: Bind): Generator<Condition> {
  if (status === undefined) return
  if (!status.endsWith('xx'))
    return yield { sql: `last_response_status = ${bind(Number(status))}`, indexed: false }
  const from = Number(status[0]) * 100
  yield { sql: `last_response_status between ${bind(from)} and ${bind(from + 99)}`, indexed: false }
}

/** A condition on visitors; `v` is the table. */
interface VisitorCondition {
  /** @param value the placeholder of `value` */
  sql: (value: string) => string
  value: string
}

/** The filter's conditions on visitors; null when no visitor can match. */
function visitorConditions({ identified_user, text }: DeliveryFilter): VisitorCondition[] | null {
  const conditions: VisitorCondition[] = []
  if (identified_user !== undefined)
    conditions.push({ sql: (value) => `v.identified_user_id = ${value}`, value: identified_user })
  if (text === undefined || isUuid(text)) return conditions
  const words = wordSearchQuery(text)
  if (words === null) return null
  conditions.push({ sql: (value) => `${visitorWordsSql} @@ to_tsquery('simple', ${value})`, value: words })
  return conditions
}

/** Finds the ids of the matching visitors; null for more than `visitorsMax`. */
async function findVisitors(
  { pool }: Pick<Database, 'pool'>,
  siteId: number,
  { sql, value }: VisitorCondition,
): Promise<readonly string[] | null> {
  const { rows } = await pool.query<{ id: string }>(
    `select v.id
     from visitors v
     where v.site_id = $1
       and ${sql('$2')}
     limit ${visitorsMax + 1}`,
    [siteId, value],
  )
  return rows.length > visitorsMax ? null : rows.map(({ id }) => id)
}

function visitorIdCondition(
  { sql, value }: VisitorCondition,
  ids: readonly string[] | null,
  bind: Bind,
): Condition {
  if (ids !== null) return indexed(`visitor_id = any(${bind(ids)}::bigint[])`)
  // A join would read all visitors first; a subquery reads one per delivery.
  return { sql: `(select ${sql(bind(value))} from visitors v where v.id = visitor_id)`, indexed: false }
}
