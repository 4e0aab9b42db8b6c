import { openReceiverUrl, storedReceiverUrl } from '../secrets/receiver-url.ts'
import type { Sealer } from '../secrets/sealer.ts'
import type { Database } from './open-database.ts'

/** How many were sealed anew. */
export interface Resealed {
  destinations: number
  deliveries: number
}

const batch = 200
const firstId = '00000000-0000-0000-0000-000000000000'

/**
 * Seals anew, with the first key, what is sealed with another one, and the URLs of single exports that are still in the
 * clear. Afterwards no other key is needed. May run beside everything else, be interrupted, and be repeated.
 * @throws SealError when a key is not there that something is sealed with
 */
export async function resealSecrets({ pool }: Pick<Database, 'pool'>, sealer: Sealer): Promise<Resealed> {
  return {
    destinations: await resealAll(pool, destinationRows, ({ id, sealed }) =>
      sealed === null || sealer.isCurrent(sealed) ? null : sealer.seal(sealer.open(sealed, id), id),
    ),
    deliveries: await resealAll(pool, deliveryRows, ({ site_id, sealed, receiver_url }) => {
      if (sealed !== null && sealer.isCurrent(sealed)) return null
      const url = sealed === null ? receiver_url : openReceiverUrl(sealer, site_id, sealed)
      return storedReceiverUrl(sealer, site_id, url).sealed
    }),
  }
}

interface Row {
  id: string
  site_id: number
  sealed: Uint8Array | null
  receiver_url: string | null
}

interface Rows {
  readSql: string
  /** Of each row: its id, what it is sealed as now, what it was found as. */
  writeSql: string
}

// What somebody changed meanwhile is sealed anew already.
const destinationRows: Rows = {
  readSql: `
    select id, site_id, sealed, null as receiver_url from destinations where id > $1 order by id limit ${batch}`,
  writeSql: `
    update destinations d set sealed = n.sealed from unnest($1::uuid[], $2::bytea[], $3::bytea[]) n(id, sealed, found)
    where d.id = n.id and d.sealed = n.found`,
}

// Where a delivery goes never changes.
const deliveryRows: Rows = {
  readSql: `
    select id, site_id, receiver_url_sealed as sealed, receiver_url from deliveries
    where id > $1 and (receiver_url is not null or receiver_url_sealed is not null) order by id limit ${batch}`,
  writeSql: `
    update deliveries d set receiver_url = null, receiver_url_sealed = n.sealed
    from unnest($1::uuid[], $2::bytea[], $3::bytea[]) n(id, sealed, found)
    where d.id = n.id and d.receiver_url_sealed is not distinct from n.found`,
}

/** Walks through all rows once; what is added behind it is sealed with the first key by whoever adds it. */
async function resealAll(
  pool: Database['pool'],
  { readSql, writeSql }: Rows,
  sealedAnew: (row: Row) => Uint8Array | null,
): Promise<number> {
  let resealed = 0
  let after = firstId
  for (;;) {
    const { rows } = await pool.query<Row>(readSql, [after])
    const last = rows.at(-1)
    if (!last) return resealed
    after = last.id
    const changes = rows.flatMap((row) => {
      const sealed = sealedAnew(row)
      return sealed === null ? [] : [{ id: row.id, sealed, found: row.sealed }]
    })
    if (changes.length === 0) continue
    const values = [
      changes.map((one) => one.id),
      changes.map((one) => one.sealed),
      changes.map((one) => one.found),
    ]
    resealed += (await pool.query(writeSql, values)).rowCount ?? 0
  }
}
