import { describe, expect, test } from 'vitest'
import { lineOf } from '../../src/text/clip-text.ts'

describe('a visitor’s text as one line', () => {
  test.each<[string | null, string | null]>([
    [null, null],
    ['', null],
    [' \t\r\n\u00a0\u2003\u3000', null],
    ['\u0000\u0007\u001b', null],
    ['\u200b\u200d\ufeff\u2060', null],
    ['\u202e\u2066\u200f', null],
    ['\u3164\u115f\u2800\u00ad', null],
    ['\u0301\u0302', null],
    ['Austin', 'Austin'],
    ['  Austin  ', 'Austin'],
    ['New\r\n\t York', 'New York'],
    ['a\u2028b\u2029c\u0085d', 'a b c d'],
    ['a\u0000b', 'a b'],
    ['\u202eevil\u202c', 'evil'],
    ['\u2067x\u2069 y\u200e', 'x y'],
    ['שלום', 'שלום'],
    ['東京', '東京'],
    ['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦'],
    ['🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['\ud800', '\ufffd'],
    ['—', '—'],
    ['0', '0'],
  ])('%j is %j', (text, line) => {
    expect(lineOf(text)).toBe(line)
  })

  test('reads at most the first 8,192 units', () => {
    expect(lineOf('x'.repeat(1_000_000))).toBe('x'.repeat(8_192))
    expect(lineOf(`${' '.repeat(10_000)}x`)).toBeNull()
  })
})
