import { freePort } from '@ghostpost/local-services'
import { startFaultProxy, type FaultProxy } from '@ghostpost/test-kit/fault-proxy'
import { metricValue, type Sample } from '@ghostpost/test-kit/parse-metrics'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi } from '@ghostpost/test-kit/processes/call-api'
import { startOwnRedis, type OwnRedis } from '@ghostpost/test-kit/processes/own-redis'
import { scrape, scrapeToken } from './scrape.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let redis: OwnRedis
let postgres: FaultProxy
let port: number

beforeAll(async () => {
  redis = await startOwnRedis()
  port = await freePort()
  stack = await startStack({
    QUEUE_URL: redis.url,
    GHOSTPOST_METRICS_PORT: String(port),
    GHOSTPOST_METRICS_TOKEN: scrapeToken,
  })
  const direct = new URL(stack.database.url)
  postgres = await startFaultProxy(Number(direct.port))
})

afterAll(async () => {
  await stack.stop()
  await postgres.stop()
  await redis.remove()
})

const ownMetric = (samples: Sample[], name: string, labels = {}): number | undefined =>
  metricValue(samples, `ghostpost_${name}`, labels)

async function until(what: string, matches: (samples: Sample[]) => boolean, at = port): Promise<Sample[]> {
  return waitUntil(what, async () => {
    const { samples } = await scrape(at)
    return matches(samples) && samples
  })
}

test('without Redis a scrape lacks only the queue’s metrics, reports that, and recovers', async () => {
  await until('the scrape has the queue’s metrics', (samples) => ownMetric(samples, 'queue_depth') === 0)
  await redis.stop()
  const without = await until(
    'the metrics of the store are missing',
    (samples) =>
      ownMetric(samples, 'store_check', { store: 'queue', result: 'down' }) === 1 &&
      ownMetric(samples, 'queue_depth') === undefined &&
      ownMetric(samples, 'breakers') === undefined,
  )
  expect(ownMetric(without, 'scrape_errors_total', { source: 'queue' })).toBeGreaterThan(0)
  expect(ownMetric(without, 'scrape_errors_total', { source: 'database' })).toBe(0)
  expect(ownMetric(without, 'outbox_lag_seconds')).toBe(0)
  expect(ownMetric(without, 'http_requests_under_way')).toBe(0)
  await redis.restart()
  await until(
    'the queue’s metrics are back',
    (samples) => ownMetric(samples, 'queue_depth') === 0 && ownMetric(samples, 'breakers') === 0,
  )
})

test('with a hanging database a scrape has the other metrics', async () => {
  const url = new URL(stack.database.url)
  url.port = String(postgres.port)
  const ownPort = await freePort()
  const api = await stack.startApi({ DATABASE_URL: url.href, GHOSTPOST_METRICS_PORT: String(ownPort) })
  await until(
    'the scrape has the database’s metrics',
    (samples) => ownMetric(samples, 'workers') !== undefined,
    ownPort,
  )
  postgres.setMode({ kind: 'silent' })
  const without = await until(
    'the metrics of the store are missing',
    (samples) =>
      ownMetric(samples, 'store_check', { store: 'database', result: 'down' }) === 1 &&
      ownMetric(samples, 'queue_oldest_due_seconds') === undefined,
    ownPort,
  )
  expect(ownMetric(without, 'outbox_lag_seconds')).toBeUndefined()
  expect(ownMetric(without, 'scrape_errors_total', { source: 'database' })).toBeGreaterThan(0)
  expect(ownMetric(without, 'queue_depth')).toBe(0)
  expect(ownMetric(without, 'database_pool_max')).toBe(10)
  expect((await callApi({ ...stack, api: api.address }, '/healthz')).status).toBe(200)
  postgres.setMode({ kind: 'pass' })
  await until('it is back', (samples) => ownMetric(samples, 'workers') !== undefined, ownPort)
})
