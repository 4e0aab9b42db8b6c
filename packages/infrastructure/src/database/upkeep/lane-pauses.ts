import type { Lane } from '@ghostpost/delivery/deliver'
import { writeAudit, type Actor } from './audit-log.ts'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'

export interface LanePause {
  lane: Lane
  reason: string
  /** E-mail address of the user who paused it; null when the account no longer exists. */
  pausedBy: string | null
  pausedAt: Date
}

interface LanePauseRow {
  lane: Lane
  reason: string
  email: string | null
  paused_at: Date
}

const listPausesSql = `
  select
    p.lane,
    p.reason,
    u.email,
    p.paused_at
  from lane_pauses p
  left join users u on u.id = p.paused_by`

/** The paused lanes. */
export async function listLanePauses({ pool }: Pick<Database, 'pool'>): Promise<LanePause[]> {
  const { rows } = await pool.query<LanePauseRow>(listPausesSql)
  return rows.map(({ lane, reason, email, paused_at }) => ({
    lane,
    reason,
    pausedBy: email,
    pausedAt: paused_at,
  }))
}

const pauseSql = `
  insert into lane_pauses (lane, reason, paused_by) values ($1, $2, $3)
  on conflict (lane) do update set
    reason = excluded.reason,
    paused_by = excluded.paused_by`

/** Pauses a lane: within two seconds no worker starts a delivery of it. Running attempts finish. */
export async function pauseLane(
  database: Pick<Database, 'pool'>,
  lane: Lane,
  reason: string,
  actor: Actor,
): Promise<void> {
  await inTransaction(database, async (client) => {
    await client.query(pauseSql, [lane, reason, actor.userId])
    const object = { objectType: 'lane', objectId: lane } as const
    await writeAudit(client, actor, { action: 'lane.paused', siteId: null, ...object, details: { reason } })
  })
}

/** Resumes a lane; false when it was not paused. */
export async function resumeLane(
  database: Pick<Database, 'pool'>,
  lane: Lane,
  actor: Actor,
): Promise<boolean> {
  return inTransaction(database, async (client) => {
    const { rowCount } = await client.query('delete from lane_pauses where lane = $1', [lane])
    if (rowCount === 0) return false
    const object = { objectType: 'lane', objectId: lane } as const
    await writeAudit(client, actor, { action: 'lane.resumed', siteId: null, ...object })
    return true
  })
}
