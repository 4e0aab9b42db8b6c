import type { BudgetedResult, Outcome } from '@ghostpost/delivery/deliver'
import {
  openMetrics,
  openWorkerMetrics,
  type Metrics,
  type WorkerMetrics,
} from '@ghostpost/infrastructure/telemetry'
import { createUser } from '@ghostpost/test-kit/accounts'
import { parseMetrics, metricValue } from '@ghostpost/test-kit/parse-metrics'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  claimSaved,
  deliveredAttempt,
  retriedAttempt,
  saveNewDelivery,
} from '../database/attempts/delivery-fixtures.ts'

let database: TestDatabase
let settled: Extract<BudgetedResult, { kind: 'settled' }>
let metrics: Metrics
let worker: WorkerMetrics

beforeAll(async () => {
  database = await createTestDatabase()
  const user = await createUser(database, [4])
  const { id } = await saveNewDelivery(database, user.id)
  settled = {
    kind: 'settled',
    claim: await claimSaved(database, id),
    attempt: deliveredAttempt(),
    settlement: {
      deliveryId: id,
      state: 'delivered',
      attempts: 1,
      deliveredAt: null,
      nextAttemptAt: null,
      error: null,
    },
  }
})

beforeEach(() => {
  metrics = openMetrics()
  worker = openWorkerMetrics(metrics)
})

afterAll(() => database.drop())

async function metricNamed(name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  return metricValue(parseMetrics(await metrics.scrape()), `ghostpost_${name}`, labels)
}

test('counters with few series start at 0', async () => {
  expect(await metricNamed('deliveries_finished_total', { type: 'slack', outcome: 'failed' })).toBe(0)
  expect(await metricNamed('claims_lost_total')).toBe(0)
  expect(await metricNamed('waits_total', { because: 'breaker_open' })).toBe(0)
})

test('every kind of outcome has a cause class, whatever status the receiver responds with', async () => {
  const kinds: Outcome[] = [
    { kind: 'address_forbidden', reason: 'private' },
    { kind: 'name_not_resolved', code: 'ENOTFOUND' },
    { kind: 'connection_failed', code: 'ECONNREFUSED' },
    { kind: 'tls_failed', code: 'CERT_HAS_EXPIRED' },
    { kind: 'timed_out', phase: 'answer' },
    { kind: 'proxy_failed', code: 'PROXY_STATUS_599' },
    ...[200, 302, 404, 429, 500, 799].map((status) => ({ ...deliveredAttempt().outcome, status }) as Outcome),
  ]
  for (const outcome of kinds) {
    const attempt = { ...retriedAttempt(1_000), outcome }
    worker.observe({ ...settled, attempt, settlement: { ...settled.settlement, state: 'retrying' } })
  }
  const classes = parseMetrics(await metrics.scrape())
    .filter(({ name }) => name === 'ghostpost_attempts_total')
    .map(({ labels }) => String(labels['cause_class']))
  expect(classes.toSorted()).toEqual([
    'address_forbidden',
    'answered_2xx',
    'answered_3xx',
    'answered_429',
    'answered_4xx',
    'answered_5xx',
    'connection_failed',
    'name_not_resolved',
    'proxy_failed',
    'timed_out',
    'tls_failed',
  ])
  expect(await metricNamed('attempts_total', { cause_class: 'answered_5xx' })).toBe(2)
  expect(await metricNamed('deliveries_finished_total')).toBe(0)
})

test('operation members, disabled destinations, lost claims, waits and swept deliveries are counted', async () => {
  const claim = { ...settled.claim, operationId: 'op', destinationId: 'd' }
  const gone = { ...retriedAttempt(0).verdict, decision: 'give_up', receiverGone: true } as const
  const error = { code: 'superseded', message: '', responseStatus: null }
  worker.observe({ ...settled, claim })
  worker.observe({ ...settled, claim, settlement: { ...settled.settlement, state: 'cancelled', error } })
  worker.observe({
    ...settled,
    claim,
    attempt: { ...retriedAttempt(0), verdict: gone as never },
    settlement: { ...settled.settlement, state: 'failed' },
  })
  worker.observe({ kind: 'claim_lost', outcome: null, deliveryId: 'd' })
  worker.observe({ kind: 'wait', waitMs: 5, because: null, everyMs: 0 })
  worker.observe({ kind: 'wait', waitMs: 5, because: 'throttled', everyMs: 0 })
  worker.observe({ kind: 'nothing_to_do' })
  worker.swept(3)
  const items = (outcome: string) => metricNamed('operation_items_total', { outcome })
  expect([await items('delivered'), await items('skipped'), await items('failed')]).toEqual([1, 1, 1])
  expect(await metricNamed('destinations_disabled_total')).toBe(1)
  expect(await metricNamed('claims_lost_total')).toBe(1)
  expect(await metricNamed('waits_total', { because: 'not_due' })).toBe(1)
  expect(await metricNamed('waits_total')).toBe(2)
  expect(await metricNamed('swept_total')).toBe(3)
  expect(await metricNamed('attempt_wait_seconds_count', { lane: 'bulk' })).toBe(3)
})

test('a running attempt is counted until it succeeds or fails', async () => {
  const { promise, reject } = Promise.withResolvers<void>()
  const failing = worker.track(() => promise)
  expect(await metricNamed('attempts_under_way')).toBe(1)
  reject(new Error('a fault'))
  await expect(failing).rejects.toThrow('a fault')
  expect(await metricNamed('attempts_under_way')).toBe(0)
})
