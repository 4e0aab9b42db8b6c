import {
  apiMetrics,
  storeMetrics,
  workerMetrics,
  type MetricDefinition,
} from '@ghostpost/infrastructure/telemetry'

type Definitions = Readonly<Record<string, MetricDefinition>>

/** docs/metrics.md, made from the metrics' definitions. */
export function metricsPage(): string {
  return `# Metrics

What \`/metrics\` says, in Prometheus' text format. Where it is answered and who may read it: [operations.md](operations.md).
This page is made from the definitions in \`packages/infrastructure/src/telemetry\`; a test fails when they differ
(\`npm test -- document-metrics -u\` writes it again).

No label holds a URL, a host, an id or anything a caller wrote: the values below are all there are. Times are in seconds.

## Of a worker

${table(workerMetrics)}

## Of an API process

${table(apiMetrics)}

## Of every process

What all know alike (queue, database, operations, breakers) is told by each, so that it can be read while one kind of
process is away: take \`max\` of it, not \`sum\`. It is at most five seconds old, and is left out when its store does not
answer within a second and a half. Beside these there are Node's own, \`process_*\` and \`nodejs_*\`: memory, processor time,
event loop lag, garbage collection.

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
