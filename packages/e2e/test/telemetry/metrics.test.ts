import { routes } from '@ghostpost/api/routes'
import { version } from '@ghostpost/infrastructure/process'
import {
  apiMetrics,
  storeMetrics,
  workerMetrics,
  type MetricDefinition,
} from '@ghostpost/infrastructure/telemetry'
import { freePort } from '@ghostpost/local-services'
import { metricValue, type Sample } from '@ghostpost/test-kit/parse-metrics'
import { respond, resetSocket } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { scrape, scrapeToken } from './scrape.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let apiPort: number
let workerPort: number
const planted = 'planted-in-a-path'

beforeAll(async () => {
  apiPort = await freePort()
  workerPort = await freePort()
  stack = await startStack({
    GHOSTPOST_METRICS_PORT: String(apiPort),
    GHOSTPOST_WORKER_PORT: String(workerPort),
    GHOSTPOST_METRICS_TOKEN: scrapeToken,
    // Due within an hour, jitter included.
    GHOSTPOST_RETRY_SCHEDULE: '0s 30m',
  })
})

afterAll(() => stack.stop())

async function send(changes: Record<string, unknown> = {}): Promise<void> {
  await callApi(stack, '/api/webhook', { body: exportBody(stack, changes) })
}

const fromApi = async (): Promise<Sample[]> => (await scrape(apiPort)).samples
const fromWorker = async (): Promise<Sample[]> => (await scrape(workerPort)).samples

const known = new Map<string, MetricDefinition>(
  [workerMetrics, apiMetrics, storeMetrics].flatMap((all) =>
    Object.values(all).map((one) => [one.name, one] as const),
  ),
)
const openEnded = new Set([
  ...routes.map(({ url }) => url),
  'unmatched',
  '/ops/*',
  '/docs/*',
  '/openapi.json',
  version,
])

/** Whether a sample has exactly the labels of its definition, with listed values only. */
function isBounded({ name, labels: { le: _le, ...labels } }: Sample): boolean {
  const defined = (known.get(name) ?? known.get(name.replace(/_(bucket|sum|count)$/, '')))?.labels ?? {}
  const isListed = ([label, value]: [string, string]): boolean => {
    const values = defined[label] ?? []
    return typeof values === 'string' ? openEnded.has(value) : values.includes(value)
  }
  return Object.keys(labels).length === Object.keys(defined).length && Object.entries(labels).every(isListed)
}

test('deliveries are counted by type, outcome and phase', async () => {
  // A request that is lost on a kept connection is sent once more in the same attempt.
  stack.receiver.next(respond(200), respond(404), respond(503), resetSocket(), resetSocket())
  await send()
  await send()
  await send()
  await send()
  await send({ webhook_url: 'http://127.0.0.1:1/closed' })
  const samples = await waitUntil('all attempts are counted', async () => {
    const now = await fromWorker()
    return (metricValue(now, 'ghostpost_attempts_total') ?? 0) >= 5 && now
  })
  const finished = (outcome: string) =>
    metricValue(samples, 'ghostpost_deliveries_finished_total', { type: 'custom', outcome })
  expect([finished('delivered'), finished('failed'), finished('cancelled')]).toEqual([1, 2, 0])
  const attempts = (decision: string, cause_class: string) =>
    metricValue(samples, 'ghostpost_attempts_total', { type: 'custom', decision, cause_class })
  expect(attempts('delivered', 'answered_2xx')).toBe(1)
  expect(attempts('give_up', 'answered_4xx')).toBe(1)
  expect(attempts('retry', 'answered_5xx')).toBe(1)
  expect(attempts('retry', 'connection_lost')).toBe(1)
  expect(attempts('give_up', 'address_forbidden')).toBe(1)
  const observed = (phase: string) =>
    metricValue(samples, 'ghostpost_attempt_duration_seconds_count', { type: 'custom', phase })
  // The forbidden address got no request, and no receiver has a name to resolve.
  expect([observed('total'), observed('first_byte'), observed('dns')]).toEqual([4, 3, undefined])
  expect(observed('connect')).toBeGreaterThan(0)
  expect(metricValue(samples, 'ghostpost_attempt_wait_seconds_count', { lane: 'live' })).toBe(5)
})

