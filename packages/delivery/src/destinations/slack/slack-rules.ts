import type { VerdictRule } from '../verdict-rule.ts'

export type SlackRule = readonly [decision: VerdictRule['decision'], what: string, remedy: string]

const newWebhookRemedy = 'Create a new incoming webhook in Slack and use its URL.'
const reportRemedy = 'Report this: Ghostpost builds messages in another format than Slack expects.'
const retriedRemedy = "The system retries by itself. If this persists, check Slack's status page."
const administratorRemedy = 'Ask an administrator of the Slack workspace to allow it.'
const tokenRemedy = 'Use the URL of an incoming webhook, or give the destination a token that works.'
const joinRemedy = 'Invite the app to the channel, or use an incoming webhook of the channel.'
const methodRemedy = 'Use the URL of an incoming webhook in place of this method of the API.'

const invalidMessage = (what: string): SlackRule => ['give_up', what, reportRemedy]
const webhookGone = (what: string): SlackRule => ['receiver_gone', what, newWebhookRemedy]
const forbidden = (what: string): SlackRule => ['give_up', what, administratorRemedy]
const tokenRefused = (what: string): SlackRule => ['give_up', what, tokenRemedy]
const failed = (what: string): SlackRule => ['retry', what, retriedRemedy]
const rateLimited: SlackRule = [
  'retry',
  'too many messages',
  'The system retries by itself. A saved destination with a rate_limit of 1 in 1 second stays below the limit.',
]

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and Slack's changelog of 2016-05-17. */
const webhookRules: readonly (readonly [string, SlackRule])[] = [
  ['invalid_payload', invalidMessage('it cannot read the body')],
  ['no_text', invalidMessage('it finds no text')],
  ['missing_text_or_fallback_or_attachments', invalidMessage('it finds no text')],
  ['invalid_blocks', invalidMessage('it does not accept the blocks')],
  ['invalid_blocks_format', invalidMessage('it does not accept the format of the blocks')],
  ['too_many_attachments', invalidMessage('there are too many attachments')],
  ['user_not_found', ['give_up', 'the user does not exist', newWebhookRemedy]],
  [
    'action_prohibited',
    ['give_up', 'an administrator forbids it', 'Ask an administrator of the Slack workspace.'],
  ],
  [
    'posting_to_general_channel_denied',
    ['give_up', 'this webhook may not post to #general', 'Choose another channel for the webhook.'],
  ],
  ['no_team', webhookGone('the workspace does not exist')],
  ['no_service_id', webhookGone('the webhook does not exist')],
  ['no_service', webhookGone('the webhook was removed or disabled')],
  ['no_active_hooks', webhookGone('the webhook was disabled')],
  ['invalid_token', webhookGone('the URL is no longer valid')],
  ['team_disabled', webhookGone('the workspace is disabled')],
  ['channel_not_found', webhookGone('the channel no longer exists')],
  ['channel_is_archived', webhookGone('the channel is archived')],
  ['rollup_error', failed('it had an internal error')],
  ['rate_limited', rateLimited],
  ['ratelimited', rateLimited],
]

