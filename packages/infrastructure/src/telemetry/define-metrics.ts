import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** The definition of one metric. The exported text, docs/metrics.md and the tests on bounded labels use it. */
export interface MetricDefinition {
  kind: 'counter' | 'gauge' | 'histogram'
  name: `ghostpost_${string}`
  help: string
  /** Every value a label may have, or a description of what bounds them. Never a URL, a host or an id. */
  labels?: Readonly<Record<string, readonly string[] | string>>
  /** Upper bounds in seconds. */
  buckets?: readonly number[]
}

export const defineMetrics = <const T extends Readonly<Record<string, MetricDefinition>>>(
  definitions: T,
): T => definitions

/** Histogram buckets for one HTTP exchange, in seconds. */
export const exchangeBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const

/** A counter with more label combinations than this does not start all of them at 0. */
const zeroedSeriesMax = 64

/** Opens a counter whose series start at 0: `rate()` would miss the first event of a series that starts with it. */
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

/** Every combination of label values; empty if a label has no closed list. */
function labelCombinations(labels: NonNullable<MetricDefinition['labels']>): Record<string, string>[] {
  let combinations: Record<string, string>[] = [{}]
  for (const [name, values] of Object.entries(labels)) {
    if (typeof values === 'string') return []
    combinations = combinations.flatMap((one) => values.map((value) => ({ ...one, [name]: value })))
  }
  return combinations
}
