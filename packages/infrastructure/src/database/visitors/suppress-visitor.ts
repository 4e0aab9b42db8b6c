import { createHash } from 'node:crypto'
import { visitorIdPattern } from '@ghostpost/delivery/contract/visitor-record'
import type { PoolClient } from 'pg'
import { inTransaction } from '../connection/in-transaction.ts'
import type { Database } from '../connection/open-database.ts'
import { writeAudit, type Actor } from '../upkeep/audit-log.ts'

// Waits for a transaction that inserts the same visitor now, so that the deletion after it sees the row. A later one
// waits for this transaction, and is checked again when it continues (the trigger `visitors_suppressed_meanwhile`).
// Older rows may have an id that no new row can have.
const reserveSql = `
  insert into visitors (site_id, ghost_vid, first_seen, last_seen)
  select
    $1,
    $2,
    now(),
    now()
  where $2 ~ '${visitorIdPattern}'
  on conflict do nothing`

const suppressSql = `
  insert into suppressed_visitors (site_id, digest)
  values ($1, suppression_digest($1, $2))
  on conflict do nothing`

/**
 * Puts a visitor on the list of those who do not come back. Run it in the transaction that deletes the profile.
 * @returns whether the row of the visitor is only a reservation, which the caller deletes
 */
export async function suppressVisitor(
  client: PoolClient,
  siteId: number,
  ghostVid: string,
): Promise<boolean> {
  const reserved = await client.query(reserveSql, [siteId, ghostVid])
  await client.query(suppressSql, [siteId, ghostVid])
  return reserved.rowCount === 1
}

const liftSql = `
  delete from suppressed_visitors
  where site_id = $1
    and digest = suppression_digest($1, $2)`

/** Takes an erased visitor from the list, who may then be stored and exported again. False if it was not on it. */
export async function liftSuppression(
  database: Pick<Database, 'pool'>,
  { siteId, ghostVid }: { siteId: number; ghostVid: string },
  actor: Actor,
): Promise<boolean> {
  return inTransaction(database, async (client) => {
    const { rowCount } = await client.query(liftSql, [siteId, ghostVid])
    if (rowCount === 0) return false
    const object = { objectType: 'visitor', objectId: digestOfVisitor(siteId, ghostVid) } as const
    await writeAudit(client, actor, { action: 'visitor.suppression_lifted', siteId, ...object })
    return true
  })
}

/** Proves an erasure to a person who knows the visitor's id, and reveals the id to nobody else. */
export function digestOfVisitor(siteId: number, ghostVid: string): string {
  return createHash('sha256').update(`${siteId} ${ghostVid}`).digest('hex')
}
