import { lanes, type Lane } from '@ghostpost/delivery/deliver'
import type { ReceiverBudgets } from '../budgets/open-budgets.ts'
import type { Database } from '../database/connection/open-database.ts'
import { readDatabaseMetrics, type DatabaseMetrics } from '../database/stats/read-database-metrics.ts'
import type { DeliveryQueue, LaneDepth } from '../queue/delivery-queue.ts'
import { version } from '../process/version.ts'
import { openCounter, openGauge, type MetricDefinition } from './define-metrics.ts'
import type { Metrics } from './open-metrics.ts'
import { cachedRead, resultWithin } from './cached-read.ts'
import { checkResults, storeMetrics } from './store-metrics.ts'

export interface MeasuredStores {
  database: Database
  queue: DeliveryQueue
  budgets: ReceiverBudgets
  /** The size of this process's database pool. */
  poolMax: number
}

/** Scrapes arrive about every 15 s, possibly from more than one Prometheus server. */
const freshMs = 5_000
/** Prometheus' default scrape timeout is 10 s, so a slow store must not delay the scrape for long. */
const waitMs = 1_500

/**
 * Adds the metrics of the stores and their backlog to a process. Each scrape reads the stores in parallel, at most once
 * per `freshMs`; it leaves out what a store did not return within `waitMs`.
 */
export function measureStores({ registry, onScrape }: Metrics, stores: MeasuredStores): void {
  openGauge(registry, storeMetrics.build).set({ version }, 1)
  const errors = openCounter(registry, storeMetrics.scrapeErrors)
  const countMissing = <T>(source: string, result: T | null): T | null => {
    if (result === null) errors.inc({ source })
    return result
  }
  const { database, queue, budgets } = stores

  const set = openGaugeSetters(registry)
  const measures = cachedInTime(readDatabaseMetrics)
  onScrape(async () => setMeasures(set, countMissing('database', await measures(database))))
  const depth = cachedInTime((each: DeliveryQueue) => each.depth())
  onScrape(async () => set.depth(depthsOf(countMissing('queue', await depth(queue)))))
  const breakers = cachedInTime((each: ReceiverBudgets) => each.countBreakers())
  onScrape(async () => set.breakers(countMissing('budgets', await breakers(budgets))))
  const checkDatabase = cachedInTime((each: Database) => each.check())
  const checkQueue = cachedInTime((each: DeliveryQueue) => each.check())
  onScrape(async () => {
    const [databaseResult, queueResult] = await Promise.all([checkDatabase(database), checkQueue(queue)])
    set.storeCheck({ database: checkStates(databaseResult), queue: checkStates(queueResult) })
  })
  onScrape(async () => {
    const { totalCount, idleCount, waitingCount } = database.pool
    set.pool({ used: totalCount - idleCount, idle: idleCount })
    set.poolWaiting(waitingCount)
    set.poolMax(stores.poolMax)
  })
}

function depthsOf(depth: Record<Lane, LaneDepth> | null): GaugeValues | null {
  return depth && Object.fromEntries(lanes.map((lane) => [lane, { ...depth[lane] }]))
}

/** Reads a store at most once per `freshMs`; null if the store fails or takes longer than `waitMs`. */
function cachedInTime<Store extends object, T>(
  read: (store: Store) => Promise<T>,
): (store: Store) => Promise<T | null> {
  const cached = cachedRead(freshMs, read)
  return (store) => resultWithin(waitMs, cached(store))
}

/** A store that does not respond in time counts as down. */
function checkStates(result: string | null): Record<string, number> {
  return Object.fromEntries(checkResults.map((one) => [one, one === (result ?? 'down') ? 1 : 0]))
}

/** A gauge's value, or its values by label, by one label within another. */
type GaugeValues = number | Readonly<Record<string, number | Readonly<Record<string, number>>>>

type GaugeSetters = Record<keyof typeof storeMetrics, (values: GaugeValues | null) => void>

function openGaugeSetters(registry: Metrics['registry']): GaugeSetters {
  const { build: _build, scrapeErrors: _errors, ...gauges } = storeMetrics
  const all = Object.entries(gauges).map(([key, one]) => [key, openGaugeSetter(registry, one)])
  return Object.fromEntries(all) as GaugeSetters
}

/** Returns a function that sets all series of a gauge; null removes them from the scrape. */
function openGaugeSetter(
  registry: Metrics['registry'],
  definition: MetricDefinition,
): (values: GaugeValues | null) => void {
  const gauge = openGauge(registry, definition)
  const [outer = '', inner = ''] = Object.keys(definition.labels ?? {})
  const clear = (): void => (outer === '' ? gauge.remove() : gauge.reset())
  clear()
  return (values) => {
    clear()
    if (values === null) return
    if (typeof values === 'number') return gauge.set(values)
    for (const [label, value] of Object.entries(values)) {
      const innerValues = typeof value === 'number' ? {} : value
      if (typeof value === 'number') gauge.set({ [outer]: label }, value)
      for (const [one, count] of Object.entries(innerValues))
        gauge.set({ [outer]: label, [inner]: one }, count)
    }
  }
}

function setMeasures(set: GaugeSetters, measures: DatabaseMetrics | null): void {
  set.oldestDue(measures?.oldestDueSeconds ?? null)
  set.retriesDue(measures?.retriesDue ?? null)
  set.outboxLag(measures?.outboxLagSeconds ?? null)
  set.operations(measures?.operations ?? null)
  set.itemsLeft(measures?.operationItemsLeft ?? null)
  set.lanesPaused(measures?.lanesPaused ?? null)
  set.workers(measures?.workers ?? null)
}
