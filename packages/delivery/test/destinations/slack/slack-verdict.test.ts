import { describe, expect, test } from 'vitest'
import { slackDestination } from '../../../src/destinations/slack/slack.ts'
import { brief, failureIn, verdictOn } from '../response-factory.ts'

function judged(status: number, body: unknown = '', headers: Readonly<Record<string, string>> = {}): string {
  return brief(verdictOn(slackDestination, status, body, headers))
}

describe('a message that Slack posted', () => {
  test.each<[number, unknown]>([
    [200, 'ok'],
    [200, ''],
    [200, '{"ok":true}'],
    [200, 'success'],
    [200, { success: true }],
    [200, { message: 'Accepted' }],
    [204, ''],
  ])('is delivered for %i and %j, without a receipt', (status, body) => {
    expect(judged(status, body)).toBe('delivered')
  })
})

describe('Slack’s error word in the body', () => {
  test.each<[string, number, string]>([
    ['invalid_payload', 400, 'give_up slack_invalid_payload'],
    ['no_text', 400, 'give_up slack_no_text'],
    ['missing_text_or_fallback_or_attachments', 400, 'give_up slack_missing_text_or_fallback_or_attachments'],
    ['invalid_blocks', 400, 'give_up slack_invalid_blocks'],
    ['invalid_blocks_format', 400, 'give_up slack_invalid_blocks_format'],
    ['too_many_attachments', 400, 'give_up slack_too_many_attachments'],
    ['user_not_found', 400, 'give_up slack_user_not_found'],
    ['user_not_found', 404, 'give_up slack_user_not_found'],
    ['no_team', 400, 'gone slack_no_team'],
    ['no_service_id', 400, 'gone slack_no_service_id'],
    ['invalid_token', 403, 'gone slack_invalid_token'],
    ['team_disabled', 403, 'gone slack_team_disabled'],
    ['action_prohibited', 403, 'give_up slack_action_prohibited'],
    ['posting_to_general_channel_denied', 403, 'give_up slack_posting_to_general_channel_denied'],
    ['channel_not_found', 404, 'gone slack_channel_not_found'],
    ['no_service', 404, 'gone slack_no_service'],
    ['no_active_hooks', 404, 'gone slack_no_active_hooks'],
    ['channel_is_archived', 410, 'gone slack_channel_is_archived'],
    ['channel_is_archived', 400, 'gone slack_channel_is_archived'],
    ['rollup_error', 500, 'retry slack_rollup_error'],
    ['rate_limited', 429, 'retry rate_limited'],
    ['ratelimited', 429, 'retry rate_limited'],
    ['rate_limited', 400, 'retry rate_limited'],
  ])('%s with %i means %s', (word, status, expected) => {
    expect(judged(status, word)).toBe(expected)
    expect(judged(status, `${word}\n`)).toBe(expected)
    expect(judged(status, { ok: false, error: word })).toBe(expected)
  })

  test('decides before the status', () => {
    expect(judged(500, 'no_service')).toBe('gone slack_no_service')
    expect(judged(404, 'rollup_error')).toBe('retry slack_rollup_error')
  })
})

describe('a success that says no', () => {
  test.each<[number, unknown, string]>([
    [200, { ok: false, error: 'channel_not_found' }, 'gone slack_channel_not_found'],
    [200, { ok: false, error: 'invalid_auth' }, 'give_up slack_invalid_auth'],
    [200, { ok: false, error: 'ratelimited' }, 'retry rate_limited'],
    [200, { ok: false, error: 'invalid_blocks' }, 'give_up slack_invalid_blocks'],
    [200, { ok: false, error: 'something_new' }, 'give_up slack_refused'],
    [200, { ok: false }, 'give_up slack_refused'],
    [200, 'no_service', 'gone slack_no_service'],
    [202, 'rate_limited', 'retry rate_limited'],
    [200, 'something_new', 'give_up slack_refused'],
    [200, '<!DOCTYPE html><html></html>', 'give_up slack_answer_unreadable'],
  ])('%i %j means %s', (status, body, expected) => {
    expect(judged(status, body)).toBe(expected)
  })

  test('with a web page leaves open whether the message was posted', () => {
    expect(failureIn(verdictOn(slackDestination, 200, '<html>')).outcomeUnknown).toBe(true)
  })
})

