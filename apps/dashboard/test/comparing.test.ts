import type { AttemptView } from '@ghostpost/delivery/contract/delivery'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareFacts } from '../src/pages/delivery/compare-facts.ts'
import { diffLines } from '../src/pages/delivery/diff-lines.ts'
import { parseDeliverySearch } from '../src/pages/delivery/delivery-search.ts'

const attempt = (changes: Partial<AttemptView>): AttemptView =>
  ({
    number: 1,
    outcome: 'answered',
    decision: 'retry',
    duration_ms: 812,
    timings: null,
    request_headers: { 'webhook-id': 'd', 'webhook-timestamp': '1' },
    response_headers: { server: 'x' },
    response_status: 503,
    error: { code: 'http_status_503', message: '', remedy: null },
    ...changes,
  }) as AttemptView

test('two attempts are put side by side, and of headers only those that differ', () => {
  const second = attempt({
    response_status: 200,
    decision: 'delivered',
    error: null,
    request_headers: { 'webhook-id': 'd', 'webhook-timestamp': '2' },
    response_headers: { server: 'x', 'x-new': 'y' },
  })
  expect(compareFacts(attempt({}), second)).toEqual([
    { name: 'Outcome', first: 'answered 503', second: 'answered 200' },
    { name: 'Meant', first: 'retry', second: 'delivered' },
    { name: 'Cause', first: 'http_status_503', second: '–' },
    { name: 'Took', first: '812 ms', second: '812 ms' },
    { name: 'Sent: webhook-timestamp', first: '1', second: '2' },
    { name: 'Answered: x-new', first: '–', second: 'y' },
  ])
})

describe('two texts', () => {
  const sides = (one: string, other: string): string[] =>
    diffLines(one, other).map(({ text, side }) => `${side} ${text}`)

  test('are told apart line by line', () => {
    expect(sides('a\nb\nc', 'a\nx\nc\nd')).toEqual(['both a', 'first b', 'second x', 'both c', 'second d'])
  })

  test('can each be read out of what is told', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 })
    fc.assert(
      fc.property(lines, lines, (one, other) => {
        const diff = diffLines(one.join('\n'), other.join('\n'))
        const linesOf = (side: 'first' | 'second'): string =>
          diff
            .filter((line) => line.side === side || line.side === 'both')
            .map(({ text }) => text)
            .join('\n')
        expect([linesOf('first'), linesOf('second')]).toEqual([one.join('\n'), other.join('\n')])
      }),
    )
  })

  test('that are very long are told as a whole', () => {
    const long = Array.from({ length: 700 }, (_, index) => `${index}`).join('\n')
    expect(diffLines(long, 'x')).toHaveLength(701)
  })
})

test('the address of a delivery keeps what it understands', () => {
  expect(parseDeliverySearch({ attempt: '2', with: 1, payload: 'raw', tab: 'x' })).toEqual({
    attempt: 2,
    with: 1,
    payload: 'raw',
  })
  expect(parseDeliverySearch({ attempt: '-2', with: 'x', payload: 'html' })).toEqual({})
})