test('requests are counted by their route’s template', async () => {
  await callApi(stack, `/api/deliveries/${planted}`)
  await callApi(stack, `/${planted}/${planted}`)
  await callApi(stack, `/ops/assets/${planted}.js`)
  await callApi(stack, '/api/session', { session: null })
  await fetch(`${stack.api}/readyz`, { method: 'PROPFIND' })
  const samples = await waitUntil('the requests are counted', async () => {
    const now = await fromApi()
    return metricValue(now, 'ghostpost_http_requests_total', { method: 'other' }) === 1 && now
  })
  const requests = (labels: Record<string, string>) =>
    metricValue(samples, 'ghostpost_http_requests_total', labels)
  expect(requests({ route: '/api/deliveries/:id', method: 'GET', status_class: '4xx' })).toBe(1)
  expect(requests({ route: 'unmatched', method: 'GET', status_class: '4xx' })).toBe(1)
  expect(requests({ route: '/ops/*', method: 'GET' })).toBe(1)
  expect(requests({ route: '/api/webhook', method: 'POST' })).toBe(5)
  expect(
    metricValue(samples, 'ghostpost_http_request_duration_seconds_count', { route: '/api/webhook' }),
  ).toBe(5)
  expect(metricValue(samples, 'ghostpost_exports_accepted_total', { type: 'custom' })).toBe(5)
  expect(metricValue(samples, 'ghostpost_http_errors_total', { code: 'unauthenticated' })).toBe(1)
})

describe('the metrics of both processes', () => {
  test('describe stores, queue and process in the same way', async () => {
    for (const read of [fromApi, fromWorker]) {
      const samples = await waitUntil('the retries and the worker are counted', async () => {
        const now = await read()
        const hasWorker = metricValue(now, 'ghostpost_workers') === 1
        return hasWorker && metricValue(now, 'ghostpost_retries_due', { within: '1h' }) === 2 && now
      })
      const valueNow = (name: string, labels = {}) => metricValue(samples, name, labels)
      expect(valueNow('ghostpost_queue_depth', { lane: 'retry', state: 'delayed' })).toBe(2)
      expect(valueNow('ghostpost_queue_oldest_due_seconds', { lane: 'live' })).toBe(0)
      expect(valueNow('ghostpost_outbox_lag_seconds')).toBe(0)
      expect(valueNow('ghostpost_breakers', { state: 'open' })).toBe(0)
      expect(valueNow('ghostpost_store_check', { store: 'queue', result: 'ok' })).toBe(1)
      expect(valueNow('ghostpost_store_check', { store: 'database', result: 'ok' })).toBe(1)
      expect(valueNow('ghostpost_store_check')).toBe(2)
      expect(valueNow('ghostpost_build_info', { version })).toBe(1)
      expect(valueNow('ghostpost_database_pool_connections')).toBeGreaterThan(0)
      expect(valueNow('ghostpost_scrape_errors_total')).toBe(0)
      expect(valueNow('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
      expect(valueNow('process_resident_memory_bytes')).toBeGreaterThan(0)
    }
  })

  test('have only bounded labels and no data of a receiver or a secret', async () => {
    for (const port of [apiPort, workerPort]) {
      const { text, samples } = await scrape(port)
      const ours = samples.filter(({ name }) => name.startsWith('ghostpost_'))
      expect(ours.length).toBeGreaterThan(60)
      expect(ours.filter((one) => !isBounded(one))).toEqual([])
      for (const secret of [planted, stack.session, stack.receiver.origin, '127.0.0.1', '/hooks/leads'])
        expect(text).not.toContain(secret)
      expect(text).not.toMatch(/[\da-f]{8}-[\da-f]{4}-7/)
    }
  })
})

describe('the listener', () => {
  test('requires the token for metrics but not for health checks', async () => {
    const ask = async (path: string, authorization = '') =>
      (await fetch(`http://127.0.0.1:${workerPort}${path}`, { headers: { authorization } })).status
    expect(await ask('/metrics')).toBe(401)
    expect(await ask('/metrics', 'Bearer wrong')).toBe(401)
    expect(await ask('/metrics', `Bearer ${scrapeToken}`)).toBe(200)
    expect(await ask('/healthz')).toBe(200)
    expect(await ask('/readyz')).toBe(200)
    expect(await ask('/api/webhook')).toBe(404)
    const posted = await fetch(`http://127.0.0.1:${workerPort}/healthz`, { method: 'POST' })
    expect(posted.status).toBe(405)
  })

  test('of the API is separate from the public port', async () => {
    expect((await callApi(stack, '/metrics')).status).toBe(404)
  })

  test('waits for a used port while the worker works', async () => {
    const second = await stack.startWorker()
    await waitUntil('the worker logs it', () => second.output().includes('telemetry server cannot listen'))
    await stack.workers[0]?.stop()
    stack.receiver.always(respond(200))
    const { body } = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
    expect(body).toMatchObject({ success: true })
    await waitUntil('the port is taken over', async () =>
      scrape(workerPort).then(
        ({ samples }) =>
          metricValue(samples, 'ghostpost_deliveries_finished_total', { outcome: 'delivered' }) === 1,
        () => false,
      ),
    )
  })
})
