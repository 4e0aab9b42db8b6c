import { describe, expect, test } from 'vitest'
import { isString, itemsOf, jsonOf, member } from '../../src/text/response-json.ts'

describe('reading a response as JSON', () => {
  test.each(['', '<html>', '{"a":', 'ok', '{"a":1}x', "{'a':1}", '\u0000', '['.repeat(60_000)])(
    'gives nothing for %.20j',
    (body) => {
      expect(jsonOf({ body })).toBeUndefined()
    },
  )

  test('gives the value of a body that is JSON', () => {
    expect(jsonOf({ body: ' {"a":[1,null]} ' })).toEqual({ a: [1, null] })
  })

  test.each([null, undefined, 'text', 4, true])('finds no member in %j', (value) => {
    expect(member(value, 'length')).toBeUndefined()
  })

  test('finds only own members of an object', () => {
    expect(member({ a: 1 }, 'a')).toBe(1)
    expect(member({ a: 1 }, 'toString')).toBeUndefined()
    expect(member(jsonOf({ body: '{"a":1}' }), '__proto__')).toBeUndefined()
    expect(member(jsonOf({ body: '{"__proto__":2}' }), '__proto__')).toBe(2)
  })

  test('returns items of arrays only', () => {
    expect(itemsOf([1, 2])).toEqual([1, 2])
    expect([itemsOf({ length: 2 }), itemsOf('ab'), itemsOf(null)]).toEqual([[], [], []])
  })

  test('distinguishes texts from other values', () => {
    expect([isString(''), isString(new String('')), isString(1)]).toEqual([true, false, false])
  })
})
