import {
  admit,
  breakerOf,
  breakerOpenMaxMs,
  breakerOpenMinMs,
  budgetKeyOf,
  initialWindow,
  intervalOf,
  applyReport,
  newBudget,
  concurrencyNow,
  slowResponseMs,
  throttleMaxMs,
  waitMaxMs,
  type Admission,
  type BudgetLimits,
  type BudgetState,
  type BudgetReport,
} from '@ghostpost/delivery/receivers'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const limits: BudgetLimits = { intervalMs: 0, concurrency: 16, breakerFailures: 5 }
const failed: BudgetReport = { kind: 'failed' }
const quick: BudgetReport = { kind: 'answered', durationMs: 10 }
const start = 1_000_000

function failures(count: number, state = newBudget(limits), nowMs = start): BudgetState {
  for (let i = 0; i < count; i += 1) applyReport(state, failed, limits, nowMs)
  return state
}

function requestAdmission(state: BudgetState, nowMs: number, inFlight = 0, own = limits): Admission {
  return admit(state, inFlight, own, nowMs, 0.5)
}

describe('how many requests at once', () => {
  test('a new receiver may be sent as many as its limit says', () => {
    const state = newBudget(limits)
    expect(requestAdmission(state, start, 15)).toEqual({ kind: 'admitted' })
    expect(requestAdmission(state, start, 16)).toMatchObject({ kind: 'wait', because: 'concurrency_full' })
  })

  test('to a receiver nobody knows are few, and grow to the limit with its answers', () => {
    const many = { ...limits, concurrency: 100 }
    const state = newBudget(many)
    expect(requestAdmission(state, start, initialWindow - 1, many)).toEqual({ kind: 'admitted' })
    expect(requestAdmission(state, start, initialWindow, many)).toMatchObject({ because: 'concurrency_full' })
    for (let i = 0; i < 100; i += 1) applyReport(state, quick, many, start)
    expect(state.window).toBe(100)
  })

  test('those who wait for a receiver that has not answered yet come back seldom', () => {
    const state = newBudget(limits)
    const waits = [1, 2, 3].map(() => requestAdmission(state, start, 16))
    expect(waits.map((one) => (one.kind === 'wait' ? one.waitMs : 0))).toEqual([1, 6, 11])
  })

  test('a failure behind another halves it, and it never gets below one', () => {
    expect(failures(2).window).toBe(8)
    expect(failures(5).window).toBe(1)
    expect(failures(30).window).toBe(1)
  })

  test('failures between answers leave it', () => {
    const state = newBudget(limits)
    for (let i = 0; i < 20; i += 1) {
      applyReport(state, { kind: 'failed' }, limits, start)
      applyReport(state, quick, limits, start)
    }
    expect(state.window).toBe(16)
  })

  test('a 429 halves it, and it grows again with quick answers', () => {
    const state = newBudget(limits)
    applyReport(state, { kind: 'throttled', retryAfterMs: null }, limits, start)
    expect(state.window).toBe(8)
    applyReport(state, { kind: 'throttled', retryAfterMs: 60_000 }, limits, start)
    expect(state.window).toBe(4)
    applyReport(state, quick, limits, start)
    expect(state.window).toBe(5)
  })

  test('every quick answer adds one, up to the limit', () => {
    const state = failures(4)
    applyReport(state, quick, limits, start)
    expect(state.window).toBe(3)
    for (let i = 0; i < 50; i += 1) applyReport(state, quick, limits, start)
    expect(state.window).toBe(16)
  })

  test('slow answers take a quarter off, down to four', () => {
    const state = newBudget(limits)
    const slow: BudgetReport = { kind: 'answered', durationMs: slowResponseMs + 1 }
    applyReport(state, slow, limits, start)
    expect(state.window).toBe(12)
    for (let i = 0; i < 50; i += 1) applyReport(state, slow, limits, start)
    expect(state.window).toBe(4)
  })

  test('slow answers never make a window of less than four larger', () => {
    const state = failures(5)
    applyReport(state, { kind: 'answered', durationMs: slowResponseMs + 1 }, limits, start)
    expect(state.window).toBe(1)
  })

  test('a lowered limit holds at once', () => {
    expect(concurrencyNow(newBudget(limits), { ...limits, concurrency: 3 })).toBe(3)
  })

  test('nothing is learned where no request was made', () => {
    const state = failures(2)
    const before = { ...state }
    applyReport(state, { kind: 'unused' }, limits, start)
    expect(state).toEqual(before)
  })
})

