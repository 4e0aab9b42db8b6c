import { idempotencyHours } from './save-delivery.ts'
import type { Database } from './open-database.ts'

const batch = 1_000

const keysSql = `
  delete from idempotency_keys where (user_id, key) in (
    select user_id, key from idempotency_keys
    where created_at < now() - interval '${idempotencyHours} hours' limit ${batch} for update skip locked)`

const sessionsSql = `
  delete from sessions where token_hash in (
    select token_hash from sessions where expires_at < now() limit ${batch} for update skip locked)`

/** Removes what has run out, in batches small enough not to hold anyone up. Returns the number of rows removed. */
export async function pruneExpired({ pool }: Database): Promise<number> {
  let removed = 0
  for (const sql of [keysSql, sessionsSql]) {
    let last = batch
    while (last === batch) {
      last = (await pool.query(sql)).rowCount ?? 0
      removed += last
    }
  }
  return removed
}
