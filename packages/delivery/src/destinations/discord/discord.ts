import type { HttpResponse } from '../../deliver/outcome.ts'
import type { Verdict } from '../../deliver/verdict.ts'
import type { VisitorProfile } from '../../visitors/visitor-profile.ts'
import { isString, jsonOf, member } from '../../text/response-json.ts'
import type { BuildOptions, Destination } from '../destination.ts'
import {
  blocked,
  discordRuleCauses,
  discordRules,
  formRule,
  rateLimited,
  ruleWithoutCode,
  type DiscordRule,
} from './discord-rules.ts'
import { discordText, emptyText } from './discord-text.ts'
import { discordTraits } from './discord-traits.ts'
import { isSuccess, isWebPage, judgeByStatus, retryAfterOf } from '../judge-by-status.ts'
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

/**
 * Decides by the code in the body, which is more precise than the status: 404 has codes for a deleted webhook, an
 * unknown thread and an unknown path.
 */
function judgeResponse(response: HttpResponse, now: Date, requestUrl?: URL): Verdict {
  const body = jsonOf(response)
  const isAccepted = isSuccess(response.status)
  if (isAccepted && isWebPage(response.body)) return verdictOf(unreadable)
  if (isAccepted && !isErrorBody(body)) return delivered(member(body, 'id'))
  const retryAfterMs = waitOf(response, body, requestUrl, now)
  const rule = ruleOf(response.status, body)
  if (rule !== null) return verdictOf(verdictRuleOf(rule), retryAfterMs)
  if (response.status !== 429) return isAccepted ? delivered() : judgeByStatus(response, now)
  if (body === undefined) return verdictOf(verdictRuleOf(blocked), Math.max(retryAfterMs ?? 0, blockedWaitMs))
  return verdictOf(verdictRuleOf(rateLimited), retryAfterMs)
}

/** An error has a code and a message; a saved message has an id. */
function isErrorBody(body: unknown): boolean {
  return (
    typeof member(body, 'code') === 'number' &&
    isString(member(body, 'message')) &&
    member(body, 'id') === undefined
  )
}

function ruleOf(status: number, body: unknown): DiscordRule | null {
  const code = member(body, 'code')
  if (code === formErrorCode) return formRule(namesIn(member(body, 'errors')))
  if (typeof code === 'number' && code !== 0) return discordRules.get(code) ?? null
  if (code === 0) return ruleWithoutCode(status)
  return status === 400 && isFormError(body) ? formRule(namesIn(body)) : null
}

const formErrorCode = 50_035

/** API v6 reports form errors without a code: `{"embeds":["0"]}`. */
function isFormError(body: unknown): boolean {
  const values = typeof body === 'object' && body !== null ? Object.values(body) : []
  return values.length > 0 && values.every((value) => Array.isArray(value) && value.every(isString))
}

function namesIn(errors: unknown): string[] {
  return typeof errors === 'object' && errors !== null && !Array.isArray(errors) ? Object.keys(errors) : []
}

/** A webhook's path, with the API's version. Without one it is version 6. */
const webhookPath = /\/api(?:\/v(\d+))?\/webhooks\//
const versionDefault = 6
/** Versions 6 and 7 count in milliseconds. https://github.com/discord/discord-api-docs/issues/2360 */
const versionOfSeconds = 8

/**
 * How long Discord asks to wait, in milliseconds. `X-RateLimit-Reset-After` has seconds in every version. The unit of
 * the others depends on the API's version in the path; a fraction is always one of seconds.
 */
function waitOf(
  response: HttpResponse,
  body: unknown,
  requestUrl: URL | undefined,
  now: Date,
): number | null {
  const resetAfter = Number.parseFloat(response.headers['x-ratelimit-reset-after'] ?? '')
  if (resetAfter >= 0) return resetAfter * second
  const inBody = member(body, 'retry_after')
  const unitMs = body === undefined ? second : unitOf(requestUrl)
  // `retry_after` is more precise than the header, which has whole seconds.
  if (typeof inBody === 'number' && inBody >= 0)
    return Number.isInteger(inBody) ? inBody * unitMs : inBody * second
  const inHeader = retryAfterOf(response, now)
  const isInteger = /^\d+$/.test(response.headers['retry-after']?.trim() ?? '')
  return inHeader !== null && isInteger ? Number(response.headers['retry-after']) * unitMs : inHeader
}

function unitOf(requestUrl: URL | undefined): number {
  const [path, version = versionDefault] = webhookPath.exec(requestUrl?.pathname ?? '') ?? []
  return path !== undefined && Number(version) < versionOfSeconds ? 1 : second
}

function verdictRuleOf([decision, cause, what, remedy]: DiscordRule): VerdictRule {
  return { decision, cause, message: `Discord refused the message: ${what}.`, remedy }
}

const unreadable: VerdictRule = {
  decision: 'give_up',
  cause: 'discord_answer_unreadable',
  message:
    'A web page came in place of a response of Discord, so nobody knows whether the message was posted.',
  remedy:
    "Check whether the message arrived, and copy the URL of the webhook from the channel's settings again.",
  outcomeUnknown: true,
}

/** The causes that only Discord has. */
export const discordCauses: readonly string[] = [...discordRuleCauses, unreadable.cause]
