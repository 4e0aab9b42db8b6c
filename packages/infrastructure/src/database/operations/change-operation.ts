import { planLifetimeMs } from '@ghostpost/delivery/operations'
import type { AuditAction } from '@ghostpost/delivery/contract/audit'
import { writeAudit, type Actor } from '../upkeep/audit-log.ts'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'

export type OperationChange =
  | { kind: 'changed' }
  | { kind: 'wrong_state' }
  | { kind: 'already_running'; id: string | null }

/** The SQLSTATE for a violated unique index. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const uniqueViolation = '23505'

const startSql = `
  update operations
  set
    state = 'running',
    started_at = now(),
    paced_at = now(),
    reason = $2
  where id = $1
    and state = 'planned'
    and created_at > now() - interval '${planLifetimeMs} ms'
  returning site_id`

/**
 * Starts a plan, once. While an operation with the same selection runs, the result is `already_running`.
 * @param reason why the user starts it; null without one. The operation shows it.
 */
export async function startOperation(
  database: Pick<Database, 'pool'>,
  id: string,
  reason: string | null,
  actor: Actor,
): Promise<OperationChange> {
  try {
    const change = { action: 'operation.started', sql: startSql, values: [id, reason], reason } as const
    return await perform(database, change, actor)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === uniqueViolation)) throw error
    return { kind: 'already_running', id: await findRunningDuplicate(database, id) }
  }
}

async function findRunningDuplicate({ pool }: Pick<Database, 'pool'>, id: string): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>(
    `select t.id
     from operations o
     join operations t using (site_id, selection_key)
     where o.id = $1
       and t.id <> o.id
       and t.state in ('running', 'paused')`,
    [id],
  )
  return rows[0]?.id ?? null
}

const pauseSql = `
  update operations
  set
    state = 'paused',
    state_reason = $2
  where id = $1
    and state = 'running'
  returning site_id`

/** Pauses an operation: no more members start, and workers send none of its deliveries. */
export function pauseOperation(
  database: Pick<Database, 'pool'>,
  id: string,
  reason: string,
  actor: Actor,
): Promise<OperationChange> {
  return perform(database, { action: 'operation.paused', sql: pauseSql, values: [id, reason], reason }, actor)
}

const resumeSql = `
  update operations
  set
    state = 'running',
    state_reason = null,
    fed_at = now(),
    paced_at = now(),
    canary = case when canary = 'failed' then 'off' else canary end
  where id = $1
    and state = 'paused'
  returning site_id`

/**
 * Resumes an operation. After a failed canary the other members start without a second canary. The caller enqueues the
 * deliveries that were paused (`requeueAfterResume`).
 */
export function resumeOperation(
  database: Pick<Database, 'pool'>,
  id: string,
  actor: Actor,
): Promise<OperationChange> {
  return perform(database, { action: 'operation.resumed', sql: resumeSql, values: [id] }, actor)
}

const cancelSql = `
  update operations
  set
    state = 'cancelled',
    state_reason = null,
    fed_at = null
  where id = $1
    and state in ('running', 'paused')
  returning site_id`

/** Cancels an operation. The next feeding step cancels the started deliveries that no worker is sending. */
export function cancelOperation(
  database: Pick<Database, 'pool'>,
  id: string,
  actor: Actor,
): Promise<OperationChange> {
  return perform(database, { action: 'operation.cancelled', sql: cancelSql, values: [id] }, actor)
}

interface OperationAction {
  action: AuditAction
  sql: string
  values: readonly unknown[]
  /** The user's reason. */
  reason?: string | null
}

function perform(
  database: Pick<Database, 'pool'>,
  { action, sql, values, reason = null }: OperationAction,
  actor: Actor,
): Promise<OperationChange> {
  return inTransaction(database, async (client) => {
    const { rows } = await client.query<{ site_id: number }>(sql, [...values])
    const row = rows[0]
    if (!row) return { kind: 'wrong_state' }
    const object = { objectType: 'operation', objectId: String(values[0]) } as const
    await writeAudit(client, actor, { action, siteId: row.site_id, ...object, details: { reason } })
    return { kind: 'changed' }
  })
}
