import { PrismaPg } from '@prisma/adapter-pg'
import { Pool } from 'pg'
import { PrismaClient } from './generated/client.ts'

export interface Database {
  /** For everything that is not on the path of a delivery. */
  prisma: PrismaClient
  /** The same connections, for the statements on the path of a delivery. */
  pool: Pool
  ping: () => Promise<boolean>
  close: () => Promise<void>
}

export interface DatabaseOptions {
  url: string
  poolMax: number
  /** How long to wait for a connection before a query fails. */
  connectTimeoutMs: number
  /** A statement that runs longer is cancelled by the server. */
  statementTimeoutMs: number
  applicationName: string
  /** Told about connections that broke while idle; queries report their own errors. */
  onIdleError: (error: Error) => void
}

/** Opens one pool of connections, shared by Prisma and the raw statements. Connects on first use. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new Pool({
    connectionString: options.url,
    max: options.poolMax,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    application_name: options.applicationName,
    keepAlive: true,
  })
  pool.on('error', options.onIdleError)
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  return {
    prisma,
    pool,
    ping: () =>
      pool.query('select 1').then(
        () => true,
        () => false,
      ),
    close: async () => {
      await prisma.$disconnect()
      if (!pool.ended) await pool.end()
    },
  }
}
