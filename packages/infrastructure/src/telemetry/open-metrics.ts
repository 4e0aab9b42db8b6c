import { collectDefaultMetrics, Registry } from 'prom-client'

/** What a process counts and measures, for Prometheus. */
export interface Metrics {
  registry: Registry
  /** Has `refresh` run before each scrape, all of them at once. It must end by itself, and soon. */
  onScrape: (refresh: () => Promise<void>) => void
  /** All of it in Prometheus' text format. */
  scrape: () => Promise<string>
  contentType: string
  /** Adds what Node says of itself: memory, CPU, event loop lag, garbage collection. Measuring it costs a little. */
  watchProcess: () => void
}

/** Opens a registry of this process; several in one process, as in tests, share nothing. */
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