describe('a response of a server that accepts Slack’s format', () => {
  const mattermost = (id: string, status_code: number) => ({
    id,
    message: 'm',
    detailed_error: '',
    status_code,
  })

  test.each<[number, unknown, string]>([
    [400, mattermost('web.incoming_webhook.invalid.app_error', 400), 'give_up slack_webhook_unknown'],
    [404, mattermost('web.incoming_webhook.channel.app_error', 404), 'give_up slack_server_channel_unknown'],
    [
      403,
      mattermost('web.incoming_webhook.channel_locked.app_error', 403),
      'give_up slack_server_not_permitted',
    ],
    [501, mattermost('web.incoming_webhook.disabled.app_error', 501), 'give_up slack_webhooks_disabled'],
    [400, mattermost('web.incoming_webhook.text.app_error', 400), 'give_up slack_server_message_invalid'],
    [
      200,
      { success: false, error: 'Invalid integration id or token provided.' },
      'give_up slack_webhook_unknown',
    ],
    [
      404,
      { success: false, error: 'Invalid integration id or token provided.' },
      'give_up slack_webhook_unknown',
    ],
    [400, { success: false, error: '[error-invalid-channel]' }, 'give_up slack_server_channel_unknown'],
    [200, { success: false, error: 'something else' }, 'give_up slack_refused'],
    [200, { success: true }, 'delivered'],
  ])('%i %j means %s', (status, body, expected) => {
    expect(judged(status, body)).toBe(expected)
  })
})

describe('a response of Slack without a known error word', () => {
  test.each<[number, unknown, string]>([
    [400, '', 'give_up bad_request'],
    [400, 'something_new', 'give_up bad_request'],
    [400, 'constructor', 'give_up bad_request'],
    [400, { error: { deep: true } }, 'give_up bad_request'],
    [400, ['no_service'], 'give_up bad_request'],
    [400, 'the no_service word in a sentence', 'give_up bad_request'],
    [403, '<html>', 'give_up forbidden'],
    [404, '<html>', 'give_up not_found'],
    [410, '', 'gone receiver_gone'],
    [302, '', 'give_up redirect_not_followed'],
    [429, '', 'retry rate_limited'],
    [500, '', 'retry receiver_error'],
    [503, '<html>', 'retry receiver_unavailable'],
  ])('%i %j means %s', (status, body, expected) => {
    expect(judged(status, body)).toBe(expected)
  })
})

describe('Slack’s rate limit', () => {
  test.each(['', 'rate_limited', 'ratelimited', '{"ok":false,"error":"ratelimited"}'])(
    'delays the retry by Retry-After, with body %j',
    (body) => {
      expect(judged(429, body, { 'retry-after': '30' })).toBe('retry rate_limited after 30000')
    },
  )

  test('delays the retry of a failed message by Retry-After, too', () => {
    expect(judged(500, 'rollup_error', { 'retry-after': '2' })).toBe('retry slack_rollup_error after 2000')
  })
})

describe('the failure of a refusal by Slack', () => {
  test('asks for a new webhook when the old one was removed', () => {
    expect(failureIn(verdictOn(slackDestination, 404, 'no_service'))).toEqual({
      cause: 'slack_no_service',
      message: 'Slack refused the message: the webhook was removed or disabled.',
      remedy: 'Create a new incoming webhook in Slack and use its URL.',
      outcomeUnknown: false,
    })
  })

  test('says that the system retries a temporary failure', () => {
    expect(failureIn(verdictOn(slackDestination, 500, 'rollup_error')).remedy).toContain('retries by itself')
  })
})
