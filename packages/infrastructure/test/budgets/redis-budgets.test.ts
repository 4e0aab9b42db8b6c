import {
  breakerOpenMaxMs,
  breakerOpenMinMs,
  initialWindow,
  intervalOf,
  slowResponseMs,
  throttleMaxMs,
  waitMaxMs,
  type Admission,
  type BudgetLimits,
  type BudgetReport,
} from '@ghostpost/delivery/receivers'
import { redisBudgets, type BudgetReading, type BudgetStore } from '@ghostpost/infrastructure/budgets'
import { createTestQueueName } from '@ghostpost/test-kit/test-database'
import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

/** Longer than any wait of these tests. */
const slotTimeoutMs = 36_000_000
/** Long, so that no command times out on a slow machine. */
const redisTimeoutMs = 30_000
const start = 1_800_000_000_000
const limits: BudgetLimits = { intervalMs: 0, concurrency: 16, breakerFailures: 5 }
const withoutBreaker = { ...limits, breakerFailures: 0 }
const failed: BudgetReport = { kind: 'failed' }
const quick: BudgetReport = { kind: 'answered', durationMs: 10 }
const slow: BudgetReport = { kind: 'answered', durationMs: slowResponseMs + 1 }
const throttled = (retryAfterMs: number | null): BudgetReport => ({ kind: 'throttled', retryAfterMs })

let now = start
let random = 0.5
let receivers = 0
let store: BudgetStore

beforeAll(() => {
  const clock = { now: () => now, random: () => random }
  store = redisBudgets({
    ...createTestQueueName(),
    slotTimeoutMs,
    redisTimeoutMs,
    onError: () => {},
    ...clock,
  })
})

beforeEach(() => {
  now = start
  random = 0.5
})

afterAll(() => store.close())

interface ReceiverBudget {
  admit: (slotId: string, probe?: boolean) => Promise<Admission>
  close: () => Promise<string>
  /** Takes slots, each of which must be admitted. */
  fill: (count: number) => Promise<void>
  /** Reports requests, one after another. */
  report: (use: BudgetReport, times?: number, slotId?: string) => Promise<void>
  read: (own?: BudgetLimits) => Promise<BudgetReading>
  room: () => Promise<number>
}

/** The budget of a receiver that no other test uses. */
function newBudget(own = limits): ReceiverBudget {
  receivers += 1
  const key = `host:${receivers}.example.com`
  const admit = (slotId: string, probe = false) => store.admit({ key, slotId, limits: own, probe })
  const read = (limitsNow = own) => store.read(key, limitsNow)
  return {
    admit,
    close: () => store.closeBreaker(key, own),
    fill: async (count) => {
      for (let n = 0; n < count; n += 1) expect(await admit(`slot-${n}`)).toEqual({ kind: 'admitted' })
    },
    report: async (use, times = 1, slotId = 'reported') => {
      for (let n = 0; n < times; n += 1) await store.report({ key, slotId, limits: own }, use)
    },
    read,
    room: async () => (await read()).room,
  }
}

const waitOf = (admission: Admission): number => (admission.kind === 'wait' ? admission.waitMs : 0)

