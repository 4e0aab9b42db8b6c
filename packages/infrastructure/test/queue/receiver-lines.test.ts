import {
  openReceiverLines,
  type AskTurn,
  type ReceiverLines,
  type Turn,
} from '../../src/queue/receiver-lines.ts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const budget = '4:host:example.com'
const full = { kind: 'again', waitMs: 100, because: 'concurrency_full', everyMs: 5 } as const

let lines: ReceiverLines
let turns: Turn[]

beforeEach(() => {
  vi.useFakeTimers()
  lines = openReceiverLines(() => Date.now())
  turns = []
})

afterEach(() => {
  lines.stop()
  vi.useRealTimers()
})

async function arrive(count: number): Promise<void> {
  for (let job = 0; job < count; job += 1) void lines.turnOf(budget).then((turn) => turns.push(turn))
  await vi.advanceTimersByTimeAsync(0)
}

async function admit(): Promise<AskTurn> {
  const turn = (await lines.turnOf(budget)) as AskTurn
  lines.admitted(budget, turn)
  return turn
}

test('jobs ask at once while their receiver refuses none', async () => {
  await arrive(3)
  expect(turns.map(({ kind }) => kind)).toEqual(['ask', 'ask', 'ask'])
})

describe('after a refusal', () => {
  test('jobs wait, and each request that ends lets one ask', async () => {
    const first = await admit()
    lines.refused(budget, full)
    await arrive(5)
    expect(turns).toEqual([])
    lines.ended(budget, first)
    await vi.advanceTimersByTimeAsync(0)
    expect(turns).toMatchObject([{ kind: 'ask', isProbe: false }])
  })

  test('one job asks after the time that the budget gave, and more ask while it admits them', async () => {
    lines.refused(budget, full)
    await arrive(10)
    await vi.advanceTimersByTimeAsync(100)
    expect(turns).toMatchObject([{ kind: 'ask', isProbe: true }])
    lines.admitted(budget, turns[0] as AskTurn)
    await vi.advanceTimersByTimeAsync(0)
    expect(turns).toHaveLength(3)
    lines.refused(budget, full)
    await vi.advanceTimersByTimeAsync(0)
    expect(turns).toHaveLength(3)
  })

  test('a refused job waits in front of the others', async () => {
    lines.refused(budget, full)
    await arrive(1)
    let isFirst = false
    void lines.turnOf(budget, true).then(() => (isFirst = turns.length === 0))
    await vi.advanceTimersByTimeAsync(100)
    expect(isFirst).toBe(true)
  })

  test('jobs whose turn comes late are parked until their turn', async () => {
    lines.refused(budget, { ...full, everyMs: 5_000 })
    await arrive(4)
    expect(turns).toMatchObject([
      { kind: 'park', because: 'concurrency_full', waitMs: 10_000 },
      { kind: 'park', because: 'concurrency_full', waitMs: 15_000 },
    ])
  })

  test.each([
    ['the measured speed of their receiver for a minute', 'concurrency_full', 60_000],
    ['a limit of its rate for ten minutes', 'rate_limited', 600_000],
  ] as const)('jobs are parked by %s at most', async (_name, because, waitMs) => {
    lines.refused(budget, { ...full, because, everyMs: 1_000 })
    await arrive(1_000)
    expect(turns.at(-1)).toEqual({ kind: 'park', because, waitMs })
  })

  test('jobs are parked for five seconds at most by the guess that a stalled receiver is slow', async () => {
    await admit()
    lines.refused(budget, full)
    for (let second = 0; second < 60; second += 1) {
      await arrive(10)
      await vi.advanceTimersByTimeAsync(1_000)
      lines.refused(budget, full)
    }
    const waits = turns.map((turn) => (turn.kind === 'park' ? turn.waitMs : 0))
    expect(Math.max(...waits)).toBeGreaterThan(1_000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(5_000)
  })

  test('jobs are parked until the receiver takes requests again', async () => {
    lines.refused(budget, { kind: 'again', waitMs: 60_000, because: 'throttled' })
    await arrive(1)
    expect(turns).toMatchObject([{ kind: 'park', because: 'throttled', waitMs: 60_000 }])
  })

  test('a job that comes while a breaker is open for long asks, because a person may have closed it', async () => {
    lines.refused(budget, { kind: 'again', waitMs: 60_000, because: 'breaker_open' })
    await arrive(1)
    expect(turns).toMatchObject([{ kind: 'ask' }])
  })

  test('jobs are parked when the receiver ends no request any more', async () => {
    await admit()
    lines.refused(budget, full)
    await arrive(100)
    await vi.advanceTimersByTimeAsync(1_500)
    // A job has asked in the meantime, and was refused.
    lines.refused(budget, full)
    await vi.advanceTimersByTimeAsync(500)
    expect(turns.filter(({ kind }) => kind === 'park').length).toBeGreaterThan(80)
  })

  test('jobs are not parked while none asks, for example because the database is away', async () => {
    lines.refused(budget, full)
    await arrive(100)
    await vi.advanceTimersByTimeAsync(5_000)
    await arrive(1)
    expect(turns.filter(({ kind }) => kind === 'park')).toEqual([])
  })

  test('a job that waits ten seconds in vain goes back, because another process has the slots', async () => {
    lines.refused(budget, full)
    await arrive(1_000)
    for (let second = 0; second < 11; second += 1) {
      lines.refused(budget, { ...full, waitMs: 5_000 })
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(turns.filter(({ kind }) => kind === 'park').length).toBeGreaterThan(900)
  })

  test('another receiver is not concerned', async () => {
    lines.refused('4:host:other.example.com', full)
    await arrive(1)
    expect(turns).toMatchObject([{ kind: 'ask' }])
  })

  test('a stopping consumer parks all that wait', async () => {
    lines.refused(budget, full)
    await arrive(2)
    lines.stop()
    await vi.advanceTimersByTimeAsync(0)
    expect(turns.map(({ kind }) => kind)).toEqual(['park', 'park'])
  })
})
