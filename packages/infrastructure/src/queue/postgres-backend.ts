import type { JobPlace, Lane } from '@ghostpost/delivery/deliver'
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
import { Pool } from 'pg'
import { ListenedClient } from '../database/connection/listened-client.ts'
import {
  warnThrottled,
  failurePauseMs,
  mapLaneShards,
  nameWorker,
  queueName,
  pauseAfterFailures,
  storeTimeoutMs,
  type BackendOptions,
  type InspectAction,
  type JobData,
  type JobQueue,
  type QueueBackend,
} from './queue-backend.ts'
import type { QueueStore } from './delivery-queue.ts'
import { followChannel } from './postgres-results.ts'

const schema = 'bullmq'
/** One pool for all queues, workers and readers of a process. Without it each of them opens its own connections. */
const poolMax = 12
/** How long a query waits for a new or a free connection of the pool. */
const connectTimeoutMs = 5_000
const queryTimeoutMs = 10_000
/** An idle worker looks for jobs at least this often, as on Redis. */
const idleMaxSeconds = 10

const unavailableText = 'the queue is unavailable; deliveries are stored and continue when it is back'

type Warn = (err: unknown) => void

/** BullMQ on its own Postgres backend, for machines without Redis. Slower, with the same guarantees. */
export async function openPostgresBackend({
  url,
  prefix,
  shards,
  log,
}: BackendOptions): Promise<QueueBackend> {
  const warn = warnThrottled(log, unavailableText)
  const pool = openPool(url, warn)
  const ensurePrepared = once(() => migrateQueueSchema(url))
  await ensurePrepared().catch(warn)

  const { Queue, Worker } = withBackend(backendFactory(ensurePrepared))
  // BullMQ has its own type of a pool, which pg's types do not match exactly.
  const connection = pool as unknown as PostgresConnectionOptions
  // This backend has no key prefix, so the queue's name separates installations.
  const nameOf = (lane: Lane, shard: number): string => `${prefix}-${queueName(lane, shard)}`
  const channel = `${prefix}-settled`
  const queues = mapLaneShards(shards, (lane, shard): JobQueue & InspectedQueue =>
    new Queue(nameOf(lane, shard), { connection }).on('error', warn),
  )
  return {
    queues,
    // They differ from Redis queues only in the type of their connection.
    raw: Object.values(queues).flat() as unknown as readonly PlainQueue[],
    openWorker: (lane, shard, workerId, processor, options) => {
      const wrappedProcessor = lane === 'live' ? withAnnouncement(processor, pool, channel, warn) : processor
      const workerOptions = { connection, runRetryDelay: failurePauseMs }
      const worker = new Worker(nameOf(lane, shard), wrappedProcessor, { ...options, ...workerOptions }).on(
        'error',
        warn,
      )
      nameWorker(worker, workerId)
      return {
        park: (job, token, waitMs) => job.moveToDelayed(Date.now() + waitMs, token),
        pause: () => worker.pause(true),
        resume: () => void worker.resume(),
        releaseJobsOf: async (id) => {
          const isAny = await unlockJobsOf(pool, worker.name, id)
          return isAny ? (await worker.getBackend().moveStalledJobsToWait()).length : 0
        },
        close: () => worker.close(),
        forceClose: () => worker.getBackend().close(),
      }
    },
    inspect: (lane, shard, action, jobIds) =>
      Promise.all(jobIds.map((id) => inspectJob(atShard(queues[lane], shard), action, id))),
    // A job is a row, and no other part of the queue can be lost alone.
    hasLostData: async () => false,
    openResults: (onResult) => followChannel(pool, channel, onResult, warn),
    announce: (_shard, result) => announce(pool, channel, result),
    check: () => checkPostgres(pool),
    readStore: () => readPostgres(pool),
    close: async () => {
      await Promise.all(Object.values(queues).flatMap((all) => all.map((queue) => queue.close())))
      await pool.end()
    },
  }
}

