import { openBudgets, type ReceiverBudgets } from './budgets/open-budgets.ts'
import type { Settings } from './config/load-settings.ts'
import { openDatabase, type Database } from './database/open-database.ts'
import type { LiveEvents } from './events/live-events.ts'
import { openEvents } from './events/open-events.ts'
import type { DeliveryQueue } from './queue/delivery-queue.ts'
import { openQueue } from './queue/open-queue.ts'
import { openSealer, type Sealer } from './secrets/sealer.ts'
import { openLogger, type Logger } from './telemetry/logger.ts'

export interface Resources {
  settings: Settings
  log: Logger
  database: Database
  queue: DeliveryQueue
  budgets: ReceiverBudgets
  events: LiveEvents
  sealer: Sealer
  /** Closes all in reverse order. */
  close: () => Promise<void>
}

const databaseConnectTimeoutMs = 3_000
const statementTimeoutMs = 15_000

/**
 * Opens what both processes need, in order. Neither store has to be up: both are connected to on first use, and come
 * back by themselves.
 */
export async function openResources(name: string, settings: Settings): Promise<Resources> {
  const log = openLogger(name, settings.GHOSTPOST_LOG_LEVEL)
  const database = openDatabase({
    url: settings.DATABASE_URL,
    poolMax: settings.GHOSTPOST_DATABASE_POOL,
    connectTimeoutMs: databaseConnectTimeoutMs,
    statementTimeoutMs,
    applicationName: `ghostpost-${name}`,
    onIdleError: (err) => log.warn({ err }, 'a database connection broke'),
  })
  const queue = await openQueue({
    url: settings.QUEUE_URL,
    prefix: settings.GHOSTPOST_QUEUE_PREFIX,
    shards: settings.GHOSTPOST_QUEUE_SHARDS,
    consumedShards: settings.workerShards,
    log,
  })
  const budgets = openBudgets({
    url: settings.QUEUE_URL,
    prefix: settings.GHOSTPOST_QUEUE_PREFIX,
    log,
    database,
    defaults: {
      intervalMs: 0,
      concurrency: settings.GHOSTPOST_RECEIVER_CONCURRENCY,
      breakerFailures: settings.GHOSTPOST_BREAKER_FAILURES,
    },
    placeMs: settings.GHOSTPOST_CLAIM_MS,
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
    await database.close()
  }
  const sealer = openSealer(settings.GHOSTPOST_SECRET_KEYS)
  return { settings, log, database, queue, budgets, events, sealer, close }
}
