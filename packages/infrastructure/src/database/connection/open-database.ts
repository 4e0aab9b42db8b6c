import { PrismaPg } from '@prisma/adapter-pg'
import { Pool } from 'pg'
import { PrismaClient } from '../generated/client.ts'
import { sqlStateOf } from './database-error.ts'

export interface Database {
  /** For everything that is not on the path of a delivery. */
  prisma: PrismaClient
  /** The same connections, for the statements on the path of a delivery. */
  pool: Pool
  check: () => Promise<DatabaseCheck>
  /** Told about errors of writes, which show what a check that only reads does not. */
  reportError: (error: unknown) => void
  close: () => Promise<void>
}

/** Whether the database does its work. `full` and `read_only`: it answers and takes nothing. */
export type DatabaseCheck = 'ok' | 'down' | 'full' | 'read_only'

export interface DatabaseOptions {
  url: string
  poolMax: number
  /** How long to wait for a connection before a query fails. */
  connectTimeoutMs: number
  /** A statement that runs longer is cancelled by the server. */
  statementTimeoutMs: number
  /** A statement that the server says nothing to for longer is given up here. Without it, a server that hangs is waited for. */
  answerTimeoutMs?: number
  applicationName: string
  /** Plan with indexes wherever there are any: a plan made while a table was small is kept while it grows. */
  preferIndexes?: boolean
  /** Told about connections that broke while idle; queries report their own errors. */
  onIdleError: (error: Error) => void
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const diskFull = '53100'
const diskFullTtlMs = 15_000
/** How much later than it should a server's refusal may come. */
const responseGraceMs = 3_000
const keepAliveAfterMs = 10_000

/** Opens one pool of connections, shared by Prisma and the raw statements. Connects on first use. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new Pool({
    connectionString: options.url,
    max: options.poolMax,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    // The server cancels in time; whoever hears nothing even of that asks over a connection that is dead.
    query_timeout: options.answerTimeoutMs ?? options.statementTimeoutMs + responseGraceMs,
    application_name: options.applicationName,
    ...(options.preferIndexes && { options: '-c enable_seqscan=off' }),
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
  })
  pool.on('error', options.onIdleError)
  let diskFullUntil = 0
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  return {
    prisma,
    pool,
    check: () => (performance.now() < diskFullUntil ? Promise.resolve('full') : checkDatabase(pool)),
    reportError: (error) => {
      if (sqlStateOf(error) === diskFull) diskFullUntil = performance.now() + diskFullTtlMs
    },
    close: async () => {
      await prisma.$disconnect()
      if (!pool.ended) await pool.end()
    },
  }
}

async function checkDatabase(pool: Pool): Promise<DatabaseCheck> {
  try {
    const { rows } = await pool.query<{ read_only: string }>(
      `select current_setting('transaction_read_only') as read_only`,
    )
    return rows[0]?.read_only === 'on' ? 'read_only' : 'ok'
  } catch {
    return 'down'
  }
}
