import { describe, expect, test } from 'vitest'
import { checkHistory } from '../src/history/check-history.ts'
import type {
  AttemptRow,
  DeliveryRecord,
  History,
  MoveRecord,
  RequestRecord,
} from '../src/history/history.ts'

/** Hand-written histories: a good one, and one for each promise that it could break. */

const request: RequestRecord = {
  deliveryId: 'd',
  receivedAt: 10,
  status: 200,
  respondedAt: 11,
  bodyDigest: 'same',
  clockDifferenceSeconds: 0,
}
const attempt: AttemptRow = {
  deliveryId: 'd',
  number: 1,
  outcome: 'answered',
  decision: 'delivered',
  outcomeUnknown: false,
  status: 200,
}
const interrupted: AttemptRow = {
  ...attempt,
  outcome: 'interrupted',
  decision: 'retry',
  outcomeUnknown: true,
  status: null,
}
const delivery: DeliveryRecord = { id: 'd', isChat: false, state: 'delivered', attempts: 1, isMember: false }
const call = { key: 'k', sentAt: 0, respondedAt: 20, status: 200, deliveryId: 'd' }

function movesThrough(...states: string[]): MoveRecord[] {
  return states.map((to, index) => ({ deliveryId: 'd', from: states[index - 1] ?? null, to }))
}

function historyWith(changes: Partial<History>): History {
  return {
    calls: [call],
    resends: [],
    requests: [request],
    deliveries: [delivery],
    attempts: [attempt],
    moves: movesThrough('queued', 'delivering', 'delivered'),
    ledgers: [],
    interruptions: [],
    ...changes,
  }
}

function violationsOf(changes: Partial<History>): string[] {
  return checkHistory(historyWith(changes)).violations.map(({ kind }) => kind)
}

describe('a history is without violations when', () => {
  test('a delivery is accepted, sent once and delivered', () => {
    expect(checkHistory(historyWith({}))).toEqual({
      accepted: 1,
      delivered: 1,
      refused: 0,
      unknown: 0,
      cancelled: 0,
      chats: 0,
      markedDuplicates: 0,
      takeovers: 0,
      violations: [],
    })
  })

  test('a worker dies, and the repeat is marked by an unknown outcome', () => {
    const report = checkHistory(
      historyWith({
        requests: [request, { ...request, receivedAt: 15 }],
        deliveries: [{ ...delivery, attempts: 2 }],
        attempts: [interrupted, { ...attempt, number: 2 }],
        moves: movesThrough('queued', 'delivering', 'delivering', 'retrying', 'delivering', 'delivered'),
      }),
    )
    expect(report).toMatchObject({ markedDuplicates: 1, takeovers: 1, violations: [] })
  })

  test('a chat is given up on because its worker was killed', () => {
    const report = checkHistory(
      historyWith({
        calls: [{ ...call, status: 202 }],
        deliveries: [{ ...delivery, isChat: true, state: 'failed' }],
        attempts: [{ ...interrupted, decision: 'give_up' }],
        moves: movesThrough('queued', 'delivering', 'delivering', 'failed'),
        interruptions: [{ from: 9, to: 12 }],
      }),
    )
    expect(report).toMatchObject({ unknown: 1, chats: 1, violations: [] })
  })

  test('a person asks for a second message', () => {
    const changes = {
      requests: [request, { ...request, receivedAt: 30 }],
      resends: [{ deliveryId: 'd', at: 25 }],
      deliveries: [{ ...delivery, attempts: 2, isChat: true }],
      attempts: [attempt, { ...attempt, number: 2 }],
      moves: movesThrough('queued', 'delivering', 'delivered', 'queued', 'delivering', 'delivered'),
    }
    expect(violationsOf(changes)).toEqual([])
  })

  test('a receiver refuses, and nothing more is sent', () => {
    const report = checkHistory(
      historyWith({
        calls: [{ ...call, status: 202 }],
        requests: [{ ...request, status: 400 }],
        deliveries: [{ ...delivery, state: 'failed' }],
        attempts: [{ ...attempt, decision: 'give_up', status: 400 }],
        moves: movesThrough('queued', 'delivering', 'failed'),
      }),
    )
    expect(report).toMatchObject({ refused: 1, violations: [] })
  })
})

