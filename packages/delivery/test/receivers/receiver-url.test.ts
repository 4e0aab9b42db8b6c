import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  maskedReceiver,
  parseReceiverUrl,
  receiverUrlLengthMax,
  receiverUrlProblems,
  requestTargetOf,
  schemeOf,
  type ReceiverUrlProblem,
} from '../../src/receivers/receiver-url.ts'
import { anyText, anyUrl } from '../text/any-text.ts'

function href(text: string): string | null {
  const parsed = parseReceiverUrl(text)
  return parsed.ok ? parsed.url.href : null
}

function problem(text: string): ReceiverUrlProblem | null {
  const parsed = parseReceiverUrl(text)
  return parsed.ok ? null : parsed.problem
}

function ofLength(length: number): string {
  const start = 'https://example.com/'
  return start + 'x'.repeat(length - start.length)
}

describe('a receiver’s URL', () => {
  test.each([
    ["https://example.com/a?b=it's", "/a?b=it's"],
    ["https://example.com/a?b='%27'&c=é'", "/a?b='%27'&c=%C3%A9'"],
    ["https://example.com/it's?''", "/it's?''"],
    ["https://example.com?'#it's", "/?'"],
    ['https://example.com/a?', '/a?'],
    ['https://example.com?', '/?'],
    ['https://example.com/a?#b', '/a?'],
    ['https://example.com/a??', '/a??'],
    ['https://EXAMPLE.com:443/%7e?%7E&{|}', '/%7e?%7E&{|}'],
    ["https://example.com/a#'?'", '/a'],
  ])('%s asks the receiver for %s', (text, target) => {
    const parsed = parseReceiverUrl(text)
    const written = parsed.ok ? parsed.written : ''
    expect(requestTargetOf(written)).toBe(target)
    expect(parseReceiverUrl(written)).toMatchObject({ ok: true, written })
    expect(new URL(written).href).toBe(parsed.ok ? parsed.url.href : '')
  })

  const label = 'x'.repeat(63)
  test.each<[string, ReceiverUrlProblem | null]>([
    ['http://@example.com/', 'has_userinfo'],
    ['http://:@example.com/', 'has_userinfo'],
    ['http://example.com/@', null],
    ['http://example.com?@', null],
    ['http://example.com#@', null],
    [`https://${label}.example/`, null],
    [`https://x${label}.example/`, 'invalid_host'],
    ['https://example..com/', 'invalid_host'],
    ['https://.example.com/', 'invalid_host'],
    ['https://example.com../', 'invalid_host'],
    ['https://example.com./', null],
    ['https://./', 'invalid_host'],
    [`https://${'ü'.repeat(60)}.example/`, 'invalid_host'],
    [`https://${`${label}.`.repeat(3)}${'x'.repeat(61)}/`, null],
    [`https://${`${label}.`.repeat(3)}${'x'.repeat(62)}/`, 'invalid_host'],
    ['https://[2001:db8::1]/', null],
    ['https://under_score.example/', null],
  ])('the problem of %s is %s', (text, expected) => {
    expect(problem(text)).toBe(expected)
  })

  test.each<[string, string]>([
    ['https://example.com/hooks/leads', 'https://example.com/hooks/leads'],
    ['http://example.com', 'http://example.com/'],
    ['HTTPS://EXAMPLE.COM/Hooks', 'https://example.com/Hooks'],
    ['https://example.com:8443/a?b=c&d=%20', 'https://example.com:8443/a?b=c&d=%20'],
    ['https://example.com:443/', 'https://example.com/'],
    ['https://example.com/a#secret', 'https://example.com/a'],
    ['https://example.com/a#', 'https://example.com/a'],
    ['https://example.com/a/../b', 'https://example.com/b'],
    ['https://münchen.example/größe?ä=ö', 'https://xn--mnchen-3ya.example/gr%C3%B6%C3%9Fe?%C3%A4=%C3%B6'],
    ['https://例え.テスト/', 'https://xn--r8jz45g.xn--zckzah/'],
    ['http://127.0.0.1:4000/', 'http://127.0.0.1:4000/'],
    ['http://[::1]/', 'http://[::1]/'],
    ['http://2130706433/', 'http://127.0.0.1/'],
    ['https://hooks.slack.com/services/T0/B0/x', 'https://hooks.slack.com/services/T0/B0/x'],
  ])('%s is parsed as %s', (text, expected) => {
    expect(href(text)).toBe(expected)
  })

  test.each<[string, ReceiverUrlProblem]>([
    ['', 'not_absolute'],
    ['example.com', 'not_absolute'],
    ['/hooks', 'not_absolute'],
    ['//example.com/hooks', 'not_absolute'],
    ['http:example.com', 'not_absolute'],
    ['http:/example.com', 'not_absolute'],
    ['http:///example.com', 'not_absolute'],
    ['http:////example.com', 'not_absolute'],
    ['http:\\\\example.com', 'not_absolute'],
    ['http://\\example.com', 'not_absolute'],
    ['https://', 'not_absolute'],
    ['https://?a', 'not_absolute'],
    ['https://[::1', 'not_absolute'],
    ['https://example.com:99999/', 'not_absolute'],
    ['https://exa<mple.com/', 'not_absolute'],
    ['https://1.2.3.4.5.6.7.8/', 'not_absolute'],
    ['https://999.1.1.1/', 'not_absolute'],
    ['https://\ud800.example/', 'not_absolute'],
    ['ftp://example.com/', 'scheme_not_http'],
    ['javascript:alert(1)', 'scheme_not_http'],
    ['file:///etc/passwd', 'scheme_not_http'],
    ['data:text/plain,x', 'scheme_not_http'],
    ['ws://example.com/', 'scheme_not_http'],
    ['unix:/var/run/docker.sock', 'scheme_not_http'],
    ['gopher://example.com:6379/_x', 'scheme_not_http'],
    ['example.com:443/hooks', 'scheme_not_http'],
    ['https://user@example.com/', 'has_userinfo'],
    ['https://user:secret@example.com/', 'has_userinfo'],
    ['https://:secret@example.com/', 'has_userinfo'],
    ['https://example.com%40evil.example@10.0.0.1/', 'has_userinfo'],
    [' https://example.com/', 'control_characters'],
    ['https://example.com/ ', 'control_characters'],
    ['https://exam\tple.com/', 'control_characters'],
    ['https://example.com/a\nb', 'control_characters'],
    ['https://example.com/a\r\nX: y', 'control_characters'],
    ['java\nscript:alert(1)', 'control_characters'],
    ['https://example.com/a b', 'control_characters'],
    ['https://example.com/\u0000', 'control_characters'],
    ['https://example.com/\u007f', 'control_characters'],
    [ofLength(3_000), 'too_long'],
    [ofLength(2_049), 'too_long'],
    ['x'.repeat(1_000_000), 'too_long'],
  ])('%.60j is refused as %s', (text, expected) => {
    expect(problem(text)).toBe(expected)
  })

  test('may have 2,048 characters', () => {
    expect(receiverUrlLengthMax).toBe(2_048)
    expect(href(ofLength(2_048))).toBe(ofLength(2_048))
  })

  test('has its host before a backslash, as the sender parses it', () => {
    const parsed = parseReceiverUrl('https://example.com\\@evil.example/')
    expect(parsed.ok && parsed.url.hostname).toBe('example.com')
  })

  test('is always http or https, without userinfo and fragment', () => {
    const text = fc.oneof(
      anyUrl(),
      anyText().map((rest) => `https://${rest}`),
      anyText(),
    )
    fc.assert(
      fc.property(text, (input) => {
        const parsed = parseReceiverUrl(input)
        if (!parsed.ok) return
        expect(['http:', 'https:']).toContain(parsed.url.protocol)
        expect([parsed.url.username, parsed.url.password, parsed.url.hash]).toEqual(['', '', ''])
        expect(parsed.url.hostname).not.toBe('')
      }),
    )
  })

  test('does not change when it is parsed again', () => {
    fc.assert(
      fc.property(anyUrl(), (input) => {
        const once = href(input) ?? ''
        fc.pre(once !== '')
        expect(href(once)).toBe(once)
      }),
    )
  })

  test('has a text for each problem', () => {
    for (const text of Object.values(receiverUrlProblems)) expect(text).toMatch(/^(an?|at most) /)
  })
})

describe('a masked receiver URL', () => {
  test.each([
    ['https://hooks.slack.com/services/T0/B0/secret', 'https://hooks.slack.com/…'],
    ['https://example.com/?token=secret', 'https://example.com/…'],
    ['https://example.com', 'https://example.com/…'],
    ['https://example.com:8443/a', 'https://example.com:8443/…'],
    ['http://user:secret@example.com/', 'http://example.com/…'],
    ['http://[::1]:4000/x', 'http://[::1]:4000/…'],
  ])('%s is shown as %s', (text, shown) => {
    const url = new URL(text)
    expect(maskedReceiver(schemeOf(url), url.host)).toBe(shown)
  })
})
