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
  test('without due deliveries is idle, even when it is paused', () => {
    expect(timeToDrain(flow({ due: 0, isPaused: true, workers: 0 }))).toEqual({ state: 'idle' })
  })

  test('that is paused, or that no worker takes, does not drain', () => {
    expect(timeToDrain(flow({ isPaused: true }))).toEqual({ state: 'held' })
    expect(timeToDrain(flow({ workers: 0 }))).toEqual({ state: 'no_worker' })
  })

  test('that shrinks has a low estimate from its pace and a high one from how fast it shrank', () => {
    expect(timeToDrain(flow())).toEqual({ state: 'draining', secondsLow: 120, secondsHigh: 240 })
  })

  test('without an earlier count is estimated from its pace', () => {
    expect(timeToDrain(flow({ before: null }))).toEqual({
      state: 'draining',
      secondsLow: 120,
      secondsHigh: 120,
    })
  })

  test('that grows gives its growth per minute', () => {
    expect(timeToDrain(flow({ before: { due: 60, minutesAgo: 4 } }))).toEqual({
      state: 'growing',
      perMinute: 10,
    })
  })

  test('that was empty before is estimated from its pace, because one burst is not growth', () => {
    expect(timeToDrain(flow({ before: { due: 0, minutesAgo: 3 } }))).toMatchObject({
      state: 'draining',
      secondsLow: 120,
    })
  })

  test('that sent nothing in the last minutes has no estimate', () => {
    expect(timeToDrain(flow({ perMinute: 0, before: null }))).toEqual({ state: 'unknown' })
  })
})
