import { describe, expect, test } from 'vitest'
import { explainWait, type WaitContext, type WaitingDelivery } from '../../src/deliver/explain-wait.ts'

const now = new Date('2026-11-23T12:00:00Z')
const later = new Date('2026-11-23T12:05:00Z')

const delivery = (changes: Partial<WaitingDelivery> = {}): WaitingDelivery => ({
  state: 'queued',
  attemptsMade: 0,
  attemptsMax: 10,
  nextAttemptAt: new Date('2026-11-23T11:59:00Z'),
  nextAttemptBecause: null,
  sweepAt: later,
  claimExpiresAt: null,
  destination: null,
  operation: null,
  workers: 1,
  ...changes,
})

const context = (changes: Partial<WaitContext> = {}): WaitContext => ({
  now,
  isHeld: false,
  lane: 'live',
  lanePauseReason: null,
  breaker: 'closed',
  breakerOpenUntil: null,
  throttledUntil: null,
  inFlight: 0,
  concurrencyNow: 100,
  isQueueUp: true,
  job: { kind: 'waiting' },
  waitingInLane: 3,
  ...changes,
})

const codesOf = (...args: Parameters<typeof explainWait>): string[] =>
  explainWait(...args).map(({ code }) => code)

describe('a finished delivery', () => {
  test.each([
    ['delivered', 'It was delivered.', null],
    [
      'failed',
      'It failed for good; its last error gives the cause.',
      'Resend it, or re-export it with fresh data.',
    ],
    ['cancelled', 'It was cancelled.', 'Resend it, or re-export it with fresh data.'],
  ] as const)('%s has the reason finished alone', (state, text, remedy) => {
    const destination = { state: 'paused', reason: null } as const
    expect(explainWait(delivery({ state, destination }), context({ lanePauseReason: 'x' }))).toEqual([
      { code: 'finished', text, until: null, remedy },
    ])
  })
})

describe('a delivery that a worker is attempting', () => {
  test('has the time at which its claim expires', () => {
    const [reason] = explainWait(delivery({ state: 'delivering', claimExpiresAt: later }), context())
    expect(reason).toMatchObject({
      code: 'being_delivered',
      until: later,
      text: expect.stringContaining('right now'),
    })
  })

  test('names a worker that stopped responding', () => {
    const [reason] = explainWait(delivery({ state: 'delivering', claimExpiresAt: now }), context())
    expect(reason?.text).toContain('stopped responding')
  })
})

