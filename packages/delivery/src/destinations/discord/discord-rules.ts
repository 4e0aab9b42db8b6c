import type { VerdictRule } from '../verdict-rule.ts'

export type DiscordRule = readonly [
  decision: VerdictRule['decision'],
  cause: string,
  what: string,
  remedy: string,
]

const reportRemedy = 'Report this: Ghostpost builds messages in another format than Discord expects.'
const newWebhookRemedy = "Create a new webhook in the channel's settings and use its URL."
const retriedRemedy = "The system retries by itself. If this persists, check Discord's status page."

export const rateLimited: DiscordRule = [
  'retry',
  'rate_limited',
  'too many messages',
  'The system retries by itself. A saved destination with a rate_limit of 5 in 2 seconds stays below the limit.',
]
const overloaded: DiscordRule = ['retry', 'discord_overloaded', 'it is overloaded', retriedRemedy]
export const blocked: DiscordRule = [
  'retry',
  'discord_blocked',
  'it blocks this address for a while',
  'Remove webhooks that fail. The system retries by itself.',
]
const autoModerated: DiscordRule = [
  'give_up',
  'discord_moderated',
  "the server's AutoMod blocks it",
  'Make AutoMod allow this webhook.',
]
const threadSettings: DiscordRule = [
  'give_up',
  'discord_thread_settings',
  'the thread parameters of the URL do not fit the channel',
  'Remove thread_id and thread_name from the URL, or use the webhook of a forum channel.',
]
const channelUnknown: DiscordRule = [
  'give_up',
  'discord_channel_unknown',
  'the channel or thread does not exist',
  'Correct or remove thread_id in the URL. If the URL has none, create a webhook in another channel.',
]
const threadArchived: DiscordRule = [
  'give_up',
  'discord_thread_archived',
  'the thread is archived',
  'Open the thread in Discord again, or use another thread_id in the URL.',
]
const threadLocked: DiscordRule = [
  'give_up',
  'discord_thread_locked',
  'the thread is locked',
  'Unlock the thread in Discord, or use another thread_id in the URL.',
]
const threadsMax: DiscordRule = [
  'give_up',
  'discord_threads_full',
  'the channel has the most active threads it can have',
  'Archive threads of the channel, or use thread_id in place of thread_name in the URL.',
]
const notPermitted: DiscordRule = [
  'give_up',
  'discord_not_permitted',
  'the settings of the Discord server do not allow it',
  'Ask an administrator of the Discord server to allow webhooks in this channel.',
]
const channelType: DiscordRule = [
  'give_up',
  'discord_channel_type',
  'this type of channel takes no messages of a webhook',
  'Create the webhook in a text or forum channel and use its URL.',
]
const formInvalid: DiscordRule = [
  'give_up',
  'discord_form_invalid',
  'it does not accept the format',
  reportRemedy,
]
const urlInvalid: DiscordRule = [
  'give_up',
  'discord_url_invalid',
  'it does not accept a part of the URL',
  'Copy the URL of the webhook from the channel’s settings again, and correct its thread_id.',
]
/** 404 with the code 0: Discord has nothing at this path. It says nothing about the webhook. */
const pathUnknown: DiscordRule = [
  'give_up',
  'discord_path_unknown',
  'there is nothing at this path',
  "Copy the URL of the webhook from the channel's settings again: it ends in /webhooks/, an id and a token.",
]
/** 401 with the code 0. */
const unauthorized: DiscordRule = [
  'give_up',
  'discord_unauthorized',
  'this URL needs a sign-in',
  "Use the URL of a webhook from the channel's settings, and not that of Discord's API for bots.",
]

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes */
export const discordRules: ReadonlyMap<number, DiscordRule> = new Map<number, DiscordRule>([
  [10_015, ['receiver_gone', 'discord_webhook_unknown', 'the webhook was deleted', newWebhookRemedy]],
  // Discord may know the webhook, and a token can be a mistake of typing, so the destination stays enabled.
  [50_027, ['give_up', 'discord_token_invalid', 'the token in the URL is not valid', newWebhookRemedy]],
  [10_003, channelUnknown],
  [10_004, ['give_up', 'discord_server_unknown', 'the Discord server does not exist', newWebhookRemedy]],
  [10_008, ['give_up', 'discord_url_invalid', 'the message in the URL does not exist', urlInvalid[3]]],
  [50_083, threadArchived],
  [160_005, threadLocked],
  [160_006, threadsMax],
  [160_007, threadsMax],
  [160_004, threadSettings],
  [
    40_067,
    [
      'give_up',
      'discord_tag_required',
      'the forum requires a tag',
      'Allow posts without a tag in the forum’s settings, or use another channel.',
    ],
  ],
  [50_001, notPermitted],
  [50_013, notPermitted],
  [40_001, unauthorized],
  [
    40_002,
    [
      'give_up',
      'discord_not_verified',
      'the account must be verified',
      'Verify the account that owns the webhook in Discord.',
    ],
  ],
  [40_004, ['retry', 'discord_sending_disabled', 'sending is switched off for a while', retriedRemedy]],
  [
    40_006,
    ['retry', 'discord_feature_disabled', 'Discord has switched the feature off for a while', retriedRemedy],
  ],
  [50_008, channelType],
  [50_024, channelType],
  [50_068, channelType],
  [50_055, ['give_up', 'discord_server_unknown', 'the Discord server is not valid', newWebhookRemedy]],
  [50_006, ['give_up', 'discord_message_empty', 'it finds no content', reportRemedy]],
  [50_035, formInvalid],
  [50_109, ['give_up', 'discord_json_invalid', 'it cannot read the body', reportRemedy]],
  [40_005, ['give_up', 'payload_too_large', 'it is too large', 'Leave out the events.']],
  [50_045, ['give_up', 'payload_too_large', 'it is too large', 'Leave out the events.']],
  [
    40_333,
    [
      'give_up',
      'discord_user_agent_refused',
      'its proxy refuses the User-Agent',
      'Report this: no setting changes the User-Agent.',
    ],
  ],
  [
    220_001,
    [
      'give_up',
      'discord_thread_required',
      'the channel is a forum',
      'Add thread_id=… to the URL, or use another channel.',
    ],
  ],
  [220_002, threadSettings],
  [220_003, threadSettings],
  [220_004, threadSettings],
  [200_000, autoModerated],
  [200_001, autoModerated],
  [
    240_000,
    ['give_up', 'discord_link_harmful', 'it considers a link in it harmful', 'Leave out the events.'],
  ],
  [40_062, rateLimited],
  [20_016, rateLimited],
  [20_022, rateLimited],
  [20_028, rateLimited],
  [20_029, rateLimited],
  [130_000, overloaded],
])

/** The parts of a URL that a form error can name. */
const urlParts: ReadonlySet<string> = new Set([
  'thread_id',
  'thread_name',
  'applied_tags',
  'webhook_id',
  'webhook_token',
  'wait',
  'with_components',
])

/**
 * The rule for a form error by the names of the refused parts.
 * @param names keys of the form; of the URL or of the message
 */
export function formRule(names: readonly string[]): DiscordRule {
  return names.length > 0 && names.every((name) => urlParts.has(name)) ? urlInvalid : formInvalid
}

/** The rule for the code 0, which Discord sends where no other code fits. */
export function ruleWithoutCode(status: number): DiscordRule | null {
  if (status === 404) return pathUnknown
  if (status === 401) return unauthorized
  return status === 403 ? notPermitted : null
}

/** The causes that only Discord has. */
export const discordRuleCauses: readonly string[] = [
  ...new Set(
    [...discordRules.values(), blocked, urlInvalid, pathUnknown, unauthorized].map(([, cause]) => cause),
  ),
].filter((cause) => cause.startsWith('discord_'))
