import { describe, expect, it } from 'vitest'
import {
  answeredPercent,
  fairnessReport,
  latencyRatio,
  typicalMs,
  type FairnessTrial,
  type Measurement,
} from '../src/fairness/compare-neighbours.ts'
import { busyPercent } from '../src/process-usage.ts'
import { isMet, table } from '../src/report.ts'

/** Twenty calls of which the slowest two take `slowMs`, so the p95 is `slowMs`. */
function measured(ms: number, slowMs: number, endings: Record<string, number> = { 200: 20 }): Measurement {
  const latenciesMs = Array.from({ length: 20 }, (_, index) => (index < 18 ? ms : slowMs))
  return { calls: { latenciesMs, endings }, neighbourEndings: { 202: 5 }, busyPercent: 50 }
}

const trial = (round: number, healthy: Measurement, hostile: Measurement): FairnessTrial => ({
  behaviour: 'hang',
  round,
  healthy,
  hostile,
})

const texts = { hang: 'receivers that hang' }

describe('calls beside a neighbour', () => {
  it('are answered only with the real outcome: what waits, is refused or gets no response is not', () => {
    const endings = { 200: 15, 202: 2, 503: 2, 'no answer': 1 }
    expect(answeredPercent([measured(10, 20, endings)])).toBe(75)
    expect(answeredPercent([measured(10, 20, endings), measured(10, 20)])).toBe(87.5)
    expect(answeredPercent([measured(10, 20, { 202: 20 })])).toBe(0)
  })

  it('are as slow as in the median of the rounds', () => {
    expect(typicalMs([measured(10, 20), measured(30, 90), measured(20, 40)], 50)).toBe(20)
    expect(typicalMs([measured(10, 20), measured(30, 90), measured(20, 40)], 95)).toBe(40)
  })

  it('are compared within a round, so that a slow machine counts on both sides', () => {
    const trials = [
      trial(0, measured(10, 20), measured(12, 30)),
      trial(1, measured(100, 200), measured(120, 240)),
      trial(2, measured(10, 20), measured(10, 80)),
    ]
    expect(latencyRatio(trials, 95)).toBe(1.5)
    expect(latencyRatio(trials, 50)).toBe(1.2)
    expect(latencyRatio([], 95)).toBeNaN()
  })
})

describe('the report', () => {
  const fair = trial(0, measured(10, 20), measured(10, 30))
  const unfair = trial(0, measured(10, 20), measured(10, 31, { 200: 19, 202: 1 }))

  it('has a row for each behaviour with both sides and their ratios', () => {
    const report = fairnessReport(texts, 20, [fair])
    expect(report.rows).toEqual([
      ['receivers that hang', '100', '100', '10', '10', '1', '20', '30', '1.5', '50', '50'],
    ])
    expect(report.columns).toHaveLength(report.rows[0]?.length ?? 0)
    expect(table(report.columns, report.rows)).toContain('| receivers that hang | 100 ')
  })

  it('meets its targets when all calls are answered and the p95 is at most half as long again', () => {
    expect(fairnessReport(texts, 20, [fair]).targets.map(isMet)).toEqual([true, true])
    expect(fairnessReport(texts, 20, [unfair]).targets.map(isMet)).toEqual([false, false])
  })

  it('misses its targets when nothing was measured', () => {
    expect(fairnessReport(texts, 20, []).targets.map(isMet)).toEqual([false, false])
  })

  it('adds up what became of the neighbour’s calls', () => {
    const { notes } = fairnessReport(texts, 20, [fair, fair])
    expect(notes.at(-1)).toContain('healthy 10 × 202; hostile 10 × 202')
  })
})

it('a machine is as busy as its processors were not idle', () => {
  expect(busyPercent({ total: 1_000, idle: 900 }, { total: 2_000, idle: 1_150 })).toBe(75)
  expect(busyPercent({ total: 0, idle: 0 }, { total: 10, idle: 10 })).toBe(0)
})
