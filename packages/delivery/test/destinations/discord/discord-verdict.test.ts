import { describe, expect, test } from 'vitest'
import { discordDestination } from '../../../src/destinations/discord/discord.ts'
import { brief, failureIn, httpResponse, now, verdictOn } from '../response-factory.ts'

function judged(status: number, body: unknown = '', headers: Readonly<Record<string, string>> = {}): string {
  return brief(verdictOn(discordDestination, status, body, headers))
}

function errorBody(code: number, more: object = {}) {
  return { message: 'Something is wrong.', code, ...more }
}

describe('Discord saved the message', () => {
  test.each<[string, number, unknown, string]>([
    ['and returns its id', 200, { id: '1310000000000000001', type: 0 }, 'delivered 1310000000000000001'],
    ['and returns no body', 204, '', 'delivered'],
    ['with an id that is a number', 200, '{"id":1310000000000000001}', 'delivered'],
    ['with an incomplete response', 200, '{"id":"13100', 'delivered'],
    ['and its proxy responds in plain text', 200, 'ok', 'delivered'],
    [
      'and the message has a code',
      200,
      errorBody(10_015, { id: '1310000000000000001' }),
      'delivered 1310000000000000001',
    ],
  ])('%s', (_, status, body, expected) => {
    expect(judged(status, body)).toBe(expected)
  })
})

describe('Discord’s code in the body', () => {
  test.each<[number, number, string]>([
    [10_015, 404, 'gone discord_webhook_unknown'],
    [50_027, 401, 'give_up discord_token_invalid'],
    [10_003, 404, 'give_up discord_channel_unknown'],
    [10_003, 400, 'give_up discord_channel_unknown'],
    [50_083, 400, 'give_up discord_thread_archived'],
    [160_005, 400, 'give_up discord_thread_locked'],
    [50_006, 400, 'give_up discord_message_empty'],
    [50_035, 400, 'give_up discord_form_invalid'],
    [50_109, 400, 'give_up discord_json_invalid'],
    [40_005, 413, 'give_up payload_too_large'],
    [40_333, 403, 'give_up discord_user_agent_refused'],
    [220_001, 400, 'give_up discord_thread_required'],
    [220_002, 400, 'give_up discord_thread_settings'],
    [220_003, 400, 'give_up discord_thread_settings'],
    [220_004, 400, 'give_up discord_thread_settings'],
    [200_000, 400, 'give_up discord_moderated'],
    [200_001, 400, 'give_up discord_moderated'],
    [240_000, 400, 'give_up discord_link_harmful'],
    [40_062, 429, 'retry rate_limited'],
    [40_062, 400, 'retry rate_limited'],
    [20_028, 429, 'retry rate_limited'],
    [20_029, 429, 'retry rate_limited'],
    [130_000, 503, 'retry discord_overloaded'],
  ])('%i with %i means %s', (code, status, expected) => {
    expect(judged(status, errorBody(code))).toBe(expected)
  })

  test('is the same with the error tree of any API version', () => {
    expect(judged(400, errorBody(50_035, { errors: { embeds: { 0: { _errors: [] } } } }))).toBe(
      'give_up discord_form_invalid',
    )
    expect(judged(400, { embeds: ['0'] })).toBe('give_up discord_form_invalid')
  })
})

describe('a success that is none', () => {
  test.each<[unknown, string]>([
    [errorBody(10_015), 'gone discord_webhook_unknown'],
    ['<!doctype html><html></html>', 'give_up discord_answer_unreadable'],
  ])('%j means %s', (body, expected) => {
    expect(judged(200, body)).toBe(expected)
  })
})

describe('a response of Discord without a known code', () => {
  test.each<[number, unknown, string]>([
    [400, errorBody(0), 'give_up bad_request'],
    [400, { code: '10015' }, 'give_up bad_request'],
    [400, { code: 'constructor' }, 'give_up bad_request'],
    [401, errorBody(0), 'give_up discord_unauthorized'],
    [404, errorBody(0), 'give_up discord_path_unknown'],
    [400, { thread_id: ['Value "x" is not snowflake.'] }, 'give_up discord_url_invalid'],
    [400, errorBody(50_035, { errors: { thread_id: {} } }), 'give_up discord_url_invalid'],
    [403, errorBody(50_013), 'give_up discord_not_permitted'],
    [403, '<html>', 'give_up forbidden'],
    [404, '', 'give_up not_found'],
    [404, '<html>', 'give_up not_found'],
    [405, errorBody(0), 'give_up method_not_allowed'],
    [301, '', 'give_up redirect_not_followed'],
    [500, errorBody(0), 'retry receiver_error'],
    [502, '<html>', 'retry receiver_unavailable'],
    [503, '', 'retry receiver_unavailable'],
    [521, '<html>', 'retry receiver_unavailable'],
  ])('%i %j means %s', (status, body, expected) => {
    expect(judged(status, body)).toBe(expected)
  })
})

