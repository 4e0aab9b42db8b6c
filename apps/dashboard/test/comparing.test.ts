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

test('a comparison of two attempts has only the headers that differ', () => {
  const second = attempt({
    response_status: 200,
    decision: 'delivered',
    error: null,
    request_headers: { 'webhook-id': 'd', 'webhook-timestamp': '2' },
    response_headers: { server: 'x', 'x-new': 'y' },
  })
  expect(compareFacts(attempt({}), second)).toEqual([
    { name: 'Outcome', first: 'HTTP 503', second: 'HTTP 200' },
    { name: 'Decision', first: 'retry', second: 'delivered' },
    { name: 'Cause', first: 'http_status_503', second: '–' },
    { name: 'Duration', first: '812 ms', second: '812 ms' },
    { name: 'Request header: webhook-timestamp', first: '1', second: '2' },
    { name: 'Response header: x-new', first: '–', second: 'y' },
  ])
})

describe('the diff of two texts', () => {
  const sides = (one: string, other: string): string[] =>
    diffLines(one, other).map(({ text, side }) => `${side} ${text}`)

  test('names the side of each line', () => {
    expect(sides('a\nb\nc', 'a\nx\nc\nd')).toEqual(['both a', 'first b', 'second x', 'both c', 'second d'])
  })

  test('contains both texts', () => {
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

  test('has no common lines when a text is very long', () => {
    const long = Array.from({ length: 700 }, (_, index) => `${index}`).join('\n')
    expect(diffLines(long, 'x')).toHaveLength(701)
  })
})

test('the address of a delivery keeps only valid parameters', () => {
  expect(parseDeliverySearch({ attempt: '2', with: 1, payload: 'raw', tab: 'x' })).toEqual({
    attempt: 2,
    with: 1,
    payload: 'raw',
  })
  expect(parseDeliverySearch({ attempt: '-2', with: 'x', payload: 'html' })).toEqual({})
})
