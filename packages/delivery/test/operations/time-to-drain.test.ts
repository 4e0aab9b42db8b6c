import { describe, expect, test } from 'vitest'
import { timeToDrain, type LaneFlow } from '../../src/operations/time-to-drain.ts'

const flow = (changes: Partial<LaneFlow> = {}): LaneFlow => ({
  due: 100,
  perMinute: 50,
  before: { due: 150, minutesAgo: 2 },
  isPaused: false,
  workers: 1,
  ...changes,
})

describe('a lane', () => {
  test('in which nothing is due is idle, whatever else there is', () => {
    expect(timeToDrain(flow({ due: 0, isPaused: true, workers: 0 }))).toEqual({ state: 'idle' })
  })

  test('that is held, or that nobody works on, does not drain', () => {
    expect(timeToDrain(flow({ isPaused: true }))).toEqual({ state: 'held' })
    expect(timeToDrain(flow({ workers: 0 }))).toEqual({ state: 'no_worker' })
  })

  test('that shrinks is empty at best at its pace, at worst as fast as it shrank', () => {
    expect(timeToDrain(flow())).toEqual({ state: 'draining', secondsLow: 120, secondsHigh: 240 })
  })

  test('of which nothing earlier is known goes by its pace', () => {
    expect(timeToDrain(flow({ before: null }))).toEqual({
      state: 'draining',
      secondsLow: 120,
      secondsHigh: 120,
    })
  })

  test('that grows says how fast', () => {
    expect(timeToDrain(flow({ before: { due: 60, minutesAgo: 4 } }))).toEqual({
      state: 'growing',
      perMinute: 10,
    })
  })

  test('that was empty before goes by its pace: one burst is not growth', () => {
    expect(timeToDrain(flow({ before: { due: 0, minutesAgo: 3 } }))).toMatchObject({
      state: 'draining',
      secondsLow: 120,
    })
  })

  test('in which nothing was done lately says nothing', () => {
    expect(timeToDrain(flow({ perMinute: 0, before: null }))).toEqual({ state: 'unknown' })
  })
})
