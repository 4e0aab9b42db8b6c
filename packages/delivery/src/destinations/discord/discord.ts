import type { HttpResponse } from '../../deliver/outcome.ts'
import type { Verdict } from '../../deliver/verdict.ts'
import type { VisitorProfile } from '../../visitors/visitor-profile.ts'
import { jsonOf, member } from '../../text/response-json.ts'
import type { BuildOptions, Destination } from '../destination.ts'
import { discordText, emptyText } from './discord-text.ts'
import { discordTraits } from './discord-traits.ts'
import { isSuccess, judgeByStatus, retryAfterOf } from '../judge-by-status.ts'
import { locationText } from '../../text/clip-text.ts'
import { identityOf, recentEventsOf } from '../../text/profile-json.ts'
import { delivered, verdictOf, type VerdictRule } from '../verdict-rule.ts'

const second = 1_000

/**
 * Discord accepts 1,024 characters in the value of a field and 6,000 in all texts of the embeds together. These lengths
 * keep any visitor below both. https://discord.com/developers/docs/resources/message#embed-object-embed-limits
 */
const partLengthMax = 255
const eventsShownMax = 5
const eventTypeLengthMax = 40
const eventPageLengthMax = 120

/** Discord's limits ask for seconds. A value of more than an hour comes from API v6, which counts milliseconds. */
const retryAfterSecondsMax = 3_600
/** Cloudflare, in front of Discord, sends a 429 without JSON after too many refused requests from this address. */
const blockedWaitMs = 600 * second

/**
 * Webhooks of Discord. Discord ignores the contract's keys and refuses a body without content in its own format, so an
 * embed carries the message. Webhooks do not recognise a repeat: people see it twice.
 */
export const discordDestination: Destination = {
  traits: discordTraits,
  buildBody,
  prepareRequest,
  judgeResponse,
}

function buildBody(profile: VisitorProfile, { includeEvents }: BuildOptions): object {
  return {
    ...identityOf(profile),
    engagement: {
      total_sessions: profile.totalSessions,
      total_pageviews: profile.totalPageviews,
      total_time_seconds: profile.totalTimeSeconds,
    },
    ...(includeEvents ? { recent_events: recentEventsOf(profile) } : {}),
    embeds: [{ title: 'New Lead from GHOST', fields: embedFields(profile, includeEvents) }],
    allowed_mentions: { parse: [] },
  }
}

function embedFields(profile: VisitorProfile, includeEvents: boolean) {
  return [
    inline('Visitor ID', discordText(profile.ghostVid, partLengthMax)),
    inline('Score', `${profile.score}/100`),
    inline('Identified as', discordText(profile.identifiedUserId, partLengthMax)),
    inline(
      'Location',
      locationText(profile, (part) => discordText(part, partLengthMax)),
    ),
    inline('Sessions', String(profile.totalSessions)),
    inline('Pageviews', String(profile.totalPageviews)),
    inline('Time on site', `${profile.totalTimeSeconds} s`),
    ...(includeEvents ? [{ name: 'Recent events', value: eventsText(profile) }] : []),
  ]
}

function inline(name: string, value: string) {
  return { name, value, inline: true }
}

function eventsText(profile: VisitorProfile): string {
  const lines = profile.recentEvents.slice(0, eventsShownMax).map((event) => {
    const type = discordText(event.type, eventTypeLengthMax)
    return event.page === null ? type : `${type} ${discordText(event.page, eventPageLengthMax)}`
  })
  return lines.length === 0 ? emptyText : lines.join('\n')
}

/** Paths at which a webhook expects the format of Slack or GitHub instead of Discord's. */
const compatibilityPath = /^(\/api(?:\/v\d+)?\/webhooks\/[^/]+\/[^/]+)\/(?:slack|github)\/?$/

/**
 * With `wait=true` Discord responds after it has saved the message, with the message's id. Without it, Discord does not
 * report a message that it could not save. https://discord.com/developers/docs/resources/webhook#execute-webhook
 */
