import { lanes, type Lane } from '@ghostpost/delivery'
import { createPostgresBackend, runMigrations, withBackend, type PostgresConnectionOptions } from 'bullmq'
import { Pool } from 'pg'
import { complainSeldom, laneName, type BackendOptions, type JobQueue, type QueueBackend } from './backend.ts'

const schema = 'bullmq'
/** One pool for all queues, workers and readers of a process: each of those alone would open connections of its own. */
const poolMax = 12

const { Queue, QueueEvents, Worker } = withBackend(createPostgresBackend)

/** BullMQ on its own Postgres backend: for a machine without Redis. Slower, same promises. */
export async function openPostgresBackend({ url, prefix, log }: BackendOptions): Promise<QueueBackend> {
  const complain = complainSeldom(
    log,
    'the queue is not available; deliveries are kept and go on when it is back',
  )
  const pool = new Pool({
    connectionString: url,
    max: poolMax,
    keepAlive: true,
    options: `-c search_path=${schema}`,
  })
  pool.on('error', complain)
  await prepare(pool).catch(complain)
  // BullMQ describes a pool by its own shape, which pg's own types do not quite match.
  const connection = pool as unknown as PostgresConnectionOptions

  // This backend has no key prefix; the queue's name keeps installations apart.
  const nameOf = (lane: Lane): string => `${prefix}-${laneName(lane)}`
  const queues = Object.fromEntries(lanes.map((lane) => [lane, openProducer(lane)])) as Record<Lane, JobQueue>
  function openProducer(lane: Lane): JobQueue {
    const queue = new Queue(nameOf(lane), { connection })
    queue.on('error', complain)
    return queue
  }
  return {
    queues,
    openWorker: (lane, processor, options) => {
      const worker = new Worker(nameOf(lane), processor, { ...options, connection })
      worker.on('error', complain)
      return worker
    },
    openEvents: (lane) => {
      const events = new QueueEvents(nameOf(lane), { connection })
      events.on('error', complain)
      return events
    },
    ping: () =>
      pool.query('select 1').then(
        () => true,
        () => false,
      ),
    close: async () => {
      await Promise.all(Object.values(queues).map((queue) => queue.close()))
      await pool.end()
    },
  }
}

/** BullMQ takes its own advisory lock, so many processes may start at once. */
async function prepare(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await runMigrations(client, schema)
  } finally {
    client.release()
  }
}
