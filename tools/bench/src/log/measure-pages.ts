import type { Database } from '@ghostpost/infrastructure/database/connection'
import { listDeliveries } from '@ghostpost/infrastructure/database/log'
import { fetchJson, medianMs, type Caller } from './bench-api.ts'
import { indexLine, explainQueries } from './explain-queries.ts'
import { everyFilter } from './filters.ts'
import { durationLine, type ResultLine } from './result-line.ts'

const rounds = 15
const targetMs = 50

/** Measures a page by every filter, the first and deep ones, and reports the index that Postgres uses. */
export async function measurePages(
  deliveries: number,
  database: Database,
  caller: Caller,
): Promise<ResultLine[]> {
  const lines: ResultLine[] = []
  // Each deep page starts at another cursor, so that no page is cached from the previous one.
  const { rows } = await database.pool.query<{ id: string; created_at: Date }>(
    `select id, created_at from (select id, created_at, row_number() over (order by id) as n from deliveries) d
     where n % ${Math.max(Math.floor(deliveries / rounds), 1)} = 0 order by n`,
  )
  const middle = rows[Math.floor(rows.length / 2)]
  for (const filter of everyFilter(await findFailure(database), middle?.created_at ?? new Date())) {
    const query = new URLSearchParams(filter).toString()
    const name = query === '' ? 'all' : decodeURIComponent(query)
    const path = `/api/deliveries?${query}`
    const top = await medianMs(rounds, () => fetchJson(caller, path))
    const deep = await medianMs(rounds, (round) =>
      fetchJson(caller, `${path}&cursor=${rows[round % rows.length]?.id}`),
    )
    lines.push(
      durationLine(`page: ${name}`, top, targetMs),
      durationLine(`page deep: ${name}`, deep, targetMs),
    )
    const plan = await explainQueries(database, (watched) =>
      listDeliveries(watched, 4, filter, { limit: 50, cursor: middle?.id ?? null }),
    )
    lines.push(indexLine(name, plan))
  }
  return lines
}

async function findFailure({ pool }: Database): Promise<string> {
  const { rows } = await pool.query<{ failure: string }>(
    `select failure from deliveries where failure is not null order by id desc limit 1`,
  )
  return rows[0]?.failure ?? ''
}
