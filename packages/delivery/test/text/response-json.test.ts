import { describe, expect, test } from 'vitest'
import { isString, itemsOf, jsonOf, member } from '../../src/text/response-json.ts'

describe('reading an answer as JSON', () => {
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

  test('finds only members an object has itself', () => {
    expect(member({ a: 1 }, 'a')).toBe(1)
    expect(member({ a: 1 }, 'toString')).toBeUndefined()
    expect(member(jsonOf({ body: '{"a":1}' }), '__proto__')).toBeUndefined()
    expect(member(jsonOf({ body: '{"__proto__":2}' }), '__proto__')).toBe(2)
  })

  test('takes items from arrays only', () => {
    expect(itemsOf([1, 2])).toEqual([1, 2])
    expect([itemsOf({ length: 2 }), itemsOf('ab'), itemsOf(null)]).toEqual([[], [], []])
  })

  test('tells texts from the rest', () => {
    expect([isString(''), isString(new String('')), isString(1)]).toEqual([true, false, false])
  })
})