describe('a history breaks a promise when', () => {
  const accepted = { calls: [{ ...call, status: 202 }] }
  const failed = { ...accepted, deliveries: [{ ...delivery, state: 'failed' }] }
  const member = { ...delivery, id: 'm', isMember: true }
  const ledger = {
    operationId: 'o',
    state: 'completed',
    matched: 1,
    lines: [{ deliveryId: 'd', outcome: 'delivered' }],
  }

  test.each<[string, string, Partial<History>]>([
    [
      'an accepted delivery is gone',
      'lost',
      { deliveries: [], attempts: [], moves: [], ...accepted, requests: [] },
    ],
    [
      'an accepted delivery never ends',
      'lost',
      { ...accepted, deliveries: [{ ...delivery, state: 'retrying' }] },
    ],
    ['the receiver gets it after the 200', 'early 200', { requests: [{ ...request, receivedAt: 21 }] }],
    ['a 200 without a request', 'early 200', { requests: [{ ...request, status: 503 }] }],
    ['it is called delivered, and no receiver took it', 'false success', { ...accepted, requests: [] }],
    ['it fails although its receiver took it', 'false failure', { ...failed }],
    [
      'a chat fails although its worker lived and had the response',
      'false failure',
      {
        ...accepted,
        deliveries: [{ ...delivery, isChat: true, state: 'failed' }],
        attempts: [{ ...interrupted, decision: 'give_up' }],
        moves: movesThrough('queued', 'delivering', 'failed'),
        interruptions: [{ from: 90_000, to: 91_000 }],
      },
    ],
    [
      'it is sent again after a refusal',
      'sent after a refusal',
      {
        ...failed,
        requests: [
          { ...request, status: 404 },
          { ...request, status: 404 },
        ],
      },
    ],
    ['it is taken twice, and no attempt says why', 'silent duplicate', { requests: [request, request] }],
    [
      'it is taken three times, and one attempt says why',
      'silent duplicate',
      { requests: [request, request, request], attempts: [interrupted, { ...attempt, number: 2 }] },
    ],
    [
      'a chat may show a message twice, whatever the attempts say',
      'chat message twice',
      {
        requests: [{ ...request, status: null, respondedAt: null }, request],
        deliveries: [{ ...delivery, isChat: true, attempts: 2 }],
        attempts: [interrupted, { ...attempt, number: 2 }],
      },
    ],
    ['one key makes two deliveries', 'two by one key', { calls: [call, { ...call, deliveryId: 'e' }] }],
    [
      'a delivery is stored that no caller knows',
      'two by one key',
      { deliveries: [delivery, { ...delivery, id: 'e' }] },
    ],
    ['a repeat has other bytes', 'other bytes', { requests: [request, { ...request, bodyDigest: 'other' }] }],
    [
      'a signature is ten minutes old',
      'wrong signature time',
      { requests: [{ ...request, clockDifferenceSeconds: -600 }] },
    ],
    [
      'a finished delivery is claimed',
      'illegal move',
      { moves: movesThrough('queued', 'delivering', 'delivered', 'delivering') },
    ],
    [
      'a queued delivery is delivered without a claim',
      'illegal move',
      { moves: movesThrough('queued', 'delivered') },
    ],
    [
      'a move is missing',
      'illegal move',
      { moves: [...movesThrough('queued'), { deliveryId: 'd', from: 'delivering', to: 'delivered' }] },
    ],
    ['an attempt is missing', 'wrong attempts', { attempts: [{ ...attempt, number: 2 }] }],
    ['the count of attempts is wrong', 'wrong attempts', { deliveries: [{ ...delivery, attempts: 2 }] }],
    [
      'an attempt has a response that nobody sent',
      'wrong attempts',
      { attempts: [attempt, { ...attempt, number: 2 }] },
    ],
    [
      'an operation lists fewer members than it matched',
      'wrong ledger',
      { ledgers: [{ ...ledger, matched: 2 }] },
    ],
    [
      'a line of a ledger differs from its delivery',
      'wrong ledger',
      { ledgers: [{ ...ledger, lines: [{ deliveryId: 'd', outcome: 'failed' }] }] },
    ],
    [
      'a line of a ledger waits for ever',
      'wrong ledger',
      {
        deliveries: [delivery, member],
        ledgers: [{ ...ledger, lines: [{ deliveryId: 'm', outcome: 'waiting' }] }],
      },
    ],
    ['an operation never ends', 'wrong ledger', { ledgers: [{ ...ledger, state: 'running' }] }],
  ])('%s', (_when, kind, changes) => {
    expect(violationsOf(changes)).toContain(kind)
  })
})