const limited = (retry_after: unknown) => ({
  message: 'You are being rate limited.',
  retry_after,
  global: false,
})

describe('Discord’s rate limit', () => {
  test.each<[string, unknown, Record<string, string>, string]>([
    ['is in seconds with a fraction', limited(0.529), {}, 'retry rate_limited after 529'],
    ['is rounded up', limited(1.0001), {}, 'retry rate_limited after 1001'],
    [
      'is taken from the body before the header',
      limited(1.5),
      { 'retry-after': '2' },
      'retry rate_limited after 1500',
    ],
    [
      'is taken from the header without one',
      { message: 'x' },
      { 'retry-after': '2' },
      'retry rate_limited after 2000',
    ],
    ['is that of the schedule without either', { message: 'x' }, {}, 'retry rate_limited'],
    ['may be zero', limited(0), {}, 'retry rate_limited after 0'],
    ['may be an hour', limited(3_600), {}, 'retry rate_limited after 3600000'],
    ['is never longer than a day', limited(1e300), {}, 'retry rate_limited after 86400000'],
    [
      'is not taken from a negative number',
      limited(-1),
      { 'retry-after': '3' },
      'retry rate_limited after 3000',
    ],
    ['is not taken from a text', limited('7'), { 'retry-after': '3' }, 'retry rate_limited after 3000'],
    ['is not taken from null', limited(null), {}, 'retry rate_limited'],
    ['is the same with a code', { ...limited(2), code: 20_028 }, {}, 'retry rate_limited after 2000'],
  ])('%s', (_, body, headers, expected) => {
    expect(judged(429, body, headers)).toBe(expected)
  })

  const at = (path: string, body: unknown, headers: Record<string, string> = {}): string => {
    const url = new URL(path, 'https://discord.com')
    return brief(discordDestination.judgeResponse(httpResponse(429, body, headers), now, url))
  }

  test.each<[string, string, unknown, Record<string, string>, number]>([
    ['milliseconds without a version', '/api/webhooks/1/t', limited(1_234), {}, 1_234],
    [
      'milliseconds without a version, in the header',
      '/api/webhooks/1/t',
      {},
      { 'retry-after': '1234' },
      1_234,
    ],
    ['milliseconds in version 6', '/api/v6/webhooks/1/t', limited(900), {}, 900],
    ['milliseconds in version 7', '/api/v7/webhooks/1/t', limited(3_600), {}, 3_600],
    ['seconds in version 8', '/api/v8/webhooks/1/t', limited(2), {}, 2_000],
    ['seconds in version 10', '/api/v10/webhooks/1/t', limited(2), { 'retry-after': '2' }, 2_000],
    ['seconds for a fraction', '/api/webhooks/1/t', limited(0.3), {}, 300],
    [
      'seconds in X-RateLimit-Reset-After',
      '/api/webhooks/1/t',
      limited(1_234),
      { 'x-ratelimit-reset-after': '1.234', 'retry-after': '1234' },
      1_234,
    ],
    [
      'seconds in X-RateLimit-Reset-After of any version',
      '/api/v10/webhooks/1/t',
      limited(9),
      { 'x-ratelimit-reset-after': '0.5' },
      500,
    ],
  ])('is in %s', (_, path, body, headers, ms) => {
    expect(at(path, body, headers)).toBe(`retry rate_limited after ${ms}`)
  })

  test('means that Cloudflare blocks this address if the body is not JSON', () => {
    const page = '<!doctype html><title>Access denied</title>error code: 1015'
    expect(judged(429, page)).toBe('retry discord_blocked after 600000')
    expect(judged(429, '')).toBe('retry discord_blocked after 600000')
    expect(judged(429, page, { 'retry-after': '60' })).toBe('retry discord_blocked after 600000')
    expect(judged(429, page, { 'retry-after': '7200' })).toBe('retry discord_blocked after 7200000')
  })

  test('is followed while Discord is overloaded', () => {
    expect(judged(503, errorBody(130_000, { retry_after: 4.5 }))).toBe('retry discord_overloaded after 4500')
  })
})

describe('the failure of a refusal by Discord', () => {
  test('asks for a new webhook when the old one is deleted', () => {
    expect(failureIn(verdictOn(discordDestination, 404, errorBody(10_015)))).toEqual({
      cause: 'discord_webhook_unknown',
      message: 'Discord refused the message: the webhook was deleted.',
      remedy: "Create a new webhook in the channel's settings and use its URL.",
      outcomeUnknown: false,
    })
  })

  test('asks for no header that a destination may not set', () => {
    const { remedy } = failureIn(verdictOn(discordDestination, 403, errorBody(40_333)))
    expect(remedy).toMatch(/^Report this/)
  })

  test('says how to post to a forum', () => {
    expect(failureIn(verdictOn(discordDestination, 400, errorBody(220_001))).remedy).toContain('thread_id')
  })
})
