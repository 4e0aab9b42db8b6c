import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** What one metric says. The text format, docs/metrics.md and the tests on bounded labels come from here. */
export interface MetricDefinition {
  kind: 'counter' | 'gauge' | 'histogram'
  name: `ghostpost_${string}`
  help: string
  /** Every value a label may have, or what else bounds them. Never a URL, a host or an id. */
  labels?: Readonly<Record<string, readonly string[] | string>>
  /** Upper bounds, in seconds. */
  buckets?: readonly number[]
}

export const defineMetrics = <const T extends Readonly<Record<string, MetricDefinition>>>(
  definitions: T,
): T => definitions

/** The times of one HTTP exchange. */
export const exchangeBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const

/** With more than this many kinds of one thing, each is there only once it has happened. */
const zeroedSeriesMax = 64

/** A counter that begins at 0 wherever it can: one that comes into being with its first event hides that from `rate()`. */
export function openCounter(registry: Registry, definition: MetricDefinition): Counter {
  const counter = new Counter(optionsOf(registry, definition))
  const combinations = labelCombinations(definition.labels ?? {})
  if (combinations.length <= zeroedSeriesMax) for (const labels of combinations) counter.inc(labels, 0)
  return counter
}

export function openGauge(registry: Registry, definition: MetricDefinition): Gauge {
  return new Gauge(optionsOf(registry, definition))
}

export function openHistogram(registry: Registry, definition: MetricDefinition): Histogram {
  return new Histogram({ ...optionsOf(registry, definition), buckets: [...(definition.buckets ?? [])] })
}

function optionsOf(registry: Registry, { name, help, labels = {} }: MetricDefinition) {
  return { name, help, labelNames: Object.keys(labels), registers: [registry] }
}

/** Every combination of labels; none where one of them is not a closed list. */
function labelCombinations(labels: NonNullable<MetricDefinition['labels']>): Record<string, string>[] {
  let combinations: Record<string, string>[] = [{}]
  for (const [name, values] of Object.entries(labels)) {
    if (typeof values === 'string') return []
    combinations = combinations.flatMap((one) => values.map((value) => ({ ...one, [name]: value })))
  }
  return combinations
}
