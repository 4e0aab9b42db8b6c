import type { DeliveryFilter } from '@ghostpost/delivery/contract/delivery-log'
import type { Database } from '@ghostpost/infrastructure/database/connection'
import { countDeliveries, listFailureGroups } from '@ghostpost/infrastructure/database/log'
import { memoryOf } from '../process-usage.ts'
import { fetchJson, fetchApi, medianMs, type Caller } from './bench-api.ts'
import { indexLine, explainQueries } from './explain-queries.ts'
import { loadedLog } from './load-log.ts'
import { durationLine, type ResultLine } from './result-line.ts'

const pageTargetMs = 50
const countTargetMs = 300
const planTargetMs = 2_000
const memoryTargetMb = 256

/** Measures the other reads of the log: one delivery, counts, failure groups, plans. */
export async function measureReads(
  deliveries: number,
  database: Database,
  caller: Caller,
): Promise<ResultLine[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    'select id from deliveries tablesample system (1) order by random() limit 50',
  )
  const timed = (times: number, path: string): Promise<number> =>
    medianMs(times, () => fetchJson(caller, path))
  const detail = await medianMs(rows.length, (round) =>
    fetchJson(caller, `/api/deliveries/${rows[round]?.id}`),
  )
  return [
    durationLine('detail', detail, pageTargetMs),
    indexLine('detail', await detailPlan(database, rows[0]?.id ?? null)),
    durationLine('count of all (capped)', await timed(15, '/api/deliveries/count'), countTargetMs),
    durationLine(
      'count of a rare filter',
      await timed(5, '/api/deliveries/count?response_status=404'),
      countTargetMs,
    ),
    durationLine(
      'count by the words of many',
      await timed(5, '/api/deliveries/count?text=family'),
      countTargetMs,
    ),
    ...(await countIndexes(database)),
    durationLine('failure groups', await timed(5, '/api/failures'), countTargetMs),
    indexLine('failure groups', await explainQueries(database, (watched) => listFailureGroups(watched, 4))),
    await planLine(caller, `plan to resend ${deliveries}`, { kind: 'resend', filter: everything }),
    await planLine(caller, `plan to re-export ${deliveries}`, { kind: 're_export', filter: everything }),
    await planLine(caller, 'plan to resend what failed', { kind: 'resend', filter: { status: 'failed' } }),
    await planLine(caller, `plan to export ${loadedLog.visitors} visitors`, {
      kind: 'export',
      visitors: { seen_from: everything.from },
      destination_id: loadedLog.destinationId,
    }),
  ]
}

/** Prisma reads a delivery and its related rows one by one, by these conditions. */
const detailReads = [
  'select * from deliveries where id = $1',
  'select * from attempts where delivery_id = $1 order by number',
  'select * from payloads where delivery_id = $1',
  'select v.identified_user_id from deliveries d left join visitors v on v.id = d.visitor_id where d.id = $1',
]

function detailPlan(database: Database, id: string | null): Promise<string> {
  return explainQueries(database, async ({ pool }) => {
    for (const text of detailReads) await pool.query(text, [id])
  })
}

async function countIndexes(database: Database): Promise<ResultLine[]> {
  const filters: Record<string, DeliveryFilter> = {
    'count of all (capped)': {},
    'count of a rare filter': { response_status: '404' },
    'count by the words of many': { text: 'family' },
  }
  const lines: ResultLine[] = []
  for (const [name, filter] of Object.entries(filters))
    lines.push(
      indexLine(name, await explainQueries(database, (watched) => countDeliveries(watched, 4, filter))),
    )
  return lines
}

/** The API refuses an operation without a filter; this filter matches everything. */
const everything = { from: '2000-01-01T00:00:00Z' }

async function planLine(caller: Caller, what: string, body: object): Promise<ResultLine> {
  return durationLine(
    what,
    await medianMs(5, () => fetchJson(caller, '/api/operations/plan', body)),
    planTargetMs,
  )
}

/** Measures both export formats and the memory of the process. */
export async function measureExports(
  deliveries: number,
  caller: Caller,
  apiPid: number,
): Promise<ResultLine[]> {
  return [
    ...(await exportLines(deliveries, caller, apiPid, 'csv')),
    ...(await exportLines(deliveries, caller, apiPid, 'ndjson')),
  ]
}

async function exportLines(
  deliveries: number,
  caller: Caller,
  apiPid: number,
  format: 'csv' | 'ndjson',
): Promise<ResultLine[]> {
  let peak = 0
  const watching = setInterval(
    () => void memoryOf(apiPid).then((bytes) => (peak = Math.max(peak, bytes))),
    200,
  )
  const start = performance.now()
  const response = await fetchApi(caller, `/api/deliveries/export?format=${format}`)
  let lines = format === 'csv' ? -1 : 0
  for await (const chunk of response.body ?? []) for (const byte of chunk) if (byte === 10) lines += 1
  clearInterval(watching)
  const seconds = (performance.now() - start) / 1_000
  const megabytes = peak / 1_048_576
  return [
    {
      what: `export of all as ${format.toUpperCase()}`,
      measured: `${lines} rows in ${seconds.toFixed(0)} s`,
      target: `${deliveries} rows`,
      met: lines === deliveries,
    },
    {
      what: `memory of the API meanwhile (${format.toUpperCase()})`,
      measured: `${Math.round(megabytes)} MB at most`,
      target: `< ${memoryTargetMb} MB`,
      met: megabytes < memoryTargetMb,
    },
  ]
}
