import { openBudgets, type ReceiverBudgets } from '../budgets/open-budgets.ts'
import type { Settings } from '../config/load-settings.ts'
import { readListsFrom, readListsFromReplica, type ListReader } from '../database/connection/list-reader.ts'
import { openDatabase, type Database } from '../database/connection/open-database.ts'
import type { LiveEvents } from '../events/live-events.ts'
import { openEvents } from '../events/open-events.ts'
import { warnThrottled } from '../queue/queue-backend.ts'
import type { DeliveryQueue } from '../queue/delivery-queue.ts'
import { openQueue } from '../queue/open-queue.ts'
import { openSealer, type Sealer } from '../secrets/sealer.ts'
import { openLogger, type Logger } from '../telemetry/logger.ts'
import { measureStores } from '../telemetry/measure-stores.ts'
import { openMetrics, type Metrics } from '../telemetry/open-metrics.ts'
import { traceQueue } from '../telemetry/trace-deliveries.ts'
import type { Tracing } from '../telemetry/tracing.ts'

export interface Resources {
  settings: Settings
  log: Logger
  database: Database
  /** Reads lists, which may be slightly old, from the replica if there is one. */
  lists: ListReader
  queue: DeliveryQueue
  budgets: ReceiverBudgets
  events: LiveEvents
  sealer: Sealer
  /** Seals the URLs of single exports; has no key when the settings store them in the clear. */
  urlSealer: Sealer
  metrics: Metrics
  /** Null when traces are off. */
  tracing: Tracing | null
  /** Closes all in reverse order. */
  close: () => Promise<void>
}

const databaseConnectTimeoutMs = 3_000
const statementTimeoutMs = 15_000
/** Shorter than for the primary, because the primary can repeat a read that the replica does not answer. */
const replicaTimeoutMs = statementTimeoutMs + 1_000

/**
 * Opens the resources of the API and of the worker, in order. Neither store has to be up: both connect on first use and
 * reconnect by themselves.
 */
export async function openResources(name: 'api' | 'worker', settings: Settings): Promise<Resources> {
  let tracing: Tracing | null = null
  const traceId = settings.GHOSTPOST_TRACES ? () => tracing?.traceId() : null
  const log = openLogger(name, settings.GHOSTPOST_LOG_LEVEL, traceId)
  if (settings.GHOSTPOST_TRACES) tracing = await startTracing(name, settings.GHOSTPOST_TRACE_PERCENT, log)
  const openAt = (url: string, answerTimeoutMs?: number): Database =>
    openDatabase({
      url,
      preferIndexes: url === settings.DATABASE_URL,
      ...(answerTimeoutMs !== undefined && { answerTimeoutMs }),
      poolMax: settings.GHOSTPOST_DATABASE_POOL,
      connectTimeoutMs: databaseConnectTimeoutMs,
      statementTimeoutMs,
      applicationName: `ghostpost-${name}`,
      onIdleError: (err) => log.warn({ err }, 'a database connection broke'),
    })
  const database = openAt(settings.DATABASE_URL)
  const lists = openLists(settings, database, openAt, log)
  const plainQueue = await openQueue({
    url: settings.QUEUE_URL,
    prefix: settings.GHOSTPOST_QUEUE_PREFIX,
    shards: settings.GHOSTPOST_QUEUE_SHARDS,
    consumedShards: settings.workerShards,
    log,
  })
  const queue = traceQueue(tracing, plainQueue)
  const budgets = openBudgets({
    url: settings.QUEUE_URL,
    prefix: settings.GHOSTPOST_QUEUE_PREFIX,
    shards: settings.GHOSTPOST_QUEUE_SHARDS,
    log,
    database,
    defaults: {
      intervalMs: 0,
      concurrency: settings.GHOSTPOST_RECEIVER_CONCURRENCY,
      breakerFailures: settings.GHOSTPOST_BREAKER_FAILURES,
    },
    slotTimeoutMs: settings.GHOSTPOST_CLAIM_MS,
  })
  const events = openEvents({
    url: settings.QUEUE_URL,
    prefix: settings.GHOSTPOST_QUEUE_PREFIX,
    database,
    log,
  })
  const close = async (): Promise<void> => {
    await events.close()
    await budgets.close()
    await queue.close()
    await lists.close()
    await database.close()
    await tracing?.close()
  }
  const sealer = openSealer(settings.GHOSTPOST_SECRET_KEYS)
  const urlSealer = settings.GHOSTPOST_SEAL_URLS ? sealer : openSealer('')
  const metrics = openMetrics()
  measureStores(metrics, { database, queue, budgets, poolMax: settings.GHOSTPOST_DATABASE_POOL })
  const opened = { database, lists, queue, budgets, events, sealer, urlSealer, metrics, tracing }
  return { settings, log, ...opened, close }
}

/** Loads OpenTelemetry, which no process loads while traces are off. */
async function startTracing(name: 'api' | 'worker', percent: number, log: Logger): Promise<Tracing> {
  const { openTracing } = await import('../telemetry/otel-tracing.ts')
  return openTracing(name, percent, log)
}

function openLists(
  settings: Settings,
  database: Database,
  openAt: (url: string, answerTimeoutMs: number) => Database,
  log: Logger,
): ListReader {
  const url = settings.GHOSTPOST_READ_DATABASE_URL
  if (url === '') return readListsFrom(database)
  const warn = warnThrottled(log, 'the read replica is unusable; lists are read from the primary')
  const replica = openAt(url, replicaTimeoutMs)
  return readListsFromReplica(database, replica, settings.GHOSTPOST_READ_LATE_MAX_MS, warn)
}
