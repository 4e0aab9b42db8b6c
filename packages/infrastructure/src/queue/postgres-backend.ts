import type { Lane } from '@ghostpost/delivery/deliver'
import {
  PostgresConnection,
  PostgresQueueBackend,
  runMigrations,
  withBackend,
  type BackendFactory,
  type PostgresConnectionOptions,
  type Processor,
  type Queue as PlainQueue,
} from 'bullmq'
import { Client, Pool } from 'pg'
import {
  complainSeldom,
  failurePauseMs,
  forEveryLane,
  laneName,
  pauseAfterFailures,
  storeAnswerMaxMs,
  type BackendOptions,
  type JobData,
  type JobQueue,
  type QueueBackend,
} from './backend.ts'
import type { QueueStore } from './delivery-queue.ts'
import { listenTo } from './postgres-results.ts'

const schema = 'bullmq'
/** One pool for all queues, workers and readers of a process: each of those alone would open connections of its own. */
const poolMax = 12
/** How long a query waits for a connection of the pool, a new one or one that gets free. */
const connectionMaxMs = 5_000
const queryMaxMs = 10_000
/** An idle worker looks for jobs this often even if nothing wakes it, as it does on Redis. */
const idleMaxSeconds = 10

type Complain = (err: unknown) => void

/** BullMQ on its own Postgres backend: for a machine without Redis. Slower, same promises. */
export async function openPostgresBackend({
  url,
  prefix,
  shards,
  log,
}: BackendOptions): Promise<QueueBackend> {
  const complain = complainSeldom(
    log,
    'the queue is not available; deliveries are kept and go on when it is back',
  )
  const pool = openPool(url, complain)
  const prepared = once(() => prepare(url))
  await prepared().catch(complain)

  const { Queue, Worker } = withBackend(backendFactory(prepared))
  // BullMQ describes a pool by its own shape, which pg's own types do not quite match.
  const connection = pool as unknown as PostgresConnectionOptions
  // This backend has no key prefix; the queue's name keeps installations apart.
  const nameOf = (lane: Lane, shard: number): string => `${prefix}-${laneName(lane, shard)}`
  const channel = `${prefix}-settled`
  const queues = forEveryLane(shards, (lane, shard): JobQueue & { close: () => Promise<void> } =>
    new Queue(nameOf(lane, shard), { connection }).on('error', complain),
  )
  return {
    queues,
    // They differ from the others in the type of their connection alone.
    raw: Object.values(queues).flat() as unknown as readonly PlainQueue[],
    openWorker: (lane, shard, processor, options) => {
      const heard = lane === 'live' ? announcing(processor, pool, channel, complain) : processor
      const own = { connection, runRetryDelay: failurePauseMs }
      const worker = new Worker(nameOf(lane, shard), heard, { ...options, ...own }).on('error', complain)
      return {
        pause: () => worker.pause(true),
        resume: () => void worker.resume(),
        allow: (most) => void (worker.concurrency = most),
        close: () => worker.close(),
        abandon: () => worker.getBackend().close(),
      }
    },
    openResults: (hear) => listenTo(pool, channel, hear, complain),
    check: async () => {
      await pool.query('create temporary table if not exists queue_check (at timestamptz)')
      return 'ok'
    },
    readStore: () => readPostgres(pool),
    close: async () => {
      await Promise.all(Object.values(queues).flatMap((all) => all.map((queue) => queue.close())))
      await pool.end()
    },
  }
}

async function readPostgres(pool: Pool): Promise<Omit<QueueStore, 'latencyMs'>> {
  const { rows } = await pool.query<{ version: string; bytes: string }>(
    `select current_setting('server_version') as version, coalesce(sum(pg_total_relation_size(c.oid)), 0)::text as bytes
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = '${schema}' and c.relkind = 'r'`,
  )
  return {
    kind: 'postgres',
    version: rows[0]?.version ?? null,
    usedBytes: Number(rows[0]?.bytes ?? 0),
    maxBytes: null,
    evictionPolicy: null,
    clients: null,
    isPersistent: true,
    uptimeSeconds: null,
  }
}

function openPool(url: string, complain: Complain): Pool {
  const pool = new Pool({
    connectionString: url,
    max: poolMax,
    keepAlive: true,
    connectionTimeoutMillis: connectionMaxMs,
    query_timeout: queryMaxMs,
    options: `-c search_path=${schema}`,
  })
  return pool.on('error', complain)
}

/** Runs `work` once for all who ask; after a failure the next who asks tries again. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () =>
    (done ??= work().catch((error: unknown) => {
      done = undefined
      throw error
    }))
}

/** BullMQ takes its own advisory lock, so many processes may start at once. */
async function prepare(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: storeAnswerMaxMs })
  client.on('error', () => {})
  try {
    await client.connect()
    await runMigrations(client, schema)
  } finally {
    await client.end()
  }
}

/** BullMQ remembers a failed first connection for good; this asks every time until it succeeds. */
function backendFactory(
  prepared: () => Promise<void>,
): BackendFactory<PostgresQueueBackend, PostgresConnectionOptions> {
  class Connection extends PostgresConnection {
    override waitUntilReady(): Promise<void> {
      return prepared()
    }
  }
  class Backend extends PostgresQueueBackend {
    override get maximumBlockTimeout(): number {
      return idleMaxSeconds
    }
  }
  return (name, options) => {
    const backend = new Backend(new Connection(options.connection), name, options)
    pauseAfterFailures(backend)
    return backend
  }
}

/**
 * BullMQ's own event reader skips events that are committed out of order (2 to 4 of 100 at 10 jobs in flight), so the
 * result is announced through NOTIFY, which keeps the order of commits.
 */
function announcing(
  processor: Processor<JobData>,
  pool: Pool,
  channel: string,
  complain: Complain,
): Processor<JobData> {
  return async (job, token) => {
    const result: unknown = await processor(job, token)
    if (result !== null) {
      await pool.query('select pg_notify($1, $2)', [channel, JSON.stringify(result)]).catch(complain)
    }
    return result
  }
}
