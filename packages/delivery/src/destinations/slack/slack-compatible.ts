import type { SlackRule } from './slack-rules.ts'

/** The cause without its prefix, and the rule. */
type CompatibleRule = readonly [cause: string, SlackRule]

const serverRemedy = "Ask an administrator of the chat server, and check the server's log."
const newWebhookRemedy = "Create a new incoming webhook in the chat server's settings and use its URL."
const retriedRemedy = "The system retries by itself. If this persists, check the chat server's log."

const noWebhook: CompatibleRule = [
  'webhook_unknown',
  ['give_up', 'the chat server does not know this webhook', newWebhookRemedy],
]
const noChannel: CompatibleRule = [
  'server_channel_unknown',
  ['give_up', "the webhook's channel does not exist", 'Choose an existing channel for the webhook.'],
]
const notPermitted: CompatibleRule = [
  'server_not_permitted',
  [
    'give_up',
    'the webhook may not post to this channel',
    'Let the owner of the webhook post to the channel.',
  ],
]
const noText: CompatibleRule = [
  'server_message_invalid',
  [
    'give_up',
    'the chat server cannot read the message',
    'Check that the server accepts messages in the format of Slack.',
  ],
]
const disabled: CompatibleRule = [
  'webhooks_disabled',
  ['give_up', 'incoming webhooks are switched off on the chat server', serverRemedy],
]
const failed: CompatibleRule = [
  'server_failed',
  ['retry', 'the chat server had an internal error', retriedRemedy],
]

/**
 * Mattermost's error ids: https://github.com/mattermost/mattermost/blob/master/server/channels/app/webhook.go
 * Rocket.Chat's errors: https://github.com/RocketChat/Rocket.Chat, apps/meteor/app/integrations/server/api/api.ts
 */
const rules: ReadonlyMap<string, CompatibleRule> = new Map([
  ['web.incoming_webhook.disabled.app_error', disabled],
  ['api.incoming_webhook.disabled.app_error', disabled],
  ['web.incoming_webhook.invalid.app_error', noWebhook],
  ['store.sql_webhooks.get_incoming.app_error', noWebhook],
  ['app.webhooks.get_incoming.app_error', noWebhook],
  ['web.incoming_webhook.general.app_error', noWebhook],
  ['web.incoming_webhook.parse.app_error', noText],
  ['web.incoming_webhook.text.app_error', noText],
  ['web.incoming_webhook.text.length.app_error', noText],
  ['web.incoming_webhook.split_props_length.app_error', noText],
  ['api.webhook.incoming.error', noText],
  ['web.incoming_webhook.channel.app_error', noChannel],
  ['app.channel.get.existing.app_error', noChannel],
  ['web.incoming_webhook.channel_locked.app_error', notPermitted],
  ['web.incoming_webhook.permissions.app_error', notPermitted],
  ['web.incoming_webhook.user.app_error', notPermitted],
  ['api.post.create_post.town_square_read_only', notPermitted],
  ['api.post.create_post.can_not_post_to_deleted.error', noChannel],
  ['api.context.permissions.app_error', notPermitted],
  ['app.channel.get.find.app_error', failed],
  ['app.post.save.app_error', failed],
  ['api.context.404.app_error', noWebhook],
  ['error-invalid-channel', noChannel],
  ['error-invalid-room', noChannel],
  ['invalid-channel', noChannel],
  ['error-not-allowed', notPermitted],
  ['error-invalid-user', notPermitted],
  ['error-no-permission', notPermitted],
  ['error-action-not-allowed', notPermitted],
  ['unauthorized', notPermitted],
  ['error-message-size-exceeded', noText],
  [
    'error-too-many-requests',
    ['server_busy', ['retry', 'the chat server accepts no more messages now', retriedRemedy]],
  ],
])

const sentenceLengthMax = 300

const texts: readonly (readonly [RegExp, CompatibleRule])[] = [
  [/invalid integration id or token/i, noWebhook],
  [/invalid webhook/i, noWebhook],
  [/channel.*(not found|invalid)|invalid.channel/i, noChannel],
  [
    /too many requests/i,
    ['server_busy', ['retry', 'the chat server accepts no more messages now', retriedRemedy]],
  ],
  [/not.allowed|not authorized|unauthorized|permission/i, notPermitted],
]

/**
 * The rule for an error of a server that accepts Slack's format; null when it is unknown.
 * @param error the code, or the sentence that stands in place of one
 */
export function compatibleRule(error: string): CompatibleRule | null {
  const byCode = rules.get(error)
  if (byCode) return byCode
  const isSentence = error.length <= sentenceLengthMax && !error.startsWith('<')
  return isSentence ? (texts.find(([shape]) => shape.test(error))?.[1] ?? null) : null
}

/** The causes of the rules, without their prefix. */
export const compatibleCauses: readonly string[] = [
  ...new Set([...rules.values(), ...texts.map(([, rule]) => rule)].map(([cause]) => cause)),
]
