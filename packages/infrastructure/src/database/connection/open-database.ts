import { PrismaPg } from '@prisma/adapter-pg'
import { Pool } from 'pg'
import { PrismaClient } from '../generated/client.ts'
import { openDatabaseClock, type DatabaseClock } from './database-clock.ts'
import { sqlStateOf } from './database-error.ts'
import { ListenedClient } from './listened-client.ts'

export interface Database {
  /**
   * Typed access to single rows: accounts, sites, destinations, alert rules, operations, one delivery with its
   * attempts.
   */
  prisma: PrismaClient
  /** The same connections for hand-written SQL: the path of a delivery, searches, statistics, bulk changes. */
  pool: Pool
  check: () => Promise<DatabaseCheck>
  /** Claims and checks observe the database's time. */
  clock: DatabaseClock
  /** Reports the error of a write: a full disk shows in writes only, and `check` only reads. */
  reportError: (error: unknown) => void
  close: () => Promise<void>
}

/** Whether the database works. `full` and `read_only`: it responds, but accepts no writes. */
export type DatabaseCheck = 'ok' | 'down' | 'full' | 'read_only'

export interface DatabaseOptions {
  url: string
  poolMax: number
  /** How long a query waits for a connection before it fails. */
  connectTimeoutMs: number
  /** The server cancels a statement that runs longer. */
  statementTimeoutMs: number
  /** The client gives up on a statement without a response after this time. Default: `statementTimeoutMs` and 3 s. */
  answerTimeoutMs?: number
  applicationName: string
  /**
   * Makes the planner prefer indexes: a connection keeps the plans that it made while a table was small, those of
   * foreign keys and triggers, too. Not for a replica, which is read for lists only.
   */
  preferIndexes?: boolean
  /** Called when an idle connection breaks; queries report their own errors. */
  onIdleError: (error: Error) => void
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const diskFull = '53100'
const diskFullTtlMs = 15_000
/** How long after `statementTimeoutMs` the server's cancellation may arrive. */
const responseGraceMs = 3_000
const keepAliveAfterMs = 10_000

/** Opens one pool of connections that Prisma and the hand-written statements share. Connects on first use. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new Pool({
    Client: ListenedClient,
    connectionString: options.url,
    max: options.poolMax,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    // The server cancels a slow statement in time. If not even the cancellation arrives, the connection is dead.
    query_timeout: options.answerTimeoutMs ?? options.statementTimeoutMs + responseGraceMs,
    application_name: options.applicationName,
    ...(options.preferIndexes && { options: '-c enable_seqscan=off' }),
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
  })
  pool.on('error', options.onIdleError)
  let diskFullUntil = 0
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  const clock = openDatabaseClock()
  return {
    prisma,
    pool,
    clock,
    check: () => (performance.now() < diskFullUntil ? Promise.resolve('full') : checkDatabase(pool, clock)),
    reportError: (error) => {
      if (sqlStateOf(error) === diskFull) diskFullUntil = performance.now() + diskFullTtlMs
    },
    close: async () => {
      await prisma.$disconnect()
      if (!pool.ended) await pool.end()
    },
  }
}

async function checkDatabase(pool: Pool, clock: DatabaseClock): Promise<DatabaseCheck> {
  try {
    const { rows } = await pool.query<{ read_only: string; now_ms: number }>(
      `select
         current_setting('transaction_read_only') as read_only,
         extract(epoch from clock_timestamp())::float8 * 1000 as now_ms`,
    )
    if (rows[0]) clock.observe(rows[0].now_ms)
    return rows[0]?.read_only === 'on' ? 'read_only' : 'ok'
  } catch {
    return 'down'
  }
}
