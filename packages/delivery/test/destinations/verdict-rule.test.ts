import { describe, expect, test } from 'vitest'
import { delivered, verdictOf, type VerdictRule } from '../../src/destinations/verdict-rule.ts'

const day = 86_400_000

function rule(decision: VerdictRule['decision']): VerdictRule {
  return { decision, cause: 'some_cause', message: 'Something happened.', remedy: 'Do something.' }
}

const failure = {
  cause: 'some_cause',
  message: 'Something happened.',
  remedy: 'Do something.',
  outcomeUnknown: false,
}

describe('the verdict of a rule', () => {
  test('retries after the requested wait', () => {
    expect(verdictOf(rule('retry'), 2_000)).toEqual({
      decision: 'retry',
      failure,
      retryAfterMs: 2_000,
    })
    expect(verdictOf(rule('retry'))).toEqual({ decision: 'retry', failure, retryAfterMs: null })
  })

  test('gives up, whatever wait the receiver requested', () => {
    expect(verdictOf(rule('give_up'), 2_000)).toEqual({
      decision: 'give_up',
      failure,
      receiverGone: false,
    })
  })

  test('gives up and disables the destination if the receiver is gone', () => {
    expect(verdictOf(rule('receiver_gone'))).toEqual({
      decision: 'give_up',
      failure,
      receiverGone: true,
    })
  })

  test.each<[number, number | null]>([
    [-1, 0],
    [0, 0],
    [0.2, 1],
    [1_500.5, 1_501],
    [day, day],
    [day + 1, day],
    [Number.POSITIVE_INFINITY, day],
    [Number.NaN, null],
  ])('clamps a wait of %d ms to %d', (asked, wait) => {
    expect(verdictOf(rule('retry'), asked)).toMatchObject({ retryAfterMs: wait })
  })
})

describe('the receipt of a delivery', () => {
  test.each(['1234567890', '00Q5e000001abcDEAQ', 'a-b_c', 'x'.repeat(64)])('is the id %s', (id) => {
    expect(delivered(id)).toEqual({ decision: 'delivered', receipt: id })
  })

  test.each([undefined, null, '', 123, {}, ['a'], 'a b', 'a\u0000', '<b>', 'x'.repeat(65), 'https://a.b/c'])(
    'is null for %j, which is not an id',
    (value) => {
      expect(delivered(value)).toEqual({ decision: 'delivered', receipt: null })
    },
  )
})