describe('the number of concurrent requests', () => {
  test('is the limit for a receiver with a low limit', async () => {
    const budget = newBudget()
    await budget.fill(16)
    expect(await budget.admit('late')).toMatchObject({ kind: 'wait', because: 'concurrency_full' })
  })

  test('is small for an unknown receiver and grows to the limit with its responses', async () => {
    const budget = newBudget({ ...limits, concurrency: 100 })
    await budget.fill(initialWindow)
    expect(await budget.admit('late')).toMatchObject({ because: 'concurrency_full' })
    await budget.report(quick, 100)
    expect(await budget.room()).toBe(100)
  })

  test('makes a process ask again after a while, all of them at random times', async () => {
    const budget = newBudget()
    await budget.fill(16)
    const waits = [await budget.admit('a'), await budget.admit('b'), await budget.admit('c')]
    expect(waits.map(waitOf)).toEqual([50, 50, 50])
  })

  test.each([
    [1, 16],
    [2, 8],
    [5, 1],
    [30, 1],
  ])('after %i failures in a row is %i', async (failures, room) => {
    const budget = newBudget(withoutBreaker)
    await budget.report(failed, failures)
    expect(await budget.room()).toBe(room)
  })

  test('stays the same when responses come between failures', async () => {
    const budget = newBudget()
    for (let n = 0; n < 20; n += 1) {
      await budget.report(failed)
      await budget.report(quick)
    }
    expect(await budget.room()).toBe(16)
  })

  test('is halved by a 429 and grows by one with each quick response', async () => {
    const budget = newBudget()
    await budget.report(throttled(null))
    expect(await budget.room()).toBe(8)
    await budget.report(throttled(60_000))
    expect(await budget.room()).toBe(4)
    await budget.report(quick)
    expect(await budget.room()).toBe(5)
    await budget.report(quick, 50)
    expect(await budget.room()).toBe(16)
  })

  test('shrinks by a quarter with each slow response, down to four', async () => {
    const budget = newBudget()
    await budget.report(slow)
    expect(await budget.room()).toBe(12)
    await budget.report(slow, 50)
    expect(await budget.room()).toBe(4)
  })

  test('does not grow from less than four with a slow response', async () => {
    const budget = newBudget(withoutBreaker)
    await budget.report(failed, 5)
    await budget.report(slow)
    expect(await budget.room()).toBe(1)
  })

  test('follows a lowered limit at once', async () => {
    expect(await newBudget().read({ ...limits, concurrency: 3 })).toMatchObject({ room: 3 })
  })

  test('does not change when no request was made', async () => {
    const budget = newBudget()
    await budget.report(failed, 2)
    const before = await budget.read()
    await budget.report({ kind: 'unused' })
    expect(await budget.read()).toEqual(before)
  })

  test('holds for many workers that ask at the same time', async () => {
    const queue = createTestQueueName()
    const open = (): BudgetStore =>
      redisBudgets({ ...queue, slotTimeoutMs, redisTimeoutMs, onError: () => {} })
    const [first, ...others] = [open(), open(), open(), open()] as const
    const own = { ...limits, concurrency: 7 }
    const admissions = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (others[index % 4] ?? first).admit({ key: 'host:busy', slotId: `slot-${index}`, limits: own }),
      ),
    )
    expect(admissions.filter(({ kind }) => kind === 'admitted')).toHaveLength(7)
    expect(await first.read('host:busy', own)).toMatchObject({ inFlight: 7 })
    await Promise.all([first, ...others].map((one) => one.close()))
  })

  test('includes the slot of a dead worker until it expires', async () => {
    const budget = newBudget({ ...limits, concurrency: 1 })
    await budget.fill(1)
    expect(await budget.admit('late')).toMatchObject({ because: 'concurrency_full' })
    now += slotTimeoutMs
    expect(await budget.admit('late')).toEqual({ kind: 'admitted' })
  })
})

describe('the breaker', () => {
  async function openBreaker(): Promise<ReceiverBudget> {
    const budget = newBudget()
    await budget.report(failed, 5)
    return budget
  }

  test('opens after five failures in a row for five seconds', async () => {
    const budget = newBudget()
    await budget.report(failed, 4)
    expect(await budget.read()).toMatchObject({ breaker: 'closed' })
    await budget.report(failed)
    expect(await budget.read()).toMatchObject({ breaker: 'open', room: 0 })
    expect(await budget.admit('a')).toMatchObject({ kind: 'wait', because: 'breaker_open' })
    now += breakerOpenMinMs
    expect(await budget.read()).toMatchObject({ breaker: 'half_open' })
  })

  test('stays closed when a response comes between the failures', async () => {
    const budget = newBudget()
    await budget.report(failed, 4)
    await budget.report(quick)
    await budget.report(failed, 4)
    expect(await budget.read()).toMatchObject({ breaker: 'closed' })
  })

  test('never opens when it is switched off', async () => {
    const budget = newBudget(withoutBreaker)
    await budget.report(failed, 100)
    expect(await budget.read()).toMatchObject({ breaker: 'closed' })
  })

  test('lets one request at a time test whether the receiver is back', async () => {
    const budget = await openBreaker()
    now += breakerOpenMinMs
    expect(await budget.admit('a')).toEqual({ kind: 'admitted' })
    expect(await budget.admit('b')).toMatchObject({ kind: 'wait', because: 'breaker_open' })
  })

  test.each([
    ['a response', quick],
    ['a 429', throttled(1)],
  ])('closes with %s', async (_what, use) => {
    const budget = await openBreaker()
    now += breakerOpenMinMs
    await budget.report(use)
    expect(await budget.read()).toMatchObject({ breaker: 'closed', openUntil: null })
  })

  test('opens for twice as long after each failed test, up to five minutes', async () => {
    const budget = await openBreaker()
    const openMs: number[] = []
    for (let n = 0; n < 9; n += 1) {
      const untilMs = (await budget.read()).openUntil?.getTime() ?? 0
      openMs.push(untilMs - now)
      now = untilMs
      await budget.report(failed)
    }
    expect(openMs.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000])
    expect(openMs.at(-1)).toBe(breakerOpenMaxMs)
  })

  test('is not prolonged by requests that were in flight when it opened', async () => {
    const budget = await openBreaker()
    const { openUntil } = await budget.read()
    now += 100
    await budget.report(failed, 20)
    expect(await budget.read()).toMatchObject({ openUntil })
  })

  test('is counted by state', async () => {
    const queue = createTestQueueName()
    const counted = redisBudgets({
      ...queue,
      slotTimeoutMs,
      redisTimeoutMs,
      onError: () => {},
      now: () => now,
    })
    const own = { ...limits, breakerFailures: 1 }
    const report = (key: string, use: BudgetReport): Promise<unknown> =>
      counted.report({ key, slotId: 'a', limits: own }, use)
    expect(await counted.countBreakers()).toEqual({ open: 0, half_open: 0 })
    await report('host:a', failed)
    await report('host:b', failed)
    await report('host:c', quick)
    expect(await counted.countBreakers()).toEqual({ open: 2, half_open: 0 })
    now += breakerOpenMinMs
    expect(await counted.countBreakers()).toEqual({ open: 0, half_open: 2 })
    await report('host:a', failed)
    expect(await counted.countBreakers()).toEqual({ open: 1, half_open: 1 })
    await report('host:b', quick)
    now += 3 * breakerOpenMinMs
    await report('host:a', throttled(null))
    expect(await counted.countBreakers()).toEqual({ open: 0, half_open: 0 })
    await counted.close()
  })
})