interface InspectedQueue {
  getJob: (jobId: string) => Promise<InspectedJob | undefined>
  close: () => Promise<void>
}

interface InspectedJob {
  getState: () => Promise<string>
  promote: () => Promise<void>
}

/** A delayed job of an overdue delivery becomes due. */
async function inspectJob(queue: InspectedQueue, action: InspectAction, jobId: string): Promise<JobPlace> {
  const job = await queue.getJob(jobId)
  if (!job) return { kind: 'lost' }
  const state = await job.getState()
  if (state === 'active') return { kind: 'running' }
  if (state !== 'delayed') return { kind: 'waiting' }
  if (action === 'look') return { kind: 'delayed' }
  await job.promote().catch(() => {})
  return { kind: 'waiting' }
}

/** @throws when there is no such shard */
function atShard<T>(all: readonly T[], shard: number): T {
  const one = all[shard]
  if (one === undefined) throw new Error(`there is no shard ${shard}`)
  return one
}

/** Whether the worker had jobs in this queue. */
async function unlockJobsOf(pool: Pool, queueName: string, workerId: string): Promise<boolean> {
  const { rowCount } = await pool.query(unlockSql, [queueName, `${workerId}:`])
  return rowCount !== null && rowCount > 0
}

/** Removes the locks of a worker's jobs and marks them as stalled, as if the locks had expired at the last check. */
const unlockSql = `
  with unthrottled as (
    delete from meta
    where queue = $1
      and field = 'stalled-check'
  )
  update job
  set
    locked_until_ms = 0,
    stalled_marked = true
  where queue = $1
    and state = 'active'
    and starts_with(lock_token, $2)`

async function checkPostgres(pool: Pool): Promise<'ok'> {
  await pool.query('create temporary table if not exists queue_check (at timestamptz)')
  return 'ok'
}

async function readPostgres(pool: Pool): Promise<Omit<QueueStore, 'latencyMs'>> {
  const { rows } = await pool.query<{ version: string; bytes: string }>(
    `select
       current_setting('server_version') as version,
       coalesce(sum(pg_total_relation_size(c.oid)), 0)::text as bytes
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = '${schema}'
       and c.relkind = 'r'`,
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

function openPool(url: string, warn: Warn): Pool {
  const pool = new Pool({
    Client: ListenedClient,
    connectionString: url,
    max: poolMax,
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    options: `-c search_path=${schema}`,
  })
  return pool.on('error', warn)
}

/** Runs `work` once for all callers. After a failure the next caller runs it again. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () =>
    (done ??= work().catch((error: unknown) => {
      done = undefined
      throw error
    }))
}

/** BullMQ takes an advisory lock, so many processes may start at the same time. */
async function migrateQueueSchema(url: string): Promise<void> {
  const client = new ListenedClient({ connectionString: url, connectionTimeoutMillis: storeTimeoutMs })
  try {
    await client.connect()
    await runMigrations(client, schema)
  } finally {
    await client.end()
  }
}

/** BullMQ never retries a failed first connection; this backend retries until it succeeds. */
function backendFactory(
  ensurePrepared: () => Promise<void>,
): BackendFactory<PostgresQueueBackend, PostgresConnectionOptions> {
  class Connection extends PostgresConnection {
    override waitUntilReady(): Promise<void> {
      return ensurePrepared()
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
 * Announces results through NOTIFY, in the order of commits. BullMQ's own event reader skips events that are committed
 * out of order (2 to 4 of 100 with 10 jobs in flight).
 */
function withAnnouncement(
  processor: Processor<JobData>,
  pool: Pool,
  channel: string,
  warn: Warn,
): Processor<JobData> {
  return async (job, token) => {
    const result: unknown = await processor(job, token)
    if (result !== null) {
      await announce(pool, channel, result).catch(warn)
    }
    return result
  }
}

function announce(pool: Pool, channel: string, result: unknown): Promise<unknown> {
  return pool.query('select pg_notify($1, $2)', [channel, JSON.stringify(result)])
}
