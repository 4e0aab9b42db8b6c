import { lanes, type Lane } from '@ghostpost/delivery/deliver'
import type { ReceiverBudgets } from '../budgets/open-budgets.ts'
import type { Database } from '../database/connection/open-database.ts'
import { readMeasures, type Measures } from '../database/stats/read-measures.ts'
import type { DeliveryQueue, LaneDepth } from '../queue/delivery-queue.ts'
import { version } from '../process/version.ts'
import { openCounter, openGauge, type MetricDefinition } from './define-metrics.ts'
import type { Metrics } from './open-metrics.ts'
import { readSeldom } from './read-seldom.ts'
import { checkResults, storeMetrics } from './store-metrics.ts'

export interface MeasuredStores {
  database: Database
  queue: DeliveryQueue
  budgets: ReceiverBudgets
  /** The most database connections of this process. */
  poolMax: number
}

/** Scrapes come every 15 s or so, from more than one Prometheus perhaps. */
const freshMs = 5_000
/** A scrape gives up after 10 s by default; what is there must be told long before. */
const waitMs = 1_500

/**
 * Has a process tell how the stores are and what waits in them. They are asked when it is scraped, together, seldom and
 * not for long; what is not known then is left out.
 */
export function measureStores({ registry, onScrape }: Metrics, stores: MeasuredStores): void {
  openGauge(registry, storeMetrics.build).set({ version }, 1)
  const errors = openCounter(registry, storeMetrics.scrapeErrors)
  const ask = <T>(source: string, read: () => Promise<T>): (() => Promise<T | null>) =>
    readSeldom(read, { freshMs, waitMs, onMissing: () => errors.inc({ source }) })
  const { database, queue, budgets } = stores

  const tell = tellers(registry)
  const measures = ask('database', () => readMeasures(database))
  onScrape(async () => tellMeasures(tell, await measures()))
  const depth = ask('queue', () => queue.depth())
  onScrape(async () => tell.depth(depthsOf(await depth())))
  const breakers = ask('budgets', () => budgets.countBreakers())
  onScrape(async () => tell.breakers(await breakers()))
  const checkDatabase = inTime(() => database.check())
  const checkQueue = inTime(() => queue.check())
  onScrape(async () => {
    const [databaseResult, queueResult] = await Promise.all([checkDatabase(), checkQueue()])
    tell.storeCheck({ database: states(databaseResult), queue: states(queueResult) })
  })
  onScrape(async () => {
    const { totalCount, idleCount, waitingCount } = database.pool
    tell.pool({ used: totalCount - idleCount, idle: idleCount })
    tell.poolWaiting(waitingCount)
    tell.poolMax(stores.poolMax)
  })
}

function depthsOf(depth: Record<Lane, LaneDepth> | null): Values | null {
  return depth && Object.fromEntries(lanes.map((lane) => [lane, { ...depth[lane] }]))
}

/** A store that does not answer in time is down, as far as anyone can tell. */
function inTime<T>(check: () => Promise<T>): () => Promise<T | 'down'> {
  const asked = readSeldom(check, { freshMs, waitMs, onMissing: () => {} })
  return async () => (await asked()) ?? 'down'
}

function states(result: string): Record<string, number> {
  return Object.fromEntries(checkResults.map((one) => [one, one === result ? 1 : 0]))
}

/** A gauge's value, or its values by label, by one label within another. */
type Values = number | Readonly<Record<string, number | Readonly<Record<string, number>>>>

type Tellers = Record<keyof typeof storeMetrics, (values: Values | null) => void>

function tellers(registry: Metrics['registry']): Tellers {
  const { build: _build, scrapeErrors: _errors, ...gauges } = storeMetrics
  const all = Object.entries(gauges).map(([key, one]) => [key, teller(registry, one)])
  return Object.fromEntries(all) as Tellers
}

/** Sets all a gauge says at once; null leaves it out of the scrape. */
function teller(
  registry: Metrics['registry'],
  definition: MetricDefinition,
): (values: Values | null) => void {
  const gauge = openGauge(registry, definition)
  const [outer = '', inner = ''] = Object.keys(definition.labels ?? {})
  const forget = (): void => (outer === '' ? gauge.remove() : gauge.reset())
  forget()
  return (values) => {
    forget()
    if (values === null) return
    if (typeof values === 'number') return gauge.set(values)
    for (const [label, value] of Object.entries(values)) {
      const within = typeof value === 'number' ? {} : value
      if (typeof value === 'number') gauge.set({ [outer]: label }, value)
      for (const [one, count] of Object.entries(within)) gauge.set({ [outer]: label, [inner]: one }, count)
    }
  }
}

function tellMeasures(tell: Tellers, measures: Measures | null): void {
  tell.oldestDue(measures?.oldestDueSeconds ?? null)
  tell.retriesDue(measures?.retriesDue ?? null)
  tell.outboxLag(measures?.outboxLagSeconds ?? null)
  tell.operations(measures?.operations ?? null)
  tell.itemsLeft(measures?.operationItemsLeft ?? null)
  tell.held(measures?.lanesHeld ?? null)
  tell.workers(measures?.workers ?? null)
}
