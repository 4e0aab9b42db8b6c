import { openReceiverUrl, storedReceiverUrl, type StoredReceiverUrl } from '../../secrets/receiver-url.ts'
import { SealError, type Sealer } from '../../secrets/sealer.ts'
import type { Database } from '../connection/open-database.ts'

/** The number of rows that were rewritten. */
export interface ResealedCounts {
  destinations: number
  deliveries: number
}

/** A row whose sealed value cannot be opened. */
export interface UnreadableRow {
  table: 'destinations' | 'deliveries'
  id: string
  reason: string
}

/** All other rows were resealed; these were left as they are. */
export class UnreadableSecretsError extends SealError {
  readonly rows: readonly UnreadableRow[]
  readonly resealed: ResealedCounts

  constructor(rows: readonly UnreadableRow[], resealed: ResealedCounts) {
    const named = rows.slice(0, namedMax).map(({ table, id, reason }) => `${table} ${id}: ${reason}`)
    const more = rows.length > namedMax ? [`and ${rows.length - namedMax} more.`] : []
    super(
      [`${rows.length} sealed values could not be opened and were left as they are.`, ...named, ...more].join(
        ' ',
      ),
    )
    this.name = 'UnreadableSecretsError'
    this.rows = rows
    this.resealed = resealed
  }
}

/** The most rows that the message names. */
const namedMax = 20
const batch = 200
const firstId = '00000000-0000-0000-0000-000000000000'

/**
 * Seals with the first key all secrets that are sealed with another key, and stores the URLs of single exports as the
 * settings say: sealed, or in the clear. Afterwards the other keys can be removed. Safe to run beside the other
 * processes, to interrupt and to repeat.
 * @param urlSealer without a key when URLs are stored in the clear
 * A value that cannot be opened is left as it is, and the others are sealed.
 * @throws UnreadableSecretsError at the end, if there was such a value
 */
export async function resealSecrets(
  { pool }: Pick<Database, 'pool'>,
  sealer: Sealer,
  urlSealer: Sealer,
): Promise<ResealedCounts> {
  const unreadable: UnreadableRow[] = []
  const resealed = {
    destinations: await rewriteTable(pool, destinationTable, unreadable, ({ id, sealed }) => {
      if (sealed === null) return null
      const value = sealer.open(sealed, id)
      return sealer.isCurrent(sealed) ? null : { sealed: sealer.seal(value, id), clear: null }
    }),
    deliveries: await rewriteTable(pool, deliveryTable, unreadable, ({ site_id, sealed, receiver_url }) => {
      const url = sealed === null ? receiver_url : openReceiverUrl(sealer, site_id, sealed)
      const isCurrent = sealed === null ? !urlSealer.available : urlSealer.isCurrent(sealed)
      return isCurrent ? null : storedReceiverUrl(urlSealer, site_id, url)
    }),
  }
  if (unreadable.length > 0) throw new UnreadableSecretsError(unreadable, resealed)
  return resealed
}

interface SealedRow {
  id: string
  site_id: number
  sealed: Uint8Array | null
  receiver_url: string | null
}

interface SealedTable {
  name: UnreadableRow['table']
  readSql: string
  /** Its parameters are arrays: ids, new sealed values, sealed values as read, new values in the clear. */
  writeSql: string
}

// A destination that was changed after it was read is already sealed with the first key.
const destinationTable: SealedTable = {
  name: 'destinations',
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
  name: 'deliveries',
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
  { name, readSql, writeSql }: SealedTable,
  unreadable: UnreadableRow[],
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
      const stored = orUnreadable(
        () => reseal(row),
        (reason) => unreadable.push({ table: name, id: row.id, reason }),
      )
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

function orUnreadable<T>(open: () => T, report: (reason: string) => void): T | null {
  try {
    return open()
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    report(error.message)
    return null
  }
}
