import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emailOf, journeyMax, recentEventsMax, statusOf } from '../../src/visitors/visitor-profile.ts'
import { hostileText } from '../destinations/hostile-text.ts'

function email(identifiedUserId: string | null): string | null {
  return emailOf({ identifiedUserId })
}

describe('a visitor’s e-mail address', () => {
  test.each([
    'jane@example.com',
    'Jane.Doe+ghost@Example.co.uk',
    "o'brien_1-2@sub.example.museum",
    'j@x.io',
    '1@2.at',
    'ü@münchen.de',
    'jane@xn--mnchen-3ya.de',
    'jane@example.xn--p1ai',
    'इ@उदाहरण.भारत',
    'a/b=c!d#e$f%g@example.com',
    `${'l'.repeat(64)}@example.com`,
    `a@${'b'.repeat(63)}.com`,
  ])('is the user id %s', (id) => {
    expect(email(id)).toBe(id)
  })

  test.each([
    '',
    'crm-4711',
    '4711',
    '@',
    'jane',
    'jane@',
    '@example.com',
    'jane@example',
    'jane@localhost',
    'jane@example.c',
    'jane@example.123',
    'jane@127.0.0.1',
    'jane@[127.0.0.1]',
    'jane@example..com',
    'jane@.example.com',
    'jane@example.com.',
    'jane@-example.com',
    'jane@example-.com',
    'jane@exam_ple.com',
    '.jane@example.com',
    'jane.@example.com',
    'ja..ne@example.com',
    'jane doe@example.com',
    'jane@@example.com',
    'a@b@example.com',
    'Jane <jane@example.com>',
    'jane@example.com,joe@example.com',
    'jane@example.com;joe@example.com',
    '"jane doe"@example.com',
    'jane@example.com?subject=x',
    'jane@example.com/x',
    'ja\u0000ne@example.com',
    'ja\u200bne@example.com',
    'ja\u202ene@example.com',
    'ja\ud800ne@example.com',
    'jane@exa\u00admple.com',
    `${'l'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    `a@${'b.'.repeat(200)}com`,
  ])('is not the user id %j', (id) => {
    expect(email(id)).toBeNull()
  })

  test.each([
    ' jane@example.com',
    'jane@example.com ',
    '\njane@example.com\r\n',
    'jane@example.com\u00a0',
    '\u200bjane@example.com\ufeff',
    'mailto:jane@example.com',
    'MAILTO: jane@example.com',
    ' mailto:jane@example.com?subject=Hi',
    'mailto:jane%40example.com',
  ])('is found in the user id %j', (id) => {
    expect(email(id)).toBe('jane@example.com')
  })

  test('has at most 254 characters', () => {
    const label = 'b'.repeat(61)
    const longest = `${'a'.repeat(64)}@${label}.${label}.${label}.com`
    expect(longest.length).toBe(254)
    expect(email(longest)).toBe(longest)
    expect(email(longest.replace('.com', '.info'))).toBeNull()
  })

  test('is null for an anonymous visitor', () => {
    expect(email(null)).toBeNull()
  })

  test('is the well-formed user id or null, for any user id', () => {
    const id = fc.oneof(
      fc.emailAddress(),
      hostileText(),
      hostileText().map((text) => `${text.slice(0, 9)}@example.com`),
    )
    fc.assert(
      fc.property(id, (text) => {
        const found = email(text)
        if (found === null) return
        expect(text).toContain(found)
        expect(found.isWellFormed()).toBe(true)
        expect(found).not.toMatch(/[\s\p{Cc}\p{Cf}<>,;]/u)
      }),
    )
  })

  test('is checked in linear time', () => {
    for (const id of [
      'a'.repeat(100_000),
      `${'a.'.repeat(126)}@`,
      `a@${'a-'.repeat(125)}`,
      `a@${'1.'.repeat(126)}`,
    ]) {
      expect(email(id)).toBeNull()
    }
  })
})

describe('a visitor’s status', () => {
  test('is anonymous without a user id and identified with any', () => {
    expect(statusOf({ identifiedUserId: null })).toBe('anonymous')
    expect(statusOf({ identifiedUserId: 'crm-4711' })).toBe('identified')
  })
})

test('a profile has at most ten sessions and twenty events', () => {
  expect([journeyMax, recentEventsMax]).toEqual([10, 20])
})
