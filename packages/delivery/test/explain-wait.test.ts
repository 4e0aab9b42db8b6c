import { describe, expect, test } from 'vitest'
import { explainWait, type Surroundings, type WaitingDelivery } from '../src/explain-wait.ts'

const now = new Date('2026-11-23T12:00:00Z')
const later = new Date('2026-11-23T12:05:00Z')

const delivery = (changes: Partial<WaitingDelivery> = {}): WaitingDelivery => ({
  state: 'queued',
  attemptsMade: 0,
  nextAttemptAt: new Date('2026-11-23T11:59:00Z'),
  claimExpiresAt: null,
  destination: null,
  operation: null,
  workers: 1,
  ...changes,
})

const around = (changes: Partial<Surroundings> = {}): Surroundings => ({
  now,
  lane: 'live',
  laneHeld: null,
  breaker: 'closed',
  breakerOpenUntil: null,
  throttledUntil: null,
  inFlight: 0,
  room: 100,
  isQueueUp: true,
  waitingInLane: 3,
  ...changes,
})

const codesOf = (...given: Parameters<typeof explainWait>): string[] =>
  explainWait(...given).map(({ code }) => code)

describe('a delivery that is finished', () => {
  test.each([
    ['delivered', 'It was delivered.', null],
    ['failed', 'It was given up; its last error says why.', 'Resend it, or re-export it with fresh data.'],
    ['cancelled', 'It was cancelled.', 'Resend it, or re-export it with fresh data.'],
  ] as const)('%s says so, whatever else there is', (state, text, remedy) => {
    const destination = { state: 'paused', reason: null } as const
    expect(explainWait(delivery({ state, destination }), around({ laneHeld: 'x' }))).toEqual([
      { code: 'finished', text, until: null, remedy },
    ])
  })
})

describe('a delivery that is being delivered', () => {
  test('says until when it is held', () => {
    const [reason] = explainWait(delivery({ state: 'delivering', claimExpiresAt: later }), around())
    expect(reason).toMatchObject({
      code: 'being_delivered',
      until: later,
      text: expect.stringContaining('right now'),
    })
  })

  test('whose worker has gone silent says so', () => {
    const [reason] = explainWait(delivery({ state: 'delivering', claimExpiresAt: now }), around())
    expect(reason?.text).toContain('gone silent')
  })
})

describe('a delivery that waits', () => {
  test.each([
    ['destination_disabled', { destination: { state: 'disabled', reason: 'gone' } }, {}],
    ['destination_paused', { destination: { state: 'paused', reason: 'weekend' } }, {}],
    ['operation_paused', { operation: { state: 'paused', reason: 'canary' } }, {}],
    ['lane_paused', {}, { laneHeld: 'maintenance' }],
    ['waiting_for_retry', { nextAttemptAt: later, attemptsMade: 2 }, {}],
    ['breaker_open', {}, { breaker: 'open', breakerOpenUntil: later }],
    ['throttled', {}, { throttledUntil: later }],
    ['no_worker', { workers: 0 }, {}],
    ['queue_down', {}, { isQueueUp: false, waitingInLane: null }],
    ['behind_others', {}, {}],
  ] as const)('says %s alone where that is all', (code, changes, surroundings) => {
    expect(codesOf(delivery(changes), around(surroundings))).toEqual([code])
  })

  test('says first what somebody has to let go', () => {
    const held = delivery({ destination: { state: 'paused', reason: null }, workers: 0 })
    expect(codesOf(held, around({ breaker: 'open' }))).toEqual([
      'destination_paused',
      'breaker_open',
      'no_worker',
    ])
  })

  test('says when its retry is due, and which attempt that is', () => {
    const [reason] = explainWait(delivery({ nextAttemptAt: later, attemptsMade: 2 }), around())
    expect(reason).toMatchObject({ until: later, text: expect.stringContaining('Attempt 3') })
  })

  test('tells the reasons of people', () => {
    const [reason] = explainWait(delivery({ destination: { state: 'paused', reason: 'weekend' } }), around())
    expect(reason?.text).toBe('Its destination is paused: weekend')
  })

  test('behind others says how many, and whether its receiver is busy', () => {
    const [reason] = explainWait(delivery(), around({ waitingInLane: 7, inFlight: 2, room: 2 }))
    expect(reason?.text).toContain('7 deliveries wait in the live lane. Its receiver has all 2 requests')
  })

  test('has a throttle that is over no more', () => {
    expect(codesOf(delivery(), around({ throttledUntil: now }))).toEqual(['behind_others'])
  })
})
