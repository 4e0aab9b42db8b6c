import { judgeAlert, type BacklogSample, type Measurement } from '@ghostpost/delivery/alerts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alertRule, backlog, now, failureRate, window } from './alert-factory.ts'

describe('a failure rate', () => {
  test.each([
    ['below the limit', failureRate(39, 200), 19.5, false],
    ['at the limit', failureRate(40, 200), 20, true],
    ['a hair below the limit, which is not rounded up to it', failureRate(1_999, 10_000), 19.9, false],
    ['of all', failureRate(20, 20), 100, true],
    ['of too few', failureRate(19, 19), null, false],
    ['of none', failureRate(0, 0), null, false],
  ])('%s', (_name, measured, value, breached) => {
    expect(judgeAlert(alertRule(), measured, [])).toMatchObject({ value, breached })
  })
})

test.each([
  [9, false],
  [10, true],
  [11, true],
])('dead letters fire from the limit on: %i of 10', (count, breached) => {
  const rule = alertRule({ kind: 'dead_letters', threshold: 10 })
  const measured: Measurement = { kind: 'dead_letters', window, count, capped: false }
  expect(judgeAlert(rule, measured, [])).toMatchObject({ value: count, breached })
})

test('a disabled destination fires, and says which', () => {
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
  'a queue fires when its oldest has waited longer than the limit: %s of 300 s',
  (oldestSeconds, value, breached) => {
    const rule = alertRule({ kind: 'queue_age', threshold: 300 })
    const measured: Measurement = { ...backlog(1, now, { oldestSeconds }), kind: 'queue_age' }
    expect(judgeAlert(rule, measured, [])).toMatchObject({ value, breached })
  },
)

describe('a backlog', () => {
  const rule = alertRule({ kind: 'not_draining', threshold: 100 })
  const stepMs = 15_000

  /** Looks every 15 s at what waits; returns what was found at the end. */
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

  test('that grows all the time fires once a window has been seen', () => {
    const growing = minutes(20, (step) => step * 10)
    expect(evaluateSeries(growing.slice(0, 40)).value).toBeNull()
    const { value, breached } = evaluateSeries(growing)
    expect(breached).toBe(true)
    expect(value).toBeGreaterThan(250)
  })

  test('that is empty, or stays as it is, is fine', () => {
    expect(evaluateSeries(minutes(20, () => 0))).toMatchObject({ value: 0, breached: false })
    expect(evaluateSeries(minutes(20, () => 5_000))).toMatchObject({ value: 0, breached: false })
  })

  test('that comes in bursts and is worked off each time is fine', () => {
    const bursts = minutes(30, (step) => Math.max(0, 4_000 - (step % 20) * 250))
    expect(evaluateSeries(bursts).breached).toBe(false)
  })

  test('that is being worked off, however slowly, is fine', () => {
    const burst = [...minutes(10, () => 0), ...minutes(10, (step) => 9_000 - step * 10)]
    expect(evaluateSeries(burst)).toMatchObject({ value: 0, breached: false })
  })

  test('that jumped and stays up fires', () => {
    const stuck = [...minutes(8, () => 20), ...minutes(12, () => 600)]
    expect(evaluateSeries(stuck)).toMatchObject({ value: 580, breached: true })
  })

  test('that is larger than what is counted does not drain, though nobody sees it grow', () => {
    expect(
      evaluateSeries(
        minutes(20, () => 100_000),
        true,
      ),
    ).toMatchObject({ value: 100_000, breached: true })
  })

  test('keeps a bounded number of samples, and forgets those before a gap', () => {
    const { samples } = evaluateSeries(minutes(120, (step) => step))
    expect(samples.length).toBeLessThanOrEqual(21)
    const later = new Date(now.getTime() + 24 * 3_600_000)
    const after = judgeAlert(rule, backlog(9_999, later), samples)
    expect(after).toMatchObject({ value: null, breached: false, samples: [{ due: 9_999 }] })
  })

  test('is judged without failing, whatever was kept', () => {
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
