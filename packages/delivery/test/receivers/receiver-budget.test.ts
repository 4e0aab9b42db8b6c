import {
  breakerOf,
  budgetKeyOf,
  concurrencyNow,
  destinationOfBudget,
  intervalOf,
  rateToleranceMs,
  siteOfBudget,
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

const adHoc = { siteId: 4, destinationId: null, receiverHost: 'example.com:8443', webhookKey: null }

test('budgetKeyOf gives each saved destination its own budget and all URLs of a host one', () => {
  expect(budgetKeyOf({ ...adHoc, destinationId: 'd1' })).toBe('4:saved:d1')
  expect(budgetKeyOf(adHoc)).toBe('4:host:example.com:8443')
})

test('budgetKeyOf separates the sites', () => {
  expect(budgetKeyOf({ ...adHoc, siteId: 7 })).not.toBe(budgetKeyOf(adHoc))
})

test('budgetKeyOf separates the webhooks of a host that limits each webhook', () => {
  expect(budgetKeyOf({ ...adHoc, webhookKey: 'aaa' })).toBe('4:host:example.com:8443#aaa')
})

test('siteOfBudget and destinationOfBudget read the parts of a key', () => {
  expect(siteOfBudget(budgetKeyOf(adHoc))).toBe('4')
  expect(destinationOfBudget(budgetKeyOf(adHoc))).toBeNull()
  expect(destinationOfBudget(budgetKeyOf({ ...adHoc, destinationId: 'd1' }))).toBe('d1')
})

test('a key of an earlier release has no saved destination', () => {
  expect(destinationOfBudget('host:example.com')).toBeNull()
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
