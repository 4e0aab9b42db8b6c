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
} satisfies Record<DatabaseCheck | QueueCheck, true>)

/** What all processes know alike, and each says of its own connections. */
export const storeMetrics = defineMetrics({
  build: {
    kind: 'gauge',
    name: 'ghostpost_build_info',
    help: 'Always 1; says which version runs.',
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
    help: 'How long the delivery that has waited longest has been due; 0 when none is. Of paused destinations and operations none counts.',
    labels: { lane: lanes },
  },
  retriesDue: {
    kind: 'gauge',
    name: 'ghostpost_retries_due',
    help: 'Retries that are due now, and that become due within a time; the 10,000 soonest are counted.',
    labels: { within: retryWindows },
  },
  outboxLag: {
    kind: 'gauge',
    name: 'ghostpost_outbox_lag_seconds',
    help: 'How long ago the sweeper should have rung for the delivery that waits longest for it: saved and never queued, lost with the queue, or held by a dead worker. 0 when none does.',
  },
  breakers: {
    kind: 'gauge',
    name: 'ghostpost_breakers',
    help: 'Receivers that are left alone because they fail (open), or may be asked again (half_open).',
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
    help: 'Members of unfinished operations that are begun and not settled, and that are yet to be begun.',
    labels: { state: ['begun', 'to_come'] },
  },
  held: {
    kind: 'gauge',
    name: 'ghostpost_lane_held',
    help: '1 for a lane that somebody holds.',
    labels: { lane: lanes },
  },
  workers: {
    kind: 'gauge',
    name: 'ghostpost_workers',
    help: 'Workers that were seen within the last 20 s.',
  },
  storeCheck: {
    kind: 'gauge',
    name: 'ghostpost_store_check',
    help: '1 for what the last check of a store found, 0 for everything else.',
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
    help: 'Statements that wait for a connection.',
  },
  poolMax: {
    kind: 'gauge',
    name: 'ghostpost_database_pool_max',
    help: 'The most connections this process opens (GHOSTPOST_DATABASE_POOL).',
  },
  scrapeErrors: {
    kind: 'counter',
    name: 'ghostpost_scrape_errors_total',
    help: 'Times a store did not say in time what was to be told; what it knows is then left out.',
    labels: { source: ['database', 'queue', 'budgets'] },
  },
})
