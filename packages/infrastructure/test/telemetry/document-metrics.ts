import {
  apiMetrics,
  storeMetrics,
  workerMetrics,
  type MetricDefinition,
} from '@ghostpost/infrastructure/telemetry'

type Definitions = Readonly<Record<string, MetricDefinition>>

/** The text of docs/metrics.md, generated from the metrics' definitions. */
export function metricsPage(): string {
  return `# Metrics

Each process exports these metrics at \`/metrics\`, in Prometheus' text format. [operations.md](operations.md) says on
which address and who may read them. This page is generated from the definitions in
\`packages/infrastructure/src/telemetry\`; a test fails if they differ
(\`npm test -- document-metrics -u\` generates the page again).

Label values come from the closed lists below: no label contains a URL, a host, an id or text from a caller. Times are
in seconds.

## Worker

${table(workerMetrics)}

## API process

${table(apiMetrics)}

## Every process

Every process exports the shared numbers (queue, database, operations, breakers), so that you can read them while one
kind of process is down: aggregate them with \`max\`, not \`sum\`. They are at most five seconds old. A scrape leaves
them out if their store does not respond within 1.5 seconds. Every process also exports Node's own metrics,
\`process_*\` and \`nodejs_*\`: memory, CPU time, event loop lag, garbage collection.

${table(storeMetrics)}
`
}

function table(definitions: Definitions): string {
  const rows = Object.values(definitions).map(({ name, kind, labels = {}, help }) =>
    [`\`${name}\``, kind, labelsOf(labels), help].join(' | '),
  )
  return [
    '| metric | kind | labels | meaning |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}

function labelsOf(labels: NonNullable<MetricDefinition['labels']>): string {
  return Object.entries(labels)
    .map(([name, values]) => {
      const all = typeof values === 'string' ? values : values.map((value) => `\`${value}\``).join(', ')
      return `**${name}**: ${all}`
    })
    .join('<br>')
}