describe('the breaker', () => {
  test('opens after five failures in a row, for five seconds', () => {
    expect(breakerOf(failures(4), start)).toBe('closed')
    const state = failures(5)
    expect(breakerOf(state, start)).toBe('open')
    expect(requestAdmission(state, start)).toMatchObject({ kind: 'wait', because: 'breaker_open' })
    expect(breakerOf(state, start + breakerOpenMinMs)).toBe('half_open')
  })

  test('stays closed when answers come between the failures', () => {
    const state = failures(4)
    applyReport(state, quick, limits, start)
    expect(breakerOf(failures(4, state), start)).toBe('closed')
  })

  test('never opens where it is switched off', () => {
    const off = { ...limits, breakerFailures: 0 }
    const state = newBudget(off)
    for (let i = 0; i < 100; i += 1) applyReport(state, failed, off, start)
    expect(breakerOf(state, start)).toBe('closed')
  })

  test('lets one request at a time try whether the receiver is back', () => {
    const state = failures(5)
    const later = start + breakerOpenMinMs
    expect(requestAdmission(state, later, 0)).toEqual({ kind: 'admitted' })
    expect(requestAdmission(state, later, 1)).toMatchObject({ kind: 'wait', because: 'breaker_open' })
  })

  test('closes with the first answer', () => {
    const state = failures(5)
    applyReport(state, quick, limits, start + breakerOpenMinMs)
    expect(breakerOf(state, start + breakerOpenMinMs)).toBe('closed')
    expect(state).toMatchObject({ failures: 0, opens: 0 })
  })

  test('opens for twice as long after every failed try, up to five minutes', () => {
    const state = failures(5)
    const opened: number[] = [state.openUntilMs - start]
    for (let i = 0; i < 8; i += 1) {
      const now = state.openUntilMs
      applyReport(state, failed, limits, now)
      opened.push(state.openUntilMs - now)
    }
    expect(opened.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000])
    expect(opened.at(-1)).toBe(breakerOpenMaxMs)
  })

  test('is not opened for longer by requests that were under way when it opened', () => {
    const state = failures(5)
    const { openUntilMs } = state
    expect(failures(20, state, start + 100).openUntilMs).toBe(openUntilMs)
  })
})

describe('a receiver that says it is too much', () => {
  test('is left alone for as long as it asks', () => {
    const state = newBudget(limits)
    applyReport(state, { kind: 'throttled', retryAfterMs: 30_000 }, limits, start)
    expect(requestAdmission(state, start + 29_999)).toMatchObject({ kind: 'wait', because: 'throttled' })
    expect(requestAdmission(state, start + 30_000)).toEqual({ kind: 'admitted' })
  })

  test('is asked again after an hour, whatever it asks', () => {
    const state = newBudget(limits)
    applyReport(state, { kind: 'throttled', retryAfterMs: 86_400_000 }, limits, start)
    expect(state.blockedUntilMs).toBe(start + throttleMaxMs)
  })

  test('is left alone for ever longer when it does not say how long', () => {
    const state = newBudget(limits)
    const waits = [1, 2, 3].map(() => {
      applyReport(state, { kind: 'throttled', retryAfterMs: null }, limits, start)
      return state.blockedUntilMs - start
    })
    expect(waits).toEqual([1_000, 2_000, 4_000])
    applyReport(state, quick, limits, start)
    expect(state.throttles).toBe(0)
  })

  test('is there: its breaker closes', () => {
    const state = failures(5)
    applyReport(state, { kind: 'throttled', retryAfterMs: 1 }, limits, start + breakerOpenMinMs)
    expect(breakerOf(state, start + breakerOpenMinMs)).toBe('closed')
  })

  test('never shortens what it asked before', () => {
    const state = newBudget(limits)
    applyReport(state, { kind: 'throttled', retryAfterMs: 60_000 }, limits, start)
    applyReport(state, { kind: 'throttled', retryAfterMs: 1_000 }, limits, start)
    expect(state.blockedUntilMs).toBe(start + 60_000)
  })
})

