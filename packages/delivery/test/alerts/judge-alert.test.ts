import { judgeAlert, type BacklogSample, type Measurement } from '@ghostpost/delivery/alerts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alertRule, backlog, now, failureRate, window } from './alert-factory.ts'

describe('a failure rate', () => {
  test.each([
    ['below the limit does not fire', failureRate(39, 200), 19.5, false],
    ['at the limit fires', failureRate(40, 200), 20, true],
    ['just below the limit is not rounded up to it', failureRate(1_999, 10_000), 19.9, false],
    ['of all exports fires', failureRate(20, 20), 100, true],
    ['of too few exports is unknown', failureRate(19, 19), null, false],
    ['of no exports is unknown', failureRate(0, 0), null, false],
  ])('%s', (_name, measured, value, breached) => {
    expect(judgeAlert(alertRule(), measured, [])).toMatchObject({ value, breached })
  })
})

test.each([
  [9, false],
  [10, true],
  [11, true],
])('%i dead letters with a limit of 10 fire: %s', (count, breached) => {
  const rule = alertRule({ kind: 'dead_letters', threshold: 10 })
  const measured: Measurement = { kind: 'dead_letters', window, count, capped: false }
  expect(judgeAlert(rule, measured, [])).toMatchObject({ value: count, breached })
})

test('a disabled destination fires and is named as a subject', () => {
  const rule = alertRule({ kind: 'destination_disabled', threshold: null })
  const gone = { name: 'Leads', receiver: 'example.com', reason: null }
  const destinations = [
    { ...gone, id: 'a' },
    { ...gone, id: 'b' },
  ]
  const kind = 'destination_disabled'
  expect(judgeAlert(rule, { kind, window, destinations }, [])).toMatchObject({
    value: 2,
    breached: true,
    subjects: ['a', 'b'],
  })
  expect(judgeAlert(rule, { kind, window, destinations: [] }, [])).toMatchObject({
    value: 0,
    breached: false,
  })
})

test.each([
  [null, 0, false],
  [300.9, 300, false],
  [301.2, 301, true],
])(
  'a queue whose oldest delivery has waited for %s s has the value %i; with a limit of 300 s it fires: %s',
  (oldestSeconds, value, breached) => {
    const rule = alertRule({ kind: 'queue_age', threshold: 300 })
    const measured: Measurement = { ...backlog(1, now, { oldestSeconds }), kind: 'queue_age' }
    expect(judgeAlert(rule, measured, [])).toMatchObject({ value, breached })
  },
)

describe('a backlog', () => {
  const rule = alertRule({ kind: 'not_draining', threshold: 100 })
  const stepMs = 15_000

  /** Evaluates the backlog every 15 s. Returns the last evaluation. */
  function evaluateSeries(dues: readonly number[], capped = false) {
    let samples: readonly BacklogSample[] = []
    let found = judgeAlert(rule, backlog(0), samples)
    for (const [index, due] of dues.entries()) {
      const at = new Date(now.getTime() + index * stepMs)
      found = judgeAlert(rule, backlog(due, at, { capped }), samples)
      samples = found.samples
    }
    return found
  }
  const minutes = (count: number, due: (step: number) => number): number[] =>
    Array.from({ length: count * 4 }, (_, step) => due(step))

  test('that grows all the time fires once a whole window was sampled', () => {
    const growing = minutes(20, (step) => step * 10)
    expect(evaluateSeries(growing.slice(0, 40)).value).toBeNull()
    const { value, breached } = evaluateSeries(growing)
    expect(breached).toBe(true)
    expect(value).toBeGreaterThan(250)
  })

  test('that is empty or constant does not fire', () => {
    expect(evaluateSeries(minutes(20, () => 0))).toMatchObject({ value: 0, breached: false })
    expect(evaluateSeries(minutes(20, () => 5_000))).toMatchObject({ value: 0, breached: false })
  })

  test('that comes in bursts and drains each time does not fire', () => {
    const bursts = minutes(30, (step) => Math.max(0, 4_000 - (step % 20) * 250))
    expect(evaluateSeries(bursts).breached).toBe(false)
  })

  test('that drains slowly does not fire', () => {
    const burst = [...minutes(10, () => 0), ...minutes(10, (step) => 9_000 - step * 10)]
    expect(evaluateSeries(burst)).toMatchObject({ value: 0, breached: false })
  })

  test('that jumped and does not drain fires', () => {
    const stuck = [...minutes(8, () => 20), ...minutes(12, () => 600)]
    expect(evaluateSeries(stuck)).toMatchObject({ value: 580, breached: true })
  })

  test('that exceeds the counting limit fires, although its growth is invisible', () => {
    expect(
      evaluateSeries(
        minutes(20, () => 100_000),
        true,
      ),
    ).toMatchObject({ value: 100_000, breached: true })
  })

  test('stores a bounded number of samples and drops those before a gap', () => {
    const { samples } = evaluateSeries(minutes(120, (step) => step))
    expect(samples.length).toBeLessThanOrEqual(21)
    const later = new Date(now.getTime() + 24 * 3_600_000)
    const after = judgeAlert(rule, backlog(9_999, later), samples)
    expect(after).toMatchObject({ value: null, breached: false, samples: [{ due: 9_999 }] })
  })

  test('is judged without an error for any stored samples', () => {
    const sample = fc.record({
      at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      due: fc.nat(),
    })
    fc.assert(
      fc.property(fc.array(sample), fc.nat(), fc.boolean(), (samples, due, capped) => {
        const found = judgeAlert(rule, backlog(due, now, { capped }), samples)
        expect(found.value === null || Number.isFinite(found.value)).toBe(true)
        expect(found.breached).toBe(found.value !== null && found.value >= 100)
      }),
    )
  })
})