describe('a throttled receiver', () => {
  test('gets no requests for as long as it asks', async () => {
    const budget = newBudget()
    await budget.report(throttled(30_000))
    now += 29_999
    expect(await budget.admit('a')).toMatchObject({ kind: 'wait', because: 'throttled' })
    now += 1
    expect(await budget.admit('a')).toEqual({ kind: 'admitted' })
  })

  test('gets a request after an hour, whatever it asks', async () => {
    const budget = newBudget()
    await budget.report(throttled(86_400_000))
    expect(await budget.read()).toMatchObject({ blockedUntil: new Date(start + throttleMaxMs) })
  })

  test('gets growing pauses when it gives no time, until it responds', async () => {
    const budget = newBudget()
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      await budget.report(throttled(null))
      expect(await budget.read()).toMatchObject({ blockedUntil: new Date(start + pauseMs) })
    }
    await budget.report(quick)
    now += 10_000
    await budget.report(throttled(null))
    expect(await budget.read()).toMatchObject({ blockedUntil: new Date(now + 1_000) })
  })

  test('does not shorten an earlier pause', async () => {
    const budget = newBudget()
    await budget.report(throttled(60_000))
    await budget.report(throttled(1_000))
    expect(await budget.read()).toMatchObject({ blockedUntil: new Date(start + 60_000) })
  })
})

describe('a rate', () => {
  /** Many requests ask at once. Waiting ones come back at the given time, each a little late. */
  async function admissionTimes(own: BudgetLimits, count: number, lateMs: () => number): Promise<number[]> {
    now = start
    const budget = newBudget(own)
    const due = Array.from({ length: count }, (_, index) => ({ atMs: start, slotId: `slot-${index}` }))
    const admittedAt: number[] = []
    for (let next = due.shift(); next; next = due.shift()) {
      now = next.atMs
      const admission = await budget.admit(next.slotId)
      if (admission.kind === 'wait') due.push({ ...next, atMs: now + admission.waitMs + lateMs() })
      else {
        admittedAt.push(now)
        await budget.report({ kind: 'unused' }, 1, next.slotId)
      }
      due.sort((one, other) => one.atMs - other.atMs)
    }
    return admittedAt
  }

  test('is never exceeded in any window and nearly reached, although requests come late', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 10 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 15 })),
        async (requests, perSeconds, lateness) => {
          const own = { ...limits, intervalMs: intervalOf(requests, perSeconds) }
          const times = await admissionTimes(own, requests * 4, () => lateness.next().value ?? 0)
          for (const [index, from] of times.entries()) {
            const within = times.slice(index).filter((at) => at < from + perSeconds * 1_000)
            expect(within.length).toBeLessThanOrEqual(requests)
          }
          const tookMs = (times.at(-1) ?? 0) - start
          expect(tookMs).toBeLessThanOrEqual(own.intervalMs * requests * 4 * 1.3 + 200)
        },
      ),
      { numRuns: 12 },
    )
  })

  test('makes a process ask again after a while, all of them at random times', async () => {
    const budget = newBudget({ ...limits, intervalMs: 100 })
    await budget.fill(1)
    const waits = [await budget.admit('b'), await budget.admit('c'), await budget.admit('d')]
    expect(waits.map(waitOf)).toEqual([80, 180, 280])
  })

  test('spreads requests with very long waits over ten minutes', async () => {
    const budget = newBudget({ ...limits, intervalMs: 400_000 })
    await budget.fill(1)
    for (let n = 0; n < 20; n += 1) {
      random = n / 20
      expect(waitOf(await budget.admit(`late-${n}`))).toBeLessThanOrEqual(waitMaxMs + 400_000)
    }
  })
})