describe('a rate', () => {
  const slow = { ...limits, intervalMs: 100 }

  /** Many come at once; those who wait come back when told, each a little late. */
  function admissions(own: BudgetLimits, count: number, late: (index: number) => number): number[] {
    const state = newBudget(own)
    const due = Array.from({ length: count }, () => start)
    const admittedAt: number[] = []
    for (let index = 0; due.length > 0; index += 1) {
      const now = due.shift() ?? 0
      const admission = requestAdmission(state, now, 0, own)
      if (admission.kind === 'admitted') admittedAt.push(now)
      else due.push(now + admission.waitMs + late(index))
      due.sort((a, b) => a - b)
    }
    return admittedAt
  }

  test('is never exceeded in any window of time, and nearly reached, though requests come late', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 10 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 15 })),
        (requests, perSeconds, lateness) => {
          const own = { ...limits, intervalMs: intervalOf(requests, perSeconds) }
          const times = admissions(own, requests * 4, () => lateness.next().value ?? 0)
          for (const [index, from] of times.entries()) {
            const within = times.slice(index).filter((at) => at < from + perSeconds * 1_000)
            expect(within.length).toBeLessThanOrEqual(requests)
          }
          const tookMs = (times.at(-1) ?? 0) - start
          expect(tookMs).toBeLessThanOrEqual(own.intervalMs * requests * 4 * 1.3 + 200)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('brings those who wait back one after another, each about once', () => {
    const state = newBudget(slow)
    requestAdmission(state, start, 0, slow)
    const waits = [1, 2, 3].map(() => requestAdmission(state, start, 0, slow))
    expect(waits.map((one) => (one.kind === 'wait' ? one.waitMs : 0))).toEqual([80, 180, 280])
  })

  test('spreads those who would wait very long over ten minutes', () => {
    const once = { ...limits, intervalMs: 400_000 }
    const state = newBudget(once)
    requestAdmission(state, start, 0, once)
    const waits = Array.from({ length: 20 }, (_, index) => admit(state, 0, once, start, index / 20))
    const longest = Math.max(...waits.map((one) => (one.kind === 'wait' ? one.waitMs : 0)))
    expect(longest).toBeLessThanOrEqual(waitMaxMs + 400_000)
  })
})

describe('waiting', () => {
  const report = fc.oneof(
    fc.constant<BudgetReport>({ kind: 'unused' }),
    fc.constant<BudgetReport>({ kind: 'failed' }),
    fc.record({ kind: fc.constant('answered' as const), durationMs: fc.integer({ min: 0, max: 60_000 }) }),
    fc.record({
      kind: fc.constant('throttled' as const),
      retryAfterMs: fc.option(fc.integer({ min: 0, max: 86_400_000 })),
    }),
  )
  const own = fc.record({
    intervalMs: fc.integer({ min: 0, max: 90_000 }),
    concurrency: fc.integer({ min: 1, max: 1_000 }),
    breakerFailures: fc.integer({ min: 0, max: 10 }),
  })

  test('is always for some time and never for ever, whatever a receiver did', () => {
    fc.assert(
      fc.property(own, fc.array(report, { maxLength: 200 }), fc.nat(2_000), (some, uses, inFlight) => {
        const state = newBudget(some)
        for (const [index, one] of uses.entries()) {
          applyReport(state, one, some, start + index)
          const admission = admit(state, inFlight, some, start + index, 0.99)
          const waitMs = admission.kind === 'wait' ? admission.waitMs : 1
          expect(waitMs).toBeGreaterThanOrEqual(1)
          expect(waitMs).toBeLessThanOrEqual(throttleMaxMs + waitMaxMs)
          expect(state.window).toBeGreaterThanOrEqual(1)
          expect(state.window).toBeLessThanOrEqual(some.concurrency)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('ends: once nothing is in flight and time has passed, a request is admitted', () => {
    fc.assert(
      fc.property(own, fc.array(report, { maxLength: 100 }), (some, uses) => {
        const state = newBudget(some)
        for (const one of uses) applyReport(state, one, some, start)
        expect(admit(state, 0, some, start + throttleMaxMs + breakerOpenMaxMs, 0.5).kind).toBe('admitted')
      }),
    )
  })
})

test('a saved destination has a budget of its own, others share one for their host', () => {
  expect(budgetKeyOf({ destinationId: 'd1', receiverHost: 'example.com' })).toBe('destination:d1')
  expect(budgetKeyOf({ destinationId: null, receiverHost: 'example.com:8443' })).toBe('host:example.com:8443')
})
