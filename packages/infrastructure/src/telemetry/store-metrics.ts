import { lanes } from '@ghostpost/delivery/deliver'
import type { DatabaseCheck } from '../database/connection/open-database.ts'
import { retryWindows } from '../database/stats/read-database-metrics.ts'
import type { QueueCheck } from '../queue/delivery-queue.ts'
import { defineMetrics } from './define-metrics.ts'

/** Every result a check of either store can have. */
export const checkResults = Object.keys({
  ok: true,
  down: true,
  full: true,
  read_only: true,
  evicting: true,
  partial: true,
  forbidden: true,
} satisfies Record<DatabaseCheck | QueueCheck, true>)

/** Metrics every process exports: the state of the stores, and its own database connections. */
export const storeMetrics = defineMetrics({
  build: {
    kind: 'gauge',
    name: 'ghostpost_build_info',
    help: 'Always 1; the label is the running version.',
    labels: { version: 'the version of this process' },
  },
  depth: {
    kind: 'gauge',
    name: 'ghostpost_queue_depth',
    help: 'Deliveries in the queue. `delayed` ones wait for a retry or for their receiver’s budget.',
    labels: { lane: lanes, state: ['waiting', 'active', 'delayed', 'failed'] },
  },
  oldestDue: {
    kind: 'gauge',
    name: 'ghostpost_queue_oldest_due_seconds',
    help:
      'Time since the oldest due delivery became due; 0 if none is due. Excludes paused destinations and ' +
      'operations.',
    labels: { lane: lanes },
  },
  retriesDue: {
    kind: 'gauge',
    name: 'ghostpost_retries_due',
    help: 'Retries due now or within the given time. Counts the 10,000 that are due first.',
    labels: { within: retryWindows },
  },
  outboxLag: {
    kind: 'gauge',
    name: 'ghostpost_outbox_lag_seconds',
    help:
      'Time since the sweeper should have enqueued the oldest overdue delivery: never enqueued, lost by ' +
      'the queue, or claimed by a dead worker. 0 if there is none.',
  },
  breakers: {
    kind: 'gauge',
    name: 'ghostpost_breakers',
    help: 'Receivers with a breaker that is open (no requests, because they fail) or half_open (one trial request).',
    labels: { state: ['open', 'half_open'] },
  },
  operations: {
    kind: 'gauge',
    name: 'ghostpost_operations',
    help: 'Operations that are not finished.',
    labels: { state: ['running', 'paused'] },
  },
  itemsLeft: {
    kind: 'gauge',
    name: 'ghostpost_operation_items_left',
    help: 'Members of unfinished operations that are begun but not settled, or not begun yet.',
    labels: { state: ['begun', 'to_come'] },
  },
  lanesPaused: {
    kind: 'gauge',
    name: 'ghostpost_lane_held',
    help: '1 for a paused lane.',
    labels: { lane: lanes },
  },
  workers: {
    kind: 'gauge',
    name: 'ghostpost_workers',
    help: 'Workers with a heartbeat within the last 20 s.',
  },
  storeCheck: {
    kind: 'gauge',
    name: 'ghostpost_store_check',
    help: '1 for the result of a store’s last check, 0 for all other results.',
    labels: { store: ['database', 'queue'], result: checkResults },
  },
  pool: {
    kind: 'gauge',
    name: 'ghostpost_database_pool_connections',
    help: 'Database connections of this process.',
    labels: { state: ['used', 'idle'] },
  },
  poolWaiting: {
    kind: 'gauge',
    name: 'ghostpost_database_pool_waiting',
    help: 'Statements that wait for a database connection.',
  },
  poolMax: {
    kind: 'gauge',
    name: 'ghostpost_database_pool_max',
    help: 'Most database connections of this process (GHOSTPOST_DATABASE_POOL).',
  },
  scrapeErrors: {
    kind: 'counter',
    name: 'ghostpost_scrape_errors_total',
    help: 'Scrapes in which a store failed or did not respond in time. The scrape leaves out its metrics.',
    labels: { source: ['database', 'queue', 'budgets'] },
  },
})
