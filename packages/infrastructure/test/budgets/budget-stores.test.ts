import { breakerOpenMinMs, type BudgetLimits, type BudgetReport } from '@ghostpost/delivery/receivers'
import { localBudgets, redisBudgets, type BudgetStore } from '@ghostpost/infrastructure/budgets'
import { createTestQueueName } from '@ghostpost/test-kit/test-database'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'

const slotTimeoutMs = 30_000
const start = 1_800_000_000_000

interface Step {
  passesMs: number
  act: { kind: 'admit'; place: string } | { kind: 'report'; place: string; use: BudgetReport }
}

const slot = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const use = fc.oneof(
  fc.constant<BudgetReport>({ kind: 'unused' }),
  fc.constant<BudgetReport>({ kind: 'failed' }),
  fc.record({
    kind: fc.constant('answered' as const),
    durationMs: fc.double({ min: 0, max: 9_000, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('throttled' as const),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 90_000 })),
  }),
)
const step: fc.Arbitrary<Step> = fc.record({
  passesMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 40_000 })),
  act: fc.oneof(
    fc.record({ kind: fc.constant('admit' as const), place: slot }),
    fc.record({ kind: fc.constant('report' as const), place: slot, use }),
  ),
})
const someLimits: fc.Arbitrary<BudgetLimits> = fc.record({
  intervalMs: fc.oneof(fc.constant(0), fc.double({ min: 0.1, max: 100_000, noNaN: true })),
  concurrency: fc.integer({ min: 1, max: 8 }),
  breakerFailures: fc.integer({ min: 0, max: 4 }),
})

describe('budgets in Redis and in a process', () => {
  let stores: BudgetStore[] = []

  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()))
    stores = []
  })

  function openBoth(now: () => number): BudgetStore[] {
    const queue = createTestQueueName()
    const clock = { now, random: () => 0.25 }
    stores.push(
      redisBudgets({ ...queue, slotTimeoutMs, onError: () => {}, ...clock }),
      localBudgets(slotTimeoutMs, clock.now, clock.random),
    )
    return stores.slice(-2)
  }

  test('say the same, whatever happens', async () => {
    let now = start
    let run = 0
    const both = openBoth(() => now)
    await fc.assert(
      fc.asyncProperty(someLimits, fc.array(step, { maxLength: 60 }), async (limits, steps) => {
        run += 1
        const key = `host:${run}.example.com`
        for (const { passesMs, act } of steps) {
          now += passesMs
          const request = { key, slotId: act.place, limits }
          const [shared, own] = await Promise.all(
            both.map((store) =>
              act.kind === 'admit' ? store.admit(request) : store.report(request, act.use),
            ),
          )
          expect(shared).toEqual(own)
        }
        const [shared, own] = await Promise.all(both.map((store) => store.read(key, limits)))
        expect(shared).toEqual(own)
      }),
      { numRuns: 150 },
    )
  })

  test.each([['Redis'], ['a process']])(
    'give a place back by itself when its worker died: %s',
    async (kind) => {
      let now = start
      const store = openBoth(() => now)[kind === 'Redis' ? 0 : 1]
      const limits = { intervalMs: 0, concurrency: 1, breakerFailures: 5 }
      const ask = (slotId: string) => store?.admit({ key: 'host:a', slotId, limits })
      expect(await ask('first')).toEqual({ kind: 'admitted' })
      expect(await ask('second')).toMatchObject({ kind: 'wait', because: 'concurrency_full' })
      now += slotTimeoutMs
      expect(await ask('second')).toEqual({ kind: 'admitted' })
    },
  )

  test('count the breakers that are not closed, by state and never by receiver', async () => {
    let now = start
    const limits = { intervalMs: 0, concurrency: 5, breakerFailures: 1 }
    for (const store of openBoth(() => now)) {
      now = start
      const report = (key: string, use: BudgetReport): Promise<unknown> =>
        store.report({ key, slotId: 'a', limits }, use)
      expect(await store.countBreakers()).toEqual({ open: 0, half_open: 0 })
      await report('host:a', { kind: 'failed' })
      await report('host:b', { kind: 'failed' })
      await report('host:c', { kind: 'answered', durationMs: 5 })
      expect(await store.countBreakers()).toEqual({ open: 2, half_open: 0 })
      now += breakerOpenMinMs
      expect(await store.countBreakers()).toEqual({ open: 0, half_open: 2 })
      await report('host:a', { kind: 'failed' })
      expect(await store.countBreakers()).toEqual({ open: 1, half_open: 1 })
      await report('host:b', { kind: 'answered', durationMs: 5 })
      now += 3 * breakerOpenMinMs
      await report('host:a', { kind: 'throttled', retryAfterMs: null })
      expect(await store.countBreakers()).toEqual({ open: 0, half_open: 0 })
    }
  })

  test('hold the limit for many workers asking at once', async () => {
    const queue = createTestQueueName()
    const open = (): BudgetStore => redisBudgets({ ...queue, slotTimeoutMs, onError: () => {} })
    const [first, ...others] = [open(), open(), open(), open()] as const
    stores.push(first, ...others)
    const limits = { intervalMs: 0, concurrency: 7, breakerFailures: 5 }
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (others[index % 4] ?? first).admit({ key: 'host:busy', slotId: `p${index}`, limits }),
      ),
    )
    expect(answers.filter((answer) => answer.kind === 'admitted')).toHaveLength(7)
    expect((await first.read('host:busy', limits)).inFlight).toBe(7)
  })
})