describe('a waiting delivery', () => {
  test.each([
    ['destination_disabled', { destination: { state: 'disabled', reason: 'gone' } }, {}],
    ['destination_paused', { destination: { state: 'paused', reason: 'weekend' } }, {}],
    ['operation_paused', { operation: { state: 'paused', reason: 'canary' } }, {}],
    ['held', {}, { isHeld: true }],
    ['lane_paused', {}, { lanePauseReason: 'maintenance' }],
    ['waiting_for_retry', { nextAttemptAt: later, attemptsMade: 2 }, {}],
    ['breaker_open', {}, { breaker: 'open', breakerOpenUntil: later }],
    ['throttled', {}, { throttledUntil: later }],
    ['no_worker', { workers: 0 }, {}],
    ['queue_down', {}, { isQueueUp: false, job: null, waitingInLane: null }],
    ['not_queued', {}, { job: { kind: 'lost' } }],
    ['site_share', {}, { job: { kind: 'parked', until: later, because: 'site_share' } }],
    ['receiver_full', {}, { inFlight: 2, concurrencyNow: 2 }],
    ['behind_others', {}, {}],
  ] as const)('has the reason %s alone when nothing else blocks it', (code, changes, contextChanges) => {
    expect(codesOf(delivery(changes), context(contextChanges))).toEqual([code])
  })

  test.each([
    ['down', 'does not respond', 'Restore the queue’s store.'],
    ['full', 'is full', 'Give the queue’s store more memory.'],
    [
      'read_only',
      'is read-only',
      'Check whether the queue’s store is a replica, and whether its disk is full.',
    ],
    [
      'forbidden',
      'refuses Ghostpost’s user',
      'Give the user of QUEUE_URL the rights that docs/operations.md lists.',
    ],
  ])('says that the queue is %s, and the remedy', (queueCheck, text, remedy) => {
    const down = { isQueueUp: false, queueCheck, job: null, waitingInLane: null }
    expect(explainWait(delivery(), context(down))).toMatchObject([
      { code: 'queue_down', text: expect.stringContaining(text), remedy },
    ])
  })

  test('lists pauses first, then the schedule, then other obstacles', () => {
    const paused = delivery({
      destination: { state: 'paused', reason: null },
      operation: { state: 'paused', reason: null },
      nextAttemptAt: later,
      workers: 0,
    })
    const all = { lanePauseReason: 'x', breaker: 'open', throttledUntil: later, isQueueUp: false } as const
    expect(codesOf(paused, context(all))).toEqual([
      'destination_paused',
      'operation_paused',
      'lane_paused',
      'waiting_for_retry',
      'breaker_open',
      'throttled',
      'no_worker',
      'queue_down',
    ])
  })

  test.each([
    ['schedule', 'Attempt 3 of 10 is scheduled: the retry schedule sets this wait.'],
    ['receiver_asked', 'Attempt 3 of 10 is scheduled: the receiver asked for this wait (Retry-After).'],
    [null, 'Attempt 3 of 10 is scheduled.'],
  ] as const)('has the time, the number and the reason of its next attempt (%s)', (because, text) => {
    const retrying = delivery({ nextAttemptAt: later, attemptsMade: 2, nextAttemptBecause: because })
    expect(explainWait(retrying, context())).toEqual([
      { code: 'waiting_for_retry', text, until: later, remedy: null },
    ])
  })

  test('does not mention a full receiver or a missing job before it is due', () => {
    const retrying = delivery({ nextAttemptAt: later, attemptsMade: 1 })
    expect(codesOf(retrying, context({ job: { kind: 'lost' }, inFlight: 2, concurrencyNow: 2 }))).toEqual([
      'waiting_for_retry',
    ])
  })

  test('does not mention a full receiver while the breaker is open', () => {
    const open = { breaker: 'open', inFlight: 0, concurrencyNow: 0 } as const
    expect(codesOf(delivery(), context(open))).toEqual(['breaker_open'])
  })

  test('has the time at which the sweeper enqueues a lost job again', () => {
    const [reason] = explainWait(delivery(), context({ job: { kind: 'lost' } }))
    expect(reason).toMatchObject({
      code: 'not_queued',
      text: 'The queue lost it. The sweeper enqueues it again at 2026-11-23T12:05:00.000Z.',
      until: later,
    })
  })

  test('has the time until which it waits for the share of its site', () => {
    const job = { kind: 'parked', until: later, because: 'site_share' } as const
    expect(explainWait(delivery(), context({ job }))).toMatchObject([
      { code: 'site_share', text: expect.stringContaining('share'), until: later },
    ])
  })

  test('does not take a wait for its receiver for a wait for its site', () => {
    const job = { kind: 'parked', until: later, because: 'concurrency_full' } as const
    expect(codesOf(delivery(), context({ job, inFlight: 2, concurrencyNow: 2 }))).toEqual(['receiver_full'])
  })

  test('contains the reason that a person gave for a pause', () => {
    const [reason] = explainWait(delivery({ destination: { state: 'paused', reason: 'weekend' } }), context())
    expect(reason?.text).toBe('Its destination is paused: weekend')
  })

  test('has the number of deliveries that wait in its lane', () => {
    const [reason] = explainWait(delivery(), context({ waitingInLane: 7 }))
    expect(reason?.text).toContain('7 deliveries wait in the live lane.')
  })

  test('ignores a throttle that has ended', () => {
    expect(codesOf(delivery(), context({ throttledUntil: now }))).toEqual(['behind_others'])
  })
})
