import { describe, expect, test } from 'vitest'
import { judgeByStatus } from '../../src/destinations/judge-by-status.ts'
import { httpResponse, brief, failureIn, now } from './response-factory.ts'

function judged(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): string {
  return brief(judgeByStatus(httpResponse(status, body, headers), now))
}

describe('a status', () => {
  test.each([200, 201, 202, 203, 204, 205, 206, 207, 226, 299])('of %i means delivered', (status) => {
    expect(judged(status)).toBe('delivered')
  })

  test.each<[number, string]>([
    [300, 'give_up redirect_not_followed'],
    [301, 'give_up redirect_not_followed'],
    [302, 'give_up redirect_not_followed'],
    [303, 'give_up redirect_not_followed'],
    [304, 'give_up redirect_not_followed'],
    [307, 'give_up redirect_not_followed'],
    [308, 'give_up redirect_not_followed'],
    [400, 'give_up bad_request'],
    [401, 'give_up unauthorized'],
    [402, 'give_up request_refused'],
    [403, 'give_up forbidden'],
    [404, 'give_up not_found'],
    [405, 'give_up method_not_allowed'],
    [406, 'give_up request_refused'],
    [408, 'retry receiver_timeout'],
    [409, 'give_up conflict'],
    [410, 'gone receiver_gone'],
    [411, 'give_up request_refused'],
    [413, 'give_up payload_too_large'],
    [414, 'give_up url_too_long'],
    [415, 'give_up unsupported_media_type'],
    [418, 'give_up request_refused'],
    [421, 'give_up request_refused'],
    [422, 'give_up payload_rejected'],
    [423, 'give_up request_refused'],
    [425, 'retry too_early'],
    [429, 'retry rate_limited'],
    [431, 'give_up headers_too_large'],
    [451, 'give_up request_refused'],
    [499, 'give_up request_refused'],
    [500, 'retry receiver_error'],
    [501, 'give_up not_implemented'],
    [502, 'retry receiver_unavailable'],
    [503, 'retry receiver_unavailable'],
    [504, 'retry receiver_unavailable'],
    [505, 'give_up http_version_unsupported'],
    [507, 'retry receiver_error'],
    [520, 'retry receiver_unavailable'],
    [521, 'retry receiver_unavailable'],
    [524, 'retry receiver_unavailable'],
    [529, 'retry receiver_unavailable'],
    [530, 'retry receiver_unavailable'],
    [599, 'retry receiver_error'],
    [101, 'give_up unexpected_status'],
    [199, 'give_up unexpected_status'],
    [0, 'give_up unexpected_status'],
    [-1, 'give_up unexpected_status'],
    [600, 'give_up unexpected_status'],
    [999, 'give_up unexpected_status'],
    [Number.NaN, 'give_up unexpected_status'],
  ])('of %d means %s', (status, expected) => {
    expect(judged(status)).toBe(expected)
  })

  test('disables the destination only if it is 410', () => {
    const gone = Array.from({ length: 600 }, (_, status) => status).filter((status) =>
      judged(status).startsWith('gone'),
    )
    expect(gone).toEqual([410])
  })
})

describe('Retry-After', () => {
  test.each([408, 425, 429, 500, 502, 503, 504, 524])('is honoured for %i', (status) => {
    expect(judged(status, { 'retry-after': '17' })).toMatch(/ after 17000$/)
  })

  test.each<[string, number]>([
    ['0', 0],
    ['1.5', 1_500],
    ['Mon, 23 Nov 2026 12:01:00 GMT', 60_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
    ['999999999', 86_400_000],
  ])('%j is a wait of %d ms', (value, ms) => {
    expect(judged(503, { 'retry-after': value })).toBe(`retry receiver_unavailable after ${ms}`)
  })

  test.each(['', 'soon', '-5', 'a, b', 'Infinity'])('%j requests no wait', (value) => {
    expect(judged(503, { 'retry-after': value })).toBe('retry receiver_unavailable')
  })

  test('does not turn a give-up into a retry', () => {
    expect(judged(400, { 'retry-after': '5' })).toBe('give_up bad_request')
  })
})

describe('the failure of a status', () => {
  test('has the status in its message and a sentence as remedy', () => {
    expect(failureIn(judgeByStatus(httpResponse(413), now))).toEqual({
      cause: 'payload_too_large',
      message: 'The receiver responded with 413: the payload is too large.',
      remedy: 'Raise the limit of the receiver, or leave out journey and events.',
      outcomeUnknown: false,
    })
    expect(failureIn(judgeByStatus(httpResponse(503), now)).remedy).toContain('retries by itself')
  })

  test.each([302, 303])('leaves open after %i whether the receiver processed the request', (status) => {
    const { outcomeUnknown, remedy } = failureIn(judgeByStatus(httpResponse(status), now))
    expect(outcomeUnknown).toBe(true)
    expect(remedy).not.toMatch(/redirects to/)
  })

  test.each([301, 307, 308])('says after %i that the request was not processed', (status) => {
    expect(failureIn(judgeByStatus(httpResponse(status), now)).outcomeUnknown).toBe(false)
  })

  test('quotes nothing of the response, which may contain secrets', () => {
    const secret = 'hunter2-secret'
    const headers = { location: `https://x.example/${secret}`, 'retry-after': secret, 'set-cookie': secret }
    for (let status = 100; status < 600; status += 1) {
      expect(JSON.stringify(judgeByStatus(httpResponse(status, secret, headers), now))).not.toContain(secret)
    }
  })
})
