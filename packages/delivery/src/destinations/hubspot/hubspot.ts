import type { HttpResponse } from '../../deliver/outcome.ts'
import type { Verdict } from '../../deliver/verdict.ts'
import { emailOf, type VisitorProfile } from '../../visitors/visitor-profile.ts'
import { itemsOf, jsonOf, member } from '../../text/response-json.ts'
import type { Destination } from '../destination.ts'
import { categoryOf, documentedNames, ownResultOf } from './hubspot-response.ts'
import { dailyLimit, locked, migrating, rateLimited, ruleOf, writeRefused } from './hubspot-rules.ts'
import { hubspotTraits } from './hubspot-traits.ts'
import { isSuccess, judgeByStatus, retryAfterOf } from '../judge-by-status.ts'
import { textValue, timeValue } from '../../text/profile-json.ts'
import { delivered, verdictOf, type VerdictRule } from '../verdict-rule.ts'
import { lineOf } from '../../text/clip-text.ts'

const second = 1_000
const hour = 3_600 * second

/** 429 with policyName TEN_SECONDLY_ROLLING: HubSpot's own client waits for one window. */
const rollingWindowMs = 10 * second
/** 429 with policyName DAILY: the limit resets at midnight in the account's time zone, which we do not know. */
const dailyLimitWaitMs = hour
/** 423: "wait at least 2 seconds". https://developers.hubspot.com/docs/api-reference/error-handling */
const lockedWaitMs = 2 * second
/** A record is locked for the time of one write, so a longer wait has another unit than seconds. */
const lockedWaitMaxMs = 10 * second

/**
 * A workflow's webhook trigger, or HubSpot's CRM API. Every body has every key, because a workflow can map only the
 * keys of its first event. Unknown values are empty texts, because all values are strings.
 */
export const hubspotDestination: Destination = {
  traits: hubspotTraits,
  buildBody,
  prepareRequest: (url) => ({ url, headers: {} }),
  judgeResponse: (response, now) => judgeHubspot(response, now),
}

function buildBody(profile: VisitorProfile) {
  return {
    properties: {
      ghost_visitor_id: textValue(profile.ghostVid),
      email: emailOf(profile) ?? '',
      city: lineOf(profile.city) ?? '',
      country: lineOf(profile.country) ?? '',
      hs_analytics_source: 'GHOST',
      ghost_score: String(profile.score),
      ghost_sessions: String(profile.totalSessions),
      ghost_pageviews: String(profile.totalPageviews),
      ghost_first_seen: timeValue(profile.firstSeen) ?? '',
      ghost_last_seen: timeValue(profile.lastSeen) ?? '',
    },
  }
}

/**
 * The verdict on a response.
 * @param names the properties that a message may name
 */
export function judgeHubspot(
  response: HttpResponse,
  now: Date,
  names: ReadonlySet<string> = documentedNames,
): Verdict {
  const body = jsonOf(response)
  if (isSuccess(response.status)) return judgeSuccess(body, names)
  const wait = waitRule(response, body, now)
  if (wait !== null) return verdictOf(wait.rule, wait.retryAfterMs)
  if (response.status >= 500) return judgeByStatus(response, now)
  const rule = ruleOf(categoryOf(body) ?? categoryByStatus.get(response.status), body, names)
  return rule === null ? judgeByStatus(response, now) : verdictOf(rule)
}

/**
 * A batch responds with 207, or 2xx and `status: "COMPLETE"`, even when HubSpot refused every record: see its errors.
 */
function judgeSuccess(body: unknown, names: ReadonlySet<string>): Verdict {
  const { result, errors } = ownResultOf(body)
  const numErrors = member(body, 'numErrors')
  const reportsErrors =
    itemsOf(member(body, 'errors')).length > 0 || (typeof numErrors === 'number' && numErrors > 0)
  const isRefused =
    errors.length > 0 || (reportsErrors && result === undefined) || member(body, 'status') === 'error'
  if (!isRefused) return delivered(member(body, 'id') ?? member(result, 'id'))
  const error = categoryOf(body) === undefined && errors.length > 0 ? errors[0] : body
  const category = categoryOf(error)
  if (category === 'RATE_LIMITS') return verdictOf(rateLimited, rollingWindowMs)
  return verdictOf(ruleOf(category, error, names) ?? writeRefused)
}

/** Responses that ask for a later retry. Sources: the error handling page (above) and the official client's retries. */
function waitRule(
  response: HttpResponse,
  body: unknown,
  now: Date,
): { rule: VerdictRule; retryAfterMs: number | null } | null {
  if (response.status === 423) {
    const askedMs = withinWindow(retryAfterOf(response, now) ?? 0, lockedWaitMaxMs)
    return { rule: locked, retryAfterMs: Math.max(askedMs, lockedWaitMs) }
  }
  if (response.status === 477) return { rule: migrating, retryAfterMs: retryAfterOf(response, now) }
  if (response.status !== 429) return null
  if (member(body, 'policyName') === 'DAILY') {
    return { rule: dailyLimit, retryAfterMs: Math.max(retryAfterOf(response, now) ?? 0, dailyLimitWaitMs) }
  }
  const windowMs = windowOf(response, body)
  return { rule: rateLimited, retryAfterMs: withinWindow(retryAfterOf(response, now) ?? windowMs, windowMs) }
}

/**
 * A limit never asks for more than its window. Parts of HubSpot send Retry-After in milliseconds: a value that cannot
 * be one of seconds is read so.
 */
function withinWindow(askedMs: number, windowMs: number): number {
  if (askedMs <= windowMs) return askedMs
  return Math.min(Math.ceil(askedMs / second), windowMs)
}

/** The window of the limit that was reached, in milliseconds. */
function windowOf({ headers }: HttpResponse, body: unknown): number {
  if (member(body, 'policyName') === 'SECONDLY') return second
  const intervalMs = Number(headers['x-hubspot-ratelimit-interval-milliseconds'])
  return intervalMs > 0 && intervalMs <= rollingWindowMs ? intervalMs : rollingWindowMs
}

/** The category of a status, for a response whose body has none or is cut off. */
const categoryByStatus: ReadonlyMap<number, string> = new Map([
  [401, 'INVALID_AUTHENTICATION'],
  [409, 'CONFLICT'],
])
