import { join } from 'node:path'
import {
  apiMetrics,
  openApiMetrics,
  openMetrics,
  openWorkerMetrics,
  workerMetrics,
  type Metrics,
} from '@ghostpost/infrastructure/telemetry'
import { expect, test } from 'vitest'
import { metricsPage } from './document-metrics.ts'

const repository = join(import.meta.dirname, '../../../..')

test('docs/metrics.md matches the definitions', async () => {
  await expect(metricsPage()).toMatchFileSnapshot(join(repository, 'docs/metrics.md'))
})

test('each process registers all metrics defined for it, and no others', () => {
  const worker = openMetrics()
  openWorkerMetrics(worker)
  const api = openMetrics()
  openApiMetrics(api)
  const defined = (definitions: object): string[] =>
    Object.values(definitions)
      .map(({ name }: { name: string }) => name)
      .toSorted()
  const opened = ({ registry }: Metrics): string[] =>
    registry
      .getMetricsAsArray()
      .map(({ name }) => name)
      .toSorted()
  expect(opened(worker)).toEqual(defined(workerMetrics))
  expect(opened(api)).toEqual(defined(apiMetrics))
})
