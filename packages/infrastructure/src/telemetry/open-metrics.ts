import { collectDefaultMetrics, Registry } from 'prom-client'

/** The metrics of a process, for Prometheus. */
export interface Metrics {
  registry: Registry
  /** Registers `refresh` to run before each scrape, in parallel with the others. It must end soon. */
  onScrape: (refresh: () => Promise<void>) => void
  /** All metrics in Prometheus' text format. */
  scrape: () => Promise<string>
  contentType: string
  /** Adds Node's own metrics: memory, CPU, event loop lag, garbage collection. They cost a little CPU. */
  watchProcess: () => void
}

/** Opens a registry of its own, so that several in one process, as in tests, share nothing. */
export function openMetrics(): Metrics {
  const registry = new Registry()
  const refreshes: (() => Promise<void>)[] = []
  return {
    registry,
    onScrape: (refresh) => void refreshes.push(refresh),
    scrape: async () => {
      await Promise.all(refreshes.map((refresh) => refresh()))
      return registry.metrics()
    },
    contentType: registry.contentType,
    watchProcess: () => collectDefaultMetrics({ register: registry }),
  }
}
