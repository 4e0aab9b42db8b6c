import { openDatabase, type Database } from '@ghostpost/infrastructure/database/connection'
import { Client } from 'pg'

export interface TerminationOptions {
  /** A database that no other test uses. */
  url: string
  poolMax: number
  /** How often the server ends all connections of the pool. */
  rounds: number
}

export interface TerminationResult {
  /** Connections that the server ended. */
  terminated: number
  /** Uses of a connection that succeeded and that failed. */
  succeeded: number
  failed: number
  /** Whether the pool works when the terminations are over. */
  recovered: boolean
  /** Errors that nobody handled: each of them would have ended the process. */
  uncaught: string[]
}

const applicationName = 'terminated'
const usersPerConnection = 3
/** Longer than a new connection takes, so that its last message and its end are read at once. */
const stallMs = 12
/** A round looks for connections this often, and ends those that it finds at once. */
const lookMs = 2
const looksMax = 500

/**
 * Uses a pool in every way in which the product uses it while the server ends its connections and this process stalls,
 * as on a busy machine.
 */
export async function useWhileTerminated(options: TerminationOptions): Promise<TerminationResult> {
  const result: TerminationResult = {
    terminated: 0,
    succeeded: 0,
    failed: 0,
    recovered: false,
    uncaught: [],
  }
  const onUncaught = (error: unknown): void => void result.uncaught.push(String(error))
  process.on('uncaughtException', onUncaught)
  const database = openDatabase({
    url: options.url,
    poolMax: options.poolMax,
    connectTimeoutMs: 3_000,
    statementTimeoutMs: 15_000,
    applicationName,
    onIdleError: () => {},
  })
  const stop = new AbortController()
  const users = Array.from({ length: options.poolMax * usersPerConnection }, (_, index) =>
    useUntil(stop.signal, useOf(database, index), result),
  )
  const stalls = setInterval(() => stallProcess(stallMs), stallMs * 2)
  try {
    result.terminated = await terminateRepeatedly(options)
  } finally {
    clearInterval(stalls)
    stop.abort()
    await Promise.all(users)
    result.recovered = await database.pool.query('select 1').then(
      () => true,
      () => false,
    )
    await database.close()
    process.off('uncaughtException', onUncaught)
  }
  return result
}

/** A statement, a transaction by hand, or a transaction of Prisma. */
function useOf({ pool, prisma }: Database, index: number): () => Promise<unknown> {
  if (index % usersPerConnection === 0) return () => pool.query('select 1')
  if (index % usersPerConnection === 1)
    return () => prisma.$transaction(async (transaction) => transaction.$queryRaw`select 1`)
  return async () => {
    const client = await pool.connect()
    try {
      await client.query('begin')
      await client.query('commit')
    } finally {
      client.release()
    }
  }
}

async function useUntil(
  stopped: AbortSignal,
  use: () => Promise<unknown>,
  result: TerminationResult,
): Promise<void> {
  while (!stopped.aborted) {
    await use().then(
      () => (result.succeeded += 1),
      () => (result.failed += 1),
    )
  }
}

function stallProcess(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** The server repeats this by itself, because this process stalls. */
async function terminateRepeatedly({ url, rounds }: TerminationOptions): Promise<number> {
  const admin = new Client({ connectionString: url })
  admin.on('error', () => {})
  await admin.connect()
  try {
    await admin.query('create temporary table ended (count int)')
    await admin.query(`
      do $$
        declare found int;
        begin
          for round in 1..${rounds} loop
            for look in 1..${looksMax} loop
              perform pg_sleep(${lookMs / 1_000});
              perform pg_stat_clear_snapshot();
              select count(pg_terminate_backend(pid)) into found
              from pg_stat_activity
              where application_name = '${applicationName}' and datname = current_database();
              exit when found > 0;
            end loop;
            insert into ended values (found);
          end loop;
        end
      $$`)
    const { rows } = await admin.query<{ total: number }>('select sum(count)::int as total from ended')
    return rows[0]?.total ?? 0
  } finally {
    await admin.end()
  }
}
