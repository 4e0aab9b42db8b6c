import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { percentile } from '../src/figures.ts'
import { runClosedLoop, runOpenLoop, schedule } from '../src/open-loop.ts'

describe('the schedule', () => {
  it('spaces calls evenly over the time', () => {
    expect(schedule(4, 1)).toEqual([0, 250, 500, 750])
  })

  it('has rate × seconds calls', () => {
    expect(schedule(333, 3)).toHaveLength(999)
  })
})

describe('an open loop', () => {
  it('makes every call of its schedule, also when others fail', async () => {
    const load = { perSecond: 200, seconds: 0.2 }
    const call = async (index: number): Promise<string> => {
      if (index % 4 === 0) throw new Error('refused')
      return '200'
    }
    const { latenciesMs, endings } = await runOpenLoop({ ...load, call })
    expect(latenciesMs).toHaveLength(40)
    expect(endings).toEqual({ '200': 30, error: 10 })
  })

  it('counts a stall in the latency of every call that was due during it', async () => {
    const stallMs = 300
    let busy: Promise<unknown> | null = null
    // A service that handles one call at a time and stalls at the first.
    const call = async (index: number): Promise<string> => {
      if (index === 0) busy = pause(stallMs)
      await busy
      return '200'
    }
    const { latenciesMs } = await runOpenLoop({ perSecond: 100, seconds: 0.4, call })
    expect(percentile(latenciesMs, 50)).toBeGreaterThan(50)
    expect(latenciesMs[15]).toBeGreaterThan(stallMs - 160)
  })
})

describe('a closed loop', () => {
  it('counts only the calls with the expected result', async () => {
    let made = 0
    const call = async (): Promise<string> => {
      made += 1
      await pause(5)
      return made % 2 === 0 ? '200' : '503'
    }
    const perSecond = await runClosedLoop(2, 0.5, call, '200')
    expect(perSecond).toBeGreaterThan(0)
    expect(perSecond).toBeLessThan(made / 0.5)
  })
})
