import type { Load } from '../load.ts'
import type { World } from '../world/world.ts'
import type {
  AttemptRow,
  DeliveryRecord,
  History,
  LedgerRecord,
  MoveRecord,
  RequestRecord,
} from './history.ts'

/** The history of some deliveries; of all when `ids` is null. Read it when they have settled. */
export async function readHistory(
  world: World,
  load: Pick<Load, 'calls' | 'accepted'>,
  ids: readonly string[] | null,
): Promise<History> {
  const known = ids && new Set(ids)
  const isMeant = (id: string | null): boolean => known === null || (id !== null && known.has(id))
  const idByCall = new Map([...load.accepted].map(([id, call]) => [call, id]))
  const requests: RequestRecord[] = world.receiver.log.map(({ call, ...request }) => ({
    ...request,
    deliveryId: request.deliveryId ?? idByCall.get(call) ?? null,
  }))
  return {
    calls: load.calls.filter(({ deliveryId }) => deliveryId !== null && isMeant(deliveryId)),
    resends: world.resends.filter(({ deliveryId }) => isMeant(deliveryId)),
    requests: requests.filter(({ deliveryId }) => isMeant(deliveryId)),
    deliveries: await query<DeliveryRecord>(world, deliveriesSql, ids),
    attempts: await query<AttemptRow>(world, attemptsSql, ids),
    moves: await query<MoveRecord>(world, movesSql, ids),
    ledgers: ids === null ? (await world.database().pool.query<LedgerRecord>(ledgersSql)).rows : [],
    interruptions: world.interruptions,
  }
}

async function query<Row extends object>(
  world: World,
  sql: string,
  ids: readonly string[] | null,
): Promise<Row[]> {
  return (await world.database().pool.query<Row>(sql, [ids])).rows
}

const deliveriesSql = `
  select
    id,
    webhook_type = 'slack' as "isChat",
    state,
    attempts,
    made_from is not null as "isMember"
  from deliveries
  where $1::uuid[] is null or id = any($1)`

const attemptsSql = `
  select
    delivery_id as "deliveryId",
    number,
    outcome,
    decision,
    outcome_unknown as "outcomeUnknown",
    response_status as status
  from attempts
  where $1::uuid[] is null or delivery_id = any($1)
  order by delivery_id, number`

const movesSql = `
  select
    delivery_id as "deliveryId",
    from_state as "from",
    to_state as "to"
  from chaos_moves
  where $1::uuid[] is null or delivery_id = any($1)
  order by number`

const ledgersSql = `
  select
    o.id as "operationId",
    o.state,
    o.matched,
    coalesce(
      (
        select json_agg(json_build_object('deliveryId', i.delivery_id, 'outcome', i.outcome))
        from operation_items i
        where i.operation_id = o.id
      ),
      '[]'
    ) as lines
  from operations o
  where o.state <> 'planned'`