/** https://docs.slack.dev/reference/methods/chat.postMessage, which some people use in place of an incoming webhook. */
const methodRules: readonly (readonly [string, SlackRule])[] = [
  ['invalid_auth', tokenRefused('it refuses the token')],
  ['not_authed', tokenRefused('the request had no token')],
  ['account_inactive', tokenRefused('the account of the token is deactivated')],
  ['token_revoked', tokenRefused('the token was revoked')],
  ['token_expired', tokenRefused('the token has expired')],
  ['not_allowed_token_type', tokenRefused('it does not accept this kind of token')],
  [
    'missing_scope',
    ['give_up', 'the token lacks a scope', 'Add the scope chat:write to the app and install it again.'],
  ],
  ['no_permission', forbidden('the token lacks a permission')],
  ['access_denied', forbidden('it denies access')],
  ['accesslimited', forbidden('it does not allow requests from this network')],
  ['ekm_access_denied', forbidden('administrators have suspended messages')],
  ['org_login_required', forbidden('the workspace is being moved to an organisation')],
  ['team_added_to_org', failed('the workspace is being moved to an organisation')],
  ['enterprise_is_restricted', forbidden('the organisation does not allow this method')],
  ['team_access_not_granted', forbidden('the app has no access to this workspace')],
  ['two_factor_setup_required', forbidden('the account needs two-factor authentication')],
  ['app_access_restricted', forbidden('the app is restricted')],
  ['send_on_behalf_not_allowed', forbidden('the app may not send on behalf of a user')],
  ['team_not_found', webhookGone('the workspace does not exist')],
  ['not_in_channel', ['give_up', 'the app is not in the channel', joinRemedy]],
  [
    'is_archived',
    ['give_up', 'the channel is archived', 'Use a webhook of another channel, or restore the channel.'],
  ],
  ['restricted_action', forbidden('the settings of the workspace do not allow it')],
  ['restricted_action_read_only_channel', forbidden('the channel is read-only')],
  ['restricted_action_thread_only_channel', forbidden('the channel accepts replies in threads only')],
  ['restricted_action_thread_locked', forbidden('the thread is locked')],
  ['restricted_action_non_threadable_channel', forbidden('the channel has no threads')],
  ['messages_tab_disabled', forbidden('the app takes no direct messages')],
  ['channel_type_not_supported', ['give_up', 'it cannot post to this type of channel', joinRemedy]],
  ['duplicate_channel_not_found', ['give_up', 'the channel does not exist', methodRemedy]],
  ['cannot_reply_to_message', ['give_up', 'this message takes no replies', methodRemedy]],
  ['message_limit_exceeded', rateLimited],
  ['msg_too_long', invalidMessage('the message is too long')],
  ['msg_blocks_too_long', invalidMessage('the blocks are too long')],
  ['attachment_payload_limit_exceeded', invalidMessage('the attachments are too large')],
  ['too_many_contact_cards', invalidMessage('there are too many contact cards')],
  ['markdown_text_conflict', invalidMessage('it has text and Markdown at once')],
  ['metadata_too_large', invalidMessage('the metadata are too large')],
  ['invalid_metadata_format', invalidMessage('it does not accept the metadata')],
  ['invalid_metadata_schema', invalidMessage('it does not accept the metadata')],
  ['metadata_must_be_sent_from_app', invalidMessage('it does not accept the metadata')],
  ['invalid_arguments', ['give_up', 'an argument is missing or not valid', methodRemedy]],
  ['invalid_arg_name', ['give_up', 'it does not accept the name of an argument', methodRemedy]],
  ['invalid_array_arg', ['give_up', 'an argument is a list', methodRemedy]],
  ['invalid_charset', ['give_up', 'it does not accept the character set', methodRemedy]],
  ['invalid_form_data', ['give_up', 'it expects a form', methodRemedy]],
  ['invalid_post_type', ['give_up', 'it does not accept the content type', methodRemedy]],
  ['missing_post_type', ['give_up', 'it misses the content type', methodRemedy]],
  ['unknown_method', ['give_up', 'the method does not exist', methodRemedy]],
  ['method_deprecated', ['give_up', 'the method is no longer supported', methodRemedy]],
  ['deprecated_endpoint', ['give_up', 'the endpoint is no longer supported', methodRemedy]],
  ['as_user_not_supported', ['give_up', 'it cannot post as a user', methodRemedy]],
  ['request_timeout', failed('the body did not arrive in time')],
  ['service_unavailable', failed('it is not available right now')],
  ['internal_error', failed('it had an internal error')],
  ['fatal_error', failed('it had an internal error')],
  ['server_error', failed('it had an internal error')],
]

/** Triggers of Workflow Builder (`/triggers/…`, `/workflows/…`): https://api.slack.com/automation/triggers/webhook */
const triggerRemedy =
  'Use the URL of an incoming webhook: a workflow trigger takes no messages in the format of an export.'
const triggerRules: readonly (readonly [string, SlackRule])[] = [
  ['invalid_workflow_input', ['give_up', 'the workflow does not accept these values', triggerRemedy]],
  ['invalid_webhook_config', ['give_up', 'the workflow does not accept these values', triggerRemedy]],
  ['parameter_validation_failed', ['give_up', 'the workflow does not accept these values', triggerRemedy]],
  ['workflow_not_published', ['give_up', 'the workflow is not published', 'Publish the workflow in Slack.']],
  ['trigger_not_found', webhookGone('the workflow trigger does not exist')],
  ['trigger_disabled', ['give_up', 'the workflow trigger is disabled', 'Enable the workflow in Slack.']],
  ['trigger_exception', failed('the workflow failed')],
]

/** By error word. */
export const slackRules: ReadonlyMap<string, SlackRule> = new Map([
  ...webhookRules,
  ...methodRules,
  ...triggerRules,
])
