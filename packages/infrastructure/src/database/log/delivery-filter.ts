import type { DeliveryFilter } from '@ghostpost/delivery/contract/delivery-log'
import { isUuid, lowestIdAt } from './delivery-id.ts'
import type { Database } from '../connection/open-database.ts'
import { laneSql, waitConditions } from './wait-filter.ts'
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
    ...recoveredConditions(filter),
  ]
  // One index is enough: the first indexed condition leads, and the others are checked.
  const lead = conditions.findIndex(({ indexed }) => indexed)
  const open = leavesRecoveredOut(filter) ? [isOpenSql] : []
  return {
    leading: [
      'site_id = $1',
      ...timesOf(filter, bind),
      ...conditions.slice(lead, lead + 1).map(({ sql }) => sql),
      ...open,
    ],
    rest: conditions.filter((_, index) => index !== lead).map(({ sql }) => sql),
    values,
  }
}

/** The indexes of dead letters contain this condition. Of other deliveries it is always true. */
const isOpenSql = 'recovered_by is null'

/** A search for dead letters leaves recovered ones out, unless it asks for them. */
function leavesRecoveredOut({ recovered, failure, status }: DeliveryFilter): boolean {
  const isForDeadLetters = failure !== undefined || (status?.split(',').includes('failed') ?? false)
  return recovered === 'no' || (recovered === undefined && isForDeadLetters)
}

function recoveredConditions({ recovered }: DeliveryFilter): Condition[] {
  return recovered === 'yes' ? [indexed('recovered_by is not null')] : []
}

function timesOf({ from, to }: DeliveryFilter, bind: Bind): string[] {
  return [
    ...(from === undefined ? [] : [`id >= ${bind(lowestIdAt(new Date(from)))}::uuid`]),
    ...(to === undefined ? [] : [`id < ${bind(lowestIdAt(new Date(to)))}::uuid`]),
  ]
}

/** The fields on columns of `deliveries`. `timesOf` and `visitorConditions` have the others. */
type ColumnField = Exclude<keyof DeliveryFilter, 'identified_user' | 'from' | 'to' | 'recovered'>

/** The conditions of each field, the most selective first. */
const columnConditions: { [Field in ColumnField]: (value: string, bind: Bind) => Condition[] } = {
  text: (text, bind) => (isUuid(text) ? [indexed(`id = ${bind(text)}::uuid`)] : []),
  ghost_vid: (vid, bind) => [indexed(`ghost_vid = ${bind(vid)}`)],
  operation_id: (id, bind) => [indexed(`operation_id = ${bind(id)}::uuid`)],
  failure: (fingerprint, bind) => [indexed(`failure = ${bind(fingerprint)}`)],
  cause: (cause, bind) => [indexed(`last_cause = ${bind(cause)}`)],
  status: statesOf,
  destination_id: (id, bind) => [indexed(`destination_id = ${bind(id)}::uuid`)],
  receiver: (host, bind) => [indexed(`receiver_host = ${bind(host.toLowerCase())}`)],
  webhook_type: (types, bind) => [unindexed(`webhook_type = any(${bind(types.split(','))})`)],
  response_status: statusesOf,
  wait: (reason) => [
    indexed(unfinishedSql),
    unindexed(`state in ('queued', 'retrying') and ${waitConditions[reason] ?? 'false'}`),
  ],
  lane: (lane, bind) => [indexed(unfinishedSql), unindexed(`${laneSql} = ${bind(lane)}`)],
  due_before: (time, bind) => [
    indexed(unfinishedSql),
    unindexed(`next_attempt_at < ${bind(new Date(time))}`),
  ],
  purpose: (purpose) => [unindexed(purposeSql[purpose] ?? 'false')],
}

const purposeSql: Readonly<Record<string, string>> = {
  export: 'not sample and alert_rule_id is null',
  test: 'sample',
  alert: 'alert_rule_id is not null',
}

function conditionsOf(filter: DeliveryFilter, bind: Bind): Condition[] {
  return Object.entries(columnConditions).flatMap(([field, conditionsFor]) => {
    const value = filter[field as ColumnField]
    return value === undefined ? [] : conditionsFor(value, bind)
  })
}

function indexed(sql: string): Condition {
  return { sql, indexed: true }
}

function unindexed(sql: string): Condition {
  return { sql, indexed: false }
}

// The partial indexes use these conditions instead of the state, which changes with every claim.
const unfinishedSql = 'sweep_at is not null'
const failedSql = 'failure is not null'
const cancelledSql = 'sweep_at is null and delivered_at is null and failure is null'
const unfinished: ReadonlySet<string> = new Set(['queued', 'delivering', 'retrying'])

function statesOf(status: string, bind: Bind): Condition[] {
  const states = status.split(',')
  const isOne = (state: string): boolean => states.length === 1 && states[0] === state
  if (isOne('failed')) return [indexed(failedSql)]
  if (isOne('cancelled')) return [indexed(cancelledSql)]
  const stateSql = unindexed(`state = any(${bind(states)})`)
  // The index of unfinished deliveries is on `sweep_at`, not on the state.
  return states.every((state) => unfinished.has(state)) ? [indexed(unfinishedSql), stateSql] : [stateSql]
}

function statusesOf(status: string, bind: Bind): Condition[] {
  const alternatives = status.split(',').map((one) => {
    if (!one.endsWith('xx')) return `last_response_status = ${bind(Number(one))}`
    const from = Number(one[0]) * 100
    return `last_response_status between ${bind(from)} and ${bind(from + 99)}`
  })
  return [unindexed(`(${alternatives.join(' or ')})`)]
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
  return unindexed(`(select ${sql(bind(value))} from visitors v where v.id = visitor_id)`)
}
