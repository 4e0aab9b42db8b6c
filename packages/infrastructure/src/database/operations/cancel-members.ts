import type { OperationKind, OperationMember } from '@ghostpost/delivery/operations'
import type { PoolClient } from 'pg'
import { cancelSkips } from './operation-skips.ts'

// The ledger of the operation that had made the delivery due accounts for it too.
const cancelMembersSql = `
  with input as (
    select *
    from unnest($2::uuid[], $3::int[], $4::text[]) as w(id, number, ghost_vid)
  ), judged as (
    select
      w.*,
      d.failure,
      case when d.id is null then 'state_changed' else ${cancelSkips.reason} end as skip
    from input w
    left join deliveries d on d.id = w.id
  ), cancelled as (
    update deliveries d
    set
      state = 'cancelled',
      next_attempt_at = null,
      sweep_at = null,
      finished_at = now()
    from judged j
    where d.id = j.id
      and j.skip is null
      and d.state in ('queued', 'retrying')
    returning
      d.id,
      d.operation_id
  ), settled as (
    update operation_items i
    set
      outcome = 'cancelled',
      reason = 'by_hand'
    from cancelled c
    where i.delivery_id = c.id
      and i.operation_id = c.operation_id
      and i.outcome = 'waiting'
  )
  insert into operation_items (
    operation_id,
    number,
    delivery_id,
    source_delivery_id,
    ghost_vid,
    outcome,
    reason,
    failure_before
  )
  select
    $1,
    j.number,
    c.id,
    j.id,
    j.ghost_vid,
    case when c.id is null then 'skipped' else 'cancelled' end,
    case when c.id is null then coalesce(j.skip, 'state_changed') end,
    j.failure
  from judged j
  left join cancelled c on c.id = j.id`

/** Cancels the members that wait, and writes all into the ledger. The caller has locked them. */
export async function cancelMembers(
  client: PoolClient,
  operationId: string,
  members: readonly OperationMember[],
  fed: number,
): Promise<void> {
  await client.query(cancelMembersSql, [operationId, ...columnsOf(members, fed)])
}

const neverBegunSql = `
  insert into operation_items (operation_id, number, source_delivery_id, ghost_vid, outcome, reason)
  select
    $1,
    number,
    case when $5::boolean then null else id::uuid end,
    ghost_vid,
    'cancelled',
    'never_begun'
  from unnest($2::text[], $3::int[], $4::text[]) as w(id, number, ghost_vid)`

/** Writes members that a cancelled operation never began into its ledger. */
export async function listNeverBegun(
  client: PoolClient,
  { id, kind }: { id: string; kind: OperationKind },
  members: readonly OperationMember[],
  fed: number,
): Promise<void> {
  if (members.length === 0) return
  await client.query(neverBegunSql, [id, ...columnsOf(members, fed), kind === 'export'])
}

/** Ids, numbers in the ledger, and visitors. */
function columnsOf(members: readonly OperationMember[], fed: number): [string[], number[], string[]] {
  return [
    members.map((member) => member.id),
    members.map((_, index) => fed + index + 1),
    members.map((member) => member.ghostVid),
  ]
}
