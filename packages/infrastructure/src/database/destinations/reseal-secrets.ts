import { openReceiverUrl, storedReceiverUrl, type StoredReceiverUrl } from '../../secrets/receiver-url.ts'
import type { Sealer } from '../../secrets/sealer.ts'
import type { Database } from '../connection/open-database.ts'

/** The number of rows that were rewritten. */
export interface ResealedCounts {
  destinations: number
  deliveries: number
}

const batch = 200
const firstId = '00000000-0000-0000-0000-000000000000'

/**
 * Seals with the first key all secrets that are sealed with another key, and stores the URLs of single exports as the
 * settings say: sealed, or in the clear. Afterwards the other keys can be removed. Safe to run beside the other
 * processes, to interrupt and to repeat.
 * @param urlSealer without a key when URLs are stored in the clear
 * @throws SealError when the key of a sealed value is not configured
 */
export async function resealSecrets(
  { pool }: Pick<Database, 'pool'>,
  sealer: Sealer,
  urlSealer: Sealer,
): Promise<ResealedCounts> {
  return {
    destinations: await rewriteTable(pool, destinationTable, ({ id, sealed }) =>
      sealed === null || sealer.isCurrent(sealed)
        ? null
        : { sealed: sealer.seal(sealer.open(sealed, id), id), clear: null },
    ),
    deliveries: await rewriteTable(pool, deliveryTable, ({ site_id, sealed, receiver_url }) => {
      const isCurrent = sealed === null ? !urlSealer.available : urlSealer.isCurrent(sealed)
      if (isCurrent) return null
      const url = sealed === null ? receiver_url : openReceiverUrl(sealer, site_id, sealed)
      return storedReceiverUrl(urlSealer, site_id, url)
    }),
  }
}

interface SealedRow {
  id: string
  site_id: number
  sealed: Uint8Array | null
  receiver_url: string | null
}

interface SealedTable {
  readSql: string
  /** Its parameters are arrays: ids, new sealed values, sealed values as read, new values in the clear. */
  writeSql: string
}

// A destination that was changed after it was read is already sealed with the first key.
const destinationTable: SealedTable = {
  readSql: `
    select
      id,
      site_id,
      sealed,
      null as receiver_url
    from destinations
    where id > $1
    order by id
    limit ${batch}`,
  writeSql: `
    update destinations d set
      sealed = n.sealed
    from unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::text[]) n(id, sealed, found, clear)
    where d.id = n.id
      and d.sealed = n.found`,
}

// No statement but this one changes the URL of a delivery.
const deliveryTable: SealedTable = {
  readSql: `
    select
      id,
      site_id,
      receiver_url_sealed as sealed,
      receiver_url
    from deliveries
    where id > $1
      and (receiver_url is not null or receiver_url_sealed is not null)
    order by id
    limit ${batch}`,
  writeSql: `
    update deliveries d set
      receiver_url = n.clear,
      receiver_url_sealed = n.sealed
    from unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::text[]) n(id, sealed, found, clear)
    where d.id = n.id
      and d.receiver_url_sealed is not distinct from n.found`,
}

/** Reads all rows once, in the order of their ids. Rows that are added meanwhile are already in the right form. */
async function rewriteTable(
  pool: Database['pool'],
  { readSql, writeSql }: SealedTable,
  reseal: (row: SealedRow) => StoredReceiverUrl | null,
): Promise<number> {
  let count = 0
  let after = firstId
  for (;;) {
    const { rows } = await pool.query<SealedRow>(readSql, [after])
    const last = rows.at(-1)
    if (!last) return count
    after = last.id
    const changes = rows.flatMap((row) => {
      const stored = reseal(row)
      return stored === null ? [] : [{ ...stored, id: row.id, found: row.sealed }]
    })
    if (changes.length === 0) continue
    const values = [
      changes.map((one) => one.id),
      changes.map((one) => one.sealed),
      changes.map((one) => one.found),
      changes.map((one) => one.clear),
    ]
    count += (await pool.query(writeSql, values)).rowCount ?? 0
  }
}