describe('the wait for a budget, whatever the receiver did,', () => {
  const someReport = fc.oneof(
    fc.constant<BudgetReport>({ kind: 'unused' }),
    fc.constant<BudgetReport>(failed),
    fc.record({ kind: fc.constant('answered' as const), durationMs: fc.integer({ min: 0, max: 60_000 }) }),
    fc.record({
      kind: fc.constant('throttled' as const),
      retryAfterMs: fc.option(fc.integer({ min: 0, max: 86_400_000 })),
    }),
  )
  const someReports = fc.array(someReport, { maxLength: 60 })
  const someLimits = fc.record({
    intervalMs: fc.oneof(fc.constant(0), fc.double({ min: 0.1, max: 90_000, noNaN: true })),
    concurrency: fc.integer({ min: 1, max: 1_000 }),
    breakerFailures: fc.integer({ min: 0, max: 10 }),
  })

  test('is more than nothing and at most 70 minutes', async () => {
    random = 0.99
    await fc.assert(
      fc.asyncProperty(someLimits, someReports, async (own, reports) => {
        now = start
        const budget = newBudget(own)
        for (const [index, use] of reports.entries()) {
          now += 1
          await budget.report(use)
          const admission = await budget.admit(`slot-${index}`)
          const waitMs = admission.kind === 'wait' ? admission.waitMs : 1
          expect(waitMs).toBeGreaterThanOrEqual(1)
          expect(waitMs).toBeLessThanOrEqual(throttleMaxMs + waitMaxMs)
        }
        expect(await budget.room()).toBeLessThanOrEqual(own.concurrency)
      }),
      { numRuns: 40 },
    )
  })

  test('ends once no request is in flight and time has passed', async () => {
    await fc.assert(
      fc.asyncProperty(someLimits, someReports, async (own, reports) => {
        now = start
        const budget = newBudget(own)
        for (const use of reports) await budget.report(use)
        now += throttleMaxMs + breakerOpenMaxMs
        expect(await budget.admit('a')).toEqual({ kind: 'admitted' })
      }),
      { numRuns: 40 },
    )
  })
})

describe('an open breaker and a person', () => {
  test('a probe does not wait for the breaker, all others do', async () => {
    const budget = newBudget()
    await budget.report(failed, 5)
    expect(await budget.admit('other')).toMatchObject({ kind: 'wait', because: 'breaker_open' })
    expect(await budget.admit('probe', true)).toEqual({ kind: 'admitted' })
    expect(await budget.admit('other')).toMatchObject({ kind: 'wait', because: 'breaker_open' })
  })

  test('the response to a probe closes the breaker; its failure does not prolong it', async () => {
    const budget = newBudget()
    await budget.report(failed, 5)
    const { openUntil } = await budget.read()
    await budget.admit('probe', true)
    await budget.report(failed, 1, 'probe')
    expect((await budget.read()).openUntil).toEqual(openUntil)
    await budget.admit('probe', true)
    await budget.report(quick, 1, 'probe')
    expect((await budget.read()).breaker).toBe('closed')
  })

  test('a probe is sent beside the trial request of a half-open breaker, within the concurrency limit', async () => {
    const budget = newBudget({ ...limits, concurrency: 2 })
    await budget.report(failed, 5)
    now += breakerOpenMinMs
    expect(await budget.admit('trial')).toEqual({ kind: 'admitted' })
    expect(await budget.admit('probe', true)).toEqual({ kind: 'admitted' })
    expect(await budget.admit('another', true)).toMatchObject({ kind: 'wait' })
  })

  test('a probe waits while the receiver asks for no requests', async () => {
    const budget = newBudget()
    await budget.report(throttled(60_000))
    expect(await budget.admit('probe', true)).toMatchObject({ kind: 'wait', because: 'throttled' })
  })

  test('closing the breaker admits requests at once, and the next failures are counted from the start', async () => {
    const budget = newBudget()
    await budget.report(failed, 5)
    await budget.admit('waits')
    expect(await budget.close()).toBe('open')
    expect(await budget.read()).toMatchObject({ breaker: 'closed', openUntil: null })
    expect(await budget.admit('now')).toEqual({ kind: 'admitted' })
    await budget.report(failed, 4)
    expect((await budget.read()).breaker).toBe('closed')
    await budget.report(failed)
    expect((await budget.read()).openUntil).toEqual(new Date(now + breakerOpenMinMs))
    expect(await budget.close()).toBe('open')
    expect(await budget.close()).toBe('closed')
    expect(await store.countBreakers()).toMatchObject({ open: expect.any(Number) })
  })

  test('closing the breaker keeps the pause that the receiver asked for', async () => {
    const budget = newBudget()
    await budget.report(throttled(60_000))
    await budget.close()
    expect(await budget.admit('waits')).toMatchObject({ because: 'throttled' })
  })
})