function prepareRequest(receiver: URL, userAgent = '') {
  const url = new URL(receiver)
  url.pathname = url.pathname.replace(compatibilityPath, '$1')
  url.searchParams.set('wait', 'true')
  return { url, headers: userAgentHeader(userAgent) }
}

/**
 * Discord may block a client whose User-Agent does not start with `DiscordBot ($url, $versionNumber)`.
 * https://discord.com/developers/docs/reference#user-agent
 */
function userAgentHeader(userAgent: string): Record<string, string> {
  const [, version, home] = /\/(\S+) \(\+(\S+)\)$/.exec(userAgent) ?? []
  return home === undefined ? {} : { 'user-agent': `DiscordBot (${home}, ${version}) ${userAgent}` }
}

function judgeResponse(response: HttpResponse, now: Date): Verdict {
  const body = jsonOf(response)
  if (isSuccess(response.status)) return delivered(member(body, 'id'))
  const code = member(body, 'code')
  const rule = typeof code === 'number' ? discordRules.get(code) : undefined
  const retryAfterMs = retryAfterInBody(body) ?? retryAfterOf(response, now)
  if (rule !== undefined) return verdictOf(verdictRuleOf(rule), retryAfterMs)
  if (response.status === 404) return verdictOf(verdictRuleOf(unknownWebhook))
  if (response.status !== 429) return judgeByStatus(response, now)
  if (body === undefined) return verdictOf(verdictRuleOf(blocked), Math.max(retryAfterMs ?? 0, blockedWaitMs))
  return verdictOf(verdictRuleOf(rateLimited), retryAfterMs)
}

/** `retry_after` is more precise than the header, which has whole seconds. */
function retryAfterInBody(body: unknown): number | null {
  const value = member(body, 'retry_after')
  if (typeof value !== 'number' || !(value >= 0)) return null
  return value > retryAfterSecondsMax ? value : value * second
}

type DiscordRule = readonly [decision: VerdictRule['decision'], cause: string, what: string, remedy: string]

function verdictRuleOf([decision, cause, what, remedy]: DiscordRule): VerdictRule {
  return { decision, cause, message: `Discord refused the message: ${what}.`, remedy }
}

const reportRemedy = 'Report this: Ghostpost builds messages in another format than Discord expects.'
const newWebhookRemedy = "Create a new webhook in the channel's settings and use its URL."

const rateLimited: DiscordRule = [
  'retry',
  'rate_limited',
  'too many messages',
  'The system retries by itself. A saved destination with a rate_limit of 5 in 2 seconds stays below the limit.',
]
const overloaded: DiscordRule = [
  'retry',
  'discord_overloaded',
  'it is overloaded',
  "The system retries by itself. If this persists, check Discord's status page.",
]
const blocked: DiscordRule = [
  'retry',
  'discord_blocked',
  'it blocks this address for a while',
  'Remove webhooks that fail. The system retries by itself.',
]
const unknownWebhook: DiscordRule = [
  'receiver_gone',
  'discord_webhook_unknown',
  'the webhook was deleted',
  newWebhookRemedy,
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

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes */
export const discordRules: ReadonlyMap<number, DiscordRule> = new Map<number, DiscordRule>([
  [10_015, unknownWebhook],
  [50_027, ['receiver_gone', 'discord_token_invalid', 'the token in the URL is not valid', newWebhookRemedy]],
  [50_006, ['give_up', 'discord_message_empty', 'it finds no content', reportRemedy]],
  [50_035, ['give_up', 'discord_form_invalid', 'it does not accept the format', reportRemedy]],
  [50_109, ['give_up', 'discord_json_invalid', 'it cannot read the body', reportRemedy]],
  [40_005, ['give_up', 'payload_too_large', 'it is too large', 'Leave out the events.']],
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
  [20_028, rateLimited],
  [20_029, rateLimited],
  [130_000, overloaded],
])

/** The causes that only Discord has. */
export const discordCauses: readonly string[] = [
  ...new Set([...discordRules.values(), blocked].map(([, cause]) => cause)),
].filter((cause) => cause.startsWith('discord_'))
