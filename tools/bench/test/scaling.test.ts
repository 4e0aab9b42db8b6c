import { describe, expect, it } from 'vitest'
import { assumptions } from '../src/scaling/assumptions.ts'
import { readResults } from '../src/scaling/read-results.ts'
import { computeNeed, type Measured } from '../src/scaling/compute-need.ts'
import { formatScaling } from '../src/scaling/scaling-text.ts'

const measured: Measured = {
  waitingBytes: 500,
  cost: {
    cpu: { api: 0.0006, worker: 0.0012, postgres: 0.000555, redis: 0.0003 },
    statements: 6,
    commits: 5,
    walFlushes: 2,
    walBytes: 10_000,
    redisReads: 8,
    redisCommands: 40,
    stored: { deliveries: 1_000, payloads: 2_000, attempts: 800, audit_log: 200 },
  },
}
const round = { ...assumptions, bodyRetentionDays: 10, deliveryRetentionDays: 20, pruneMicroseconds: 45 }

describe('a rate', () => {
  const need = computeNeed(measured, 1_000, round)

  it('needs one process per used processor and leaves the spare share free', () => {
    expect([need.apis, need.workers, need.redisNodes]).toEqual([1, 2, 1])
    expect(need.postgresCores).toBeCloseTo(1)
  })

  it('writes and stores each delivery, and stores payloads for a shorter time', () => {
    expect(need).toMatchObject({
      walMegabytesPerSecond: 10,
      walFlushesPerSecond: 2_000,
      statementsPerSecond: 6_000,
    })
    expect(need.gigabytesPerDay).toBeCloseTo(345.6)
    expect(need.storedTerabytes).toBeCloseTo(86_400_000 * (2_000 * 10 + 2_000 * 20) * 1e-12)
    expect(need.backlogGigabytes).toBeCloseTo(0.3)
  })

  it('costs the sum of its parts, with stores twice because of the standby', () => {
    const { prices } = round
    expect(need.dollars).toMatchObject({
      processes: 3 * prices.processor,
      postgres: 2 * prices.postgresProcessor,
      redis: 2 * prices.redisNode,
    })
    expect(need.dollars.storage).toBeCloseTo(need.storedTerabytes * 2_000 * prices.gigabyte)
  })

  it('exceeds no limit while every part is within its own', () => {
    expect(need.installations).toBe(1)
    expect(need.limits.every(({ times }) => times < 1)).toBe(true)
    expect(formatScaling([need])).toContain('nothing; next is')
  })
})

describe('a high rate', () => {
  it('lists the limit that it exceeds most first', () => {
    const { limits, installations } = computeNeed(measured, 50_000, round)
    expect(limits.map(({ what }) => what)[0]).toBe('storage of Postgres')
    expect(limits.map(({ times }) => times)).toEqual(
      limits.map(({ times }) => times).toSorted((a, b) => b - a),
    )
    expect(installations).toBe(Math.ceil(limits[0]?.times ?? 0))
  })

  it('of one large site does not need more installations', () => {
    const oneDay = {
      ...round,
      bodyRetentionDays: 1,
      deliveryRetentionDays: 1,
      postgresCoresMax: 1_000,
      largestSiteShare: 1,
    }
    const { limits, installations } = computeNeed(measured, 20_000, oneDay)
    expect(limits[0]).toMatchObject({ what: 'the largest site’s shard', times: expect.closeTo(10) })
    expect(installations).toBe(1)
  })
})

describe('the results of a run', () => {
  const reports = [
    {
      workload: 'drain',
      data: { ghostpost: [{ redisBytesPerWaiting: 400 }, { redisBytesPerWaiting: 600 }] },
    },
    { workload: 'cost', data: measured.cost },
  ]

  it('are read together with the measured machine', () => {
    const read = readResults(JSON.stringify({ machine: '2 × some', short: true, reports }))
    expect(read).toEqual({ machine: '2 × some', short: true, waitingBytes: 500, cost: measured.cost })
  })

  it.each(['drain', 'cost'])('without %s are refused, and the error names the command', (missing) => {
    const rest = reports.filter(({ workload }) => workload !== missing)
    expect(() => readResults(JSON.stringify({ reports: rest }))).toThrow(
      `The results have no ${missing}: run npm run bench -- --only drain,cost first.`,
    )
  })
})
