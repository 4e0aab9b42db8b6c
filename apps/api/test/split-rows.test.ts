import { describe, expect, test } from 'vitest'
import { splitArray, splitLines, type RowSplitter, type RowText } from '../src/server/split-rows.ts'

/** The rows of a body that arrives in pieces. */
function rowsOf(splitter: RowSplitter, body: Uint8Array, pieceBytes = body.length || 1): RowText[] {
  const rows: RowText[] = []
  for (let at = 0; at < body.length; at += pieceBytes)
    rows.push(...splitter.push(body.subarray(at, at + pieceBytes)))
  return [...rows, ...splitter.end()]
}

const textsOf = (rows: RowText[]): string[] =>
  rows.map((row) => ('text' in row ? row.text : `! ${row.problem}`))
/** Everything that a splitter could take for the end of a row. */
const hostile = [
  {},
  { a: ',]}[{"\\', 'b"': [1, [{ c: ']' }], {}] },
  { 'é,\n': '\\"', d: '\u2028\ud83d\ude00' },
  { e: null, f: -1.5e3 },
]

test('a body gives the same rows however it is cut into pieces, with and without a byte order mark', () => {
  const expected = hostile.map((row) => JSON.stringify(row))
  const arrays = [JSON.stringify(hostile), `[\n  ${expected.join(' ,\n  ')}\n]\n`]
  for (const mark of ['', '\ufeff']) {
    for (let bytes = 1; bytes < 60; bytes += 1) {
      const lines = Buffer.from(mark + expected.join('\r\n'))
      expect(textsOf(rowsOf(splitLines(10_000), lines, bytes))).toEqual(expected)
      for (const body of arrays)
        expect(textsOf(rowsOf(splitArray(10_000), Buffer.from(mark + body), bytes))).toEqual(expected)
    }
  }
})

describe('a row that cannot be read has a result of its own:', () => {
  const lines = (body: string | Uint8Array): string[] => textsOf(rowsOf(splitLines(10), Buffer.from(body)))
  const array = (body: string | Uint8Array): string[] => textsOf(rowsOf(splitArray(10), Buffer.from(body)))

  test('one that is too long', () => {
    expect(lines('{"a":1}\n{"a":"12345678"}\n{"b":2}')).toEqual([
      '{"a":1}',
      '! a row of at most 10 bytes',
      '{"b":2}',
    ])
    expect(array('[{"a":1},{"a":"12345678"},{"b":2}]')).toEqual([
      '{"a":1}',
      '! a row of at most 10 bytes',
      '{"b":2}',
    ])
  })

  test('one that is not UTF-8', () => {
    expect(lines(Buffer.from('{"a":"\xe9"}\n{"b":2}', 'latin1'))).toEqual(['! text in UTF-8', '{"b":2}'])
  })

  test.each(['[{"a":1},{"b"', '[{"a":1}', '{"a":1}', '[1]]', 'x[1]', '[1] [2]', '[', ''])(
    'an array that is cut off, or none: %s',
    (body) => expect(array(body).at(-1)).toBe(body === '' ? undefined : '! one JSON array, with its end'),
  )
})

test('an empty body and empty lines are no rows', () => {
  expect(rowsOf(splitLines(10), Buffer.from('\n \r\n\n'))).toEqual([])
  expect(rowsOf(splitArray(10), Buffer.from(' [ ] '))).toEqual([])
})
