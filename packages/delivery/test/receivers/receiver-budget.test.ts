import {
  breakerOf,
  budgetKeyOf,
  concurrencyNow,
  intervalOf,
  rateToleranceMs,
  type BudgetState,
} from '@ghostpost/delivery/receivers'
import { expect, test } from 'vitest'

const limits = { intervalMs: 0, concurrency: 16, breakerFailures: 5 }
const state: BudgetState = {
  window: 8,
  failures: 0,
  opens: 0,
  openUntilMs: 0,
  throttles: 0,
  blockedUntilMs: 0,
  nextAtMs: 0,
  queueTailMs: 0,
  meanMs: 0,
}

test('budgetKeyOf gives each saved destination its own budget and all URLs of a host one', () => {
  expect(budgetKeyOf({ destinationId: 'd1', receiverHost: 'example.com' })).toBe('destination:d1')
  expect(budgetKeyOf({ destinationId: null, receiverHost: 'example.com:8443' })).toBe('host:example.com:8443')
})

test('breakerOf is half open once the time of an open breaker has passed', () => {
  expect(breakerOf(state, 1_000)).toBe('closed')
  expect(breakerOf({ openUntilMs: 2_000 }, 1_999)).toBe('open')
  expect(breakerOf({ openUntilMs: 2_000 }, 2_000)).toBe('half_open')
})

test('concurrencyNow is the window, at most the limit, and one while the breaker is not closed', () => {
  expect(concurrencyNow(state, limits)).toBe(8)
  expect(concurrencyNow(state, { ...limits, concurrency: 3 })).toBe(3)
  expect(concurrencyNow({ ...state, openUntilMs: 2_000 }, limits)).toBe(1)
})

test('intervalOf includes the tolerance, so that no window has one request too many', () => {
  expect(intervalOf(10, 1)).toBe((1_000 + rateToleranceMs) / 10)
})
