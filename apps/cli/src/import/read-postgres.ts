import { UsageError } from '../exit-codes.ts'
import { mapColumns, visitorOfCells, type ColumnMap } from './map-columns.ts'

export interface ImportQuery {
  /** `postgres://user@host/database`; the password may come from PGPASSWORD or ~/.pgpass. */
  url: string
  query: string
  /** The column by which an interrupted import continues; null for none. */
  cursor: string | null
  /** The value of that column to continue from, that of the first row included; null to begin at the start. */
  after: string | null
  mapped: ReadonlyMap<string, string>
  idFrom: string | null
}

/** A row of the query as JSON, as the API takes it, and its value of the cursor column. */
export interface QueriedRecord {
  record: string
  cursor: string | null
}

const fetchRows = 2_000
const connectTimeoutMs = 15_000

/** Columns whose JSON goes into the visitor as it is. */
const jsonFields: ReadonlySet<string> = new Set(['traits', 'sessions', 'events'])
const oid = { json: 114, jsonb: 3_802, date: 1_082, timestamp: 1_114, timestamptz: 1_184 } as const

interface Field {
  name: string
  dataTypeID: number
}

/**
 * Reads the rows of a query in one read-only transaction, by a cursor, so that neither side holds them all. Errors
 * never contain the URL.
 * @throws UsageError when the database cannot be reached, or refuses the query
 */
export async function* readPostgres(source: ImportQuery): AsyncGenerator<QueriedRecord> {
  const { Client } = (await import('pg')).default
  const options = {
    connectionString: source.url,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'ghostpost visitors import',
    // Times and JSON are converted here, the rest stays text.
    types: { getTypeParser: () => (text: string | Buffer) => text.toString() },
  }
  const client = new Client(options)
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query("set timezone = 'UTC'; set datestyle = 'ISO, YMD'; begin transaction read only")
    await client.query({
      text: `declare visitors no scroll cursor for ${sqlOf(source)}`,
      ...parametersOf(source),
    })
    yield* fetchAll(client, source)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`Postgres: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    // The connection may be broken already.
    await client.end().catch(() => {})
  }
}

/** The extended protocol takes one statement only. */
function parametersOf({ after }: ImportQuery): { values: string[]; queryMode: 'extended' } {
  return { values: after === null ? [] : [after], queryMode: 'extended' }
}

function sqlOf({ query, cursor, after }: ImportQuery): string {
  const own = query.trim().replace(/;\s*$/, '')
  if (cursor === null) return own
  const column = `q."${cursor.replaceAll('"', '""')}"`
  // From the value on, itself included: several rows may have it, and to store a row again changes nothing.
  const from = after === null ? '' : `where ${column} >= $1 or ${column} is null`
  // Nulls come last, as in an index, so that Postgres need not sort.
  return `select * from (${own}\n) q ${from} order by ${column}`
}

interface Fetching {
  query: (text: string) => Promise<{ fields: Field[]; rows: Record<string, string | null>[] }>
}

async function* fetchAll(client: Fetching, source: ImportQuery): AsyncGenerator<QueriedRecord> {
  let columns: ColumnMap | undefined
  for (;;) {
    const { fields, rows } = await client.query(`fetch forward ${fetchRows} from visitors`)
    columns ??= columnsOf(fields, source)
    for (const row of rows) {
      const visitor = { ...visitorOfCells(cellsOf(row, fields), columns), ...jsonOf(row, fields) }
      const cursor = source.cursor === null ? null : (row[source.cursor] ?? null)
      yield { record: JSON.stringify(visitor), cursor }
    }
    if (rows.length < fetchRows) return
  }
}

function columnsOf(fields: readonly Field[], { mapped, idFrom, cursor }: ImportQuery): ColumnMap {
  const names = fields.map(({ name }) => name)
  const columns = mapColumns(names, { mapped, idFrom, lastSeen: '' })
  if ('problem' in columns) throw new UsageError(columns.problem.replace('The file', 'The query'))
  if (![...columns.fields.values()].includes('last_seen'))
    throw new UsageError('The query has no last_seen: use --map <column>=last_seen. The newest one wins.')
  if (cursor !== null && !names.includes(cursor))
    throw new UsageError(`The query has no column ${cursor}. It has: ${names.join(', ')}.`)
  return columns
}

function cellsOf(
  row: Readonly<Record<string, string | null>>,
  fields: readonly Field[],
): Record<string, string> {
  return Object.fromEntries(fields.map((field) => [field.name, cellOf(row[field.name] ?? '', field)]))
}

/** RFC 3339 for times; a time without a zone is UTC. */
function cellOf(text: string, { dataTypeID: type }: Field): string {
  if (text === '') return ''
  if (type === oid.date) return `${text}T00:00:00Z`
  if (type !== oid.timestamp && type !== oid.timestamptz) return text
  return `${text.replace(' ', 'T').replace(/\+00(:00)?$/, '')}Z`
}

function jsonOf(
  row: Readonly<Record<string, string | null>>,
  fields: readonly Field[],
): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(({ name, dataTypeID: type }) => {
      const text = row[name] ?? null
      const isOwn = jsonFields.has(name) && (type === oid.json || type === oid.jsonb)
      return isOwn && text !== null ? [[name, JSON.parse(text) as unknown] as const] : []
    }),
  )
}
