import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clipEscaped, clipText } from '../../src/text/clip-text.ts'
import { hostileText } from '../destinations/hostile-text.ts'

const family = '👩‍👩‍👧‍👦'
const doubled = (text: string) => text.replace(/x/g, 'xx')

const escapeMarkup = (text: string) => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)

describe('clipping a text', () => {
  test.each<[text: string, max: number, expected: string]>([
    ['', 5, ''],
    ['short', 5, 'short'],
    ['longer', 5, 'longe'],
    ['ab😀', 3, 'ab'],
    ['ab😀', 4, 'ab😀'],
    [`ab${family}`, 12, 'ab'],
    [`ab${family}`, 13, `ab${family}`],
    [`ab${family}c`, 13, `ab${family}`],
    ['ae\u0301', 2, 'a'],
    ['🇦🇹🇩🇪', 4, '🇦🇹'],
    ['🇦🇹🇩🇪', 6, '🇦🇹'],
    ['a\r\nb', 2, 'a'],
    ['한국어', 2, '한국'],
  ])('of %j to %i gives %j', (text, max, expected) => {
    expect(clipText(text, max)).toBe(expected)
  })

  test('replaces lone surrogates', () => {
    expect(clipText('a\ud800b\udc00', 9)).toBe('a\ufffdb\ufffd')
  })

  test('keeps the text beside a pile of combining marks', () => {
    const pile = `a${'\u0301'.repeat(1_000)}b`
    expect(clipText(pile, 100)).toBe(`a${'\u0301'.repeat(99)}`)
  })

  test('cuts a pile of combining marks in astral characters between code points', () => {
    const pile = `a${'\u{1e000}'.repeat(100)}`
    const cut = clipText(pile, 50)
    expect([cut.isWellFormed(), cut.length]).toEqual([true, 49])
  })

  test('fulfils its contract for any text', () => {
    fc.assert(
      fc.property(hostileText(), fc.integer({ min: 0, max: 300 }), (text, max) => {
        const whole = text.toWellFormed()
        const clipped = clipText(text, max)
        expect(clipped.length).toBeLessThanOrEqual(max)
        expect(clipped.isWellFormed()).toBe(true)
        expect(whole.startsWith(clipped)).toBe(true)
        expect(clipped.length).toBeGreaterThanOrEqual(whole.length <= max ? whole.length : max - 32)
      }),
    )
  })

  test('cuts where a reader sees a boundary', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
    const seen = (text: string) => [...segmenter.segment(text)].map(({ segment }) => segment)
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 0, max: 60 }),
        (text, max) => {
          const clipped = seen(clipText(text, max))
          expect(seen(text.toWellFormed()).slice(0, clipped.length)).toEqual(clipped)
        },
      ),
    )
  })
})

describe('clipping an escaped text', () => {
  test.each<[text: string, max: number, expected: string]>([
    ['', 4, ''],
    ['abcd', 4, 'abcd'],
    ['abcde', 4, 'abc…'],
    ['axxb', 6, 'axxxxb'],
    ['axxb', 5, 'axx…'],
    ['axxb', 4, 'axx…'],
    ['xxxx', 4, 'x'.repeat(2) + '…'],
    [`a${family}b`, 12, 'a…'],
    [`a${family}b`, 13, `a${family}b`],
    ['x', 1, '…'],
  ])('of %j to %i gives %j', (text, max, expected) => {
    expect(clipEscaped(text, max, doubled)).toBe(expected)
  })

  test('fulfils its contract for any text', () => {
    fc.assert(
      fc.property(hostileText(), fc.integer({ min: 1, max: 300 }), (text, max) => {
        const whole = escapeMarkup(text.toWellFormed())
        const clipped = clipEscaped(text, max, escapeMarkup)
        expect(clipped.length).toBeLessThanOrEqual(max)
        expect(clipped.isWellFormed()).toBe(true)
        const kept = whole.length <= max ? whole : clipped.slice(0, -1)
        expect(whole.startsWith(kept)).toBe(true)
        expect(clipped).toBe(whole.length <= max ? whole : `${kept}…`)
        expect(clipped.replaceAll(/&#\d\d;/g, '')).not.toContain('&')
      }),
    )
  })
})
