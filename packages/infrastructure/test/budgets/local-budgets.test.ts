import { throttleMaxMs, throttleMinMs, type BudgetReport } from '@ghostpost/delivery/receivers'
import { localBudgets, localConcurrencyMax } from '@ghostpost/infrastructure/budgets'
import { beforeEach, expect, test } from 'vitest'

const slotTimeoutMs = 30_000
const start = 1_000_000
const limits = { intervalMs: 0, concurrency: 100, breakerFailures: 5 }
const key = 'host:example.com'

let now: number
let budgets: ReturnType<typeof localBudgets>

beforeEach(() => {
  now = start
  budgets = localBudgets(
    slotTimeoutMs,
    () => now,
    () => 0.5,
  )
})

const admit = (slotId: string, own = limits) => budgets.admit({ key, slotId, limits: own })
const report = (slotId: string, use: BudgetReport) => budgets.report({ key, slotId, limits }, use)

async function fill(count: number, own = limits): Promise<void> {
  for (let n = 0; n < count; n += 1) expect(await admit(`slot-${n}`, own)).toEqual({ kind: 'admitted' })
}

test('a local budget admits a fixed number of concurrent requests', async () => {
  await fill(localConcurrencyMax)
  expect(await admit('late')).toMatchObject({ kind: 'wait', because: 'concurrency_full' })
  await report('slot-0', { kind: 'answered', durationMs: 5 })
  expect(await admit('late')).toEqual({ kind: 'admitted' })
})

test('a local budget admits no more than the receiver’s own limit', async () => {
  const own = { ...limits, concurrency: 2 }
  await fill(2, own)
  expect(await admit('late', own)).toMatchObject({ because: 'concurrency_full' })
  expect(await budgets.read(key, own)).toMatchObject({ inFlight: 2, room: 2 })
})

test('a local budget has no breaker, so failures change nothing', async () => {
  for (let n = 0; n < 50; n += 1)
    expect(await report('a', { kind: 'failed' })).toEqual({ before: 'closed', after: 'closed' })
  expect(await admit('a')).toEqual({ kind: 'admitted' })
  expect(await budgets.countBreakers()).toEqual({ open: 0, half_open: 0 })
})

test('a slot whose worker died expires', async () => {
  await fill(localConcurrencyMax)
  now += slotTimeoutMs
  expect(await admit('late')).toEqual({ kind: 'admitted' })
})

test.each([
  ['as long as it asks', 30_000, 30_000],
  ['an hour at most', 86_400_000, throttleMaxMs],
  ['a second without Retry-After', null, throttleMinMs],
])('a throttled receiver gets no requests for %s', async (_what, retryAfterMs, pauseMs) => {
  await report('a', { kind: 'throttled', retryAfterMs })
  now += pauseMs - 1
  expect(await admit('a')).toMatchObject({ kind: 'wait', because: 'throttled' })
  expect((await budgets.read(key, limits)).blockedUntil).toEqual(new Date(start + pauseMs))
  now += 1
  expect(await admit('a')).toEqual({ kind: 'admitted' })
})

test('a shorter Retry-After does not shorten an earlier one', async () => {
  await report('a', { kind: 'throttled', retryAfterMs: 60_000 })
  await report('a', { kind: 'throttled', retryAfterMs: 1_000 })
  expect((await budgets.read(key, limits)).blockedUntil).toEqual(new Date(start + 60_000))
})

test('a local budget keeps a configured rate and spaces the waits of waiting requests', async () => {
  const own = { ...limits, intervalMs: 100 }
  expect(await admit('a', own)).toEqual({ kind: 'admitted' })
  const waits = [await admit('b', own), await admit('c', own), await admit('d', own)]
  expect(waits).toEqual(
    [80, 180, 280].map((waitMs) => ({ everyMs: 100, kind: 'wait', waitMs, because: 'rate_limited' })),
  )
})

test('local budgets of different receivers are independent', async () => {
  await fill(localConcurrencyMax)
  expect(await budgets.admit({ key: 'host:other', slotId: 'a', limits })).toEqual({ kind: 'admitted' })
})
