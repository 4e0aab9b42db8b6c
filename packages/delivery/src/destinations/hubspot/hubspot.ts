import type { HttpResponse } from '../../deliver/outcome.ts'
import type { Verdict } from '../../deliver/verdict.ts'
import { emailOf, type VisitorProfile } from '../../visitors/visitor-profile.ts'
import { itemsOf, jsonOf, member } from '../../text/response-json.ts'
import type { Destination } from '../destination.ts'
import { categoryOf, propertyErrorsIn, ownResultOf, type PropertyError } from './hubspot-response.ts'
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
/** Parts of HubSpot send Retry-After in milliseconds. Only the daily limit asks for more than an hour of seconds. */
const retryAfterSecondsMax = hour / second

/**
 * A workflow's webhook trigger, or HubSpot's CRM API. Every body has every key, because a workflow can map only the
 * keys of its first event. Unknown values are empty texts, because all values are strings.
 */
export const hubspotDestination: Destination = {
  traits: hubspotTraits,
  buildBody,
  prepareRequest: (url) => ({ url, headers: {} }),
  judgeResponse,
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

function judgeResponse(response: HttpResponse, now: Date): Verdict {
  const body = jsonOf(response)
  if (isSuccess(response.status)) return judgeSuccess(body)
  const wait = waitRule(response, body, now)
  if (wait !== null) return verdictOf(wait.rule, wait.retryAfterMs)
  if (response.status >= 500) return judgeByStatus(response, now)
  const rule = ruleOf(categoryOf(body) ?? categoryByStatus.get(response.status), propertyErrorsIn(body))
  return rule === null ? judgeByStatus(response, now) : verdictOf(rule)
}

/**
 * A batch responds with 207, or 2xx and `status: "COMPLETE"`, even when HubSpot refused every record: see its errors.
 */
function judgeSuccess(body: unknown): Verdict {
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
  return verdictOf(ruleOf(category, propertyErrorsIn(error)) ?? writeRefused)
}

const rateLimited: VerdictRule = {
  decision: 'retry',
  cause: 'rate_limited',
  message: 'HubSpot accepts no more requests at present.',
  remedy:
    'The system retries by itself. If this persists, set a rate_limit, or reduce the other uses of the account.',
}

const writeRefused: VerdictRule = {
  decision: 'give_up',
  cause: 'hubspot_write_refused',
  message: 'HubSpot responded with success, but the response says that it did not save the contact.',
  remedy: 'Read the response: it gives the reason.',
}

const locked: VerdictRule = {
  decision: 'retry',
  cause: 'hubspot_locked',
  message: 'HubSpot has locked this record for a moment.',
  remedy: 'The system retries by itself. If this persists, check which workflow locks the contact.',
}

const migrating: VerdictRule = {
  decision: 'retry',
  cause: 'hubspot_migrating',
  message: 'HubSpot is moving this account to another data centre.',
  remedy: 'The system retries by itself.',
}

const dailyLimit: VerdictRule = {
  decision: 'retry',
  cause: 'hubspot_daily_limit',
  message: "The HubSpot account's daily limit of requests is used up.",
  remedy: "Raise the account's API limit, or reduce its other uses.",
}

/** Responses that ask for a later retry. Sources: the error handling page (above) and the official client's retries. */
function waitRule(
  response: HttpResponse,
  body: unknown,
  now: Date,
): { rule: VerdictRule; retryAfterMs: number | null } | null {
  if (response.status === 423) {
    return { rule: locked, retryAfterMs: Math.max(retryAfterMsOf(response, now) ?? 0, lockedWaitMs) }
  }
  if (response.status === 477) return { rule: migrating, retryAfterMs: retryAfterOf(response, now) }
  if (response.status !== 429) return null
  if (member(body, 'policyName') === 'DAILY') {
    return { rule: dailyLimit, retryAfterMs: Math.max(retryAfterOf(response, now) ?? 0, dailyLimitWaitMs) }
  }
  return { rule: rateLimited, retryAfterMs: retryAfterMsOf(response, now) ?? rollingWindowMs }
}

function retryAfterMsOf(response: HttpResponse, now: Date): number | null {
  const text = response.headers['retry-after']?.trim() ?? ''
  if (/^\d+$/.test(text) && Number(text) > retryAfterSecondsMax) return Number(text)
  return retryAfterOf(response, now)
}

/** The category of a status, for a response whose body has none or is cut off. */
const categoryByStatus: ReadonlyMap<number, string> = new Map([
  [401, 'INVALID_AUTHENTICATION'],
  [409, 'CONFLICT'],
])

function ruleOf(category: string | undefined, propertyErrors: readonly PropertyError[]): VerdictRule | null {
  if (category === 'VALIDATION_ERROR') return validationRule(propertyErrors)
  return category === undefined ? null : (hubspotCategoryRules.get(category) ?? null)
}

const noToken: VerdictRule = {
  decision: 'give_up',
  cause: 'hubspot_unauthorized',
  message: 'HubSpot requires a token for this URL, and the request had none.',
  remedy: "Use the URL of a workflow's webhook trigger, or a saved destination with credentials.",
}

const contactExists: VerdictRule = {
  decision: 'give_up',
  cause: 'hubspot_contact_exists',
  message: 'HubSpot already has a contact with this e-mail address or visitor id.',
  remedy: "Use a workflow's webhook trigger, or a saved destination with credentials: both update contacts.",
}

export const hubspotCategoryRules: ReadonlyMap<string, VerdictRule> = new Map([
  ['INVALID_AUTHENTICATION', noToken],
  ['EXPIRED_AUTHENTICATION', noToken],
  ['CONFLICT', contactExists],
  ['OBJECT_ALREADY_EXISTS', contactExists],
  // Comes inside a 207 or 2xx. A 5xx is judged by its status.
  [
    'INTERNAL_ERROR',
    {
      decision: 'retry',
      cause: 'hubspot_internal_error',
      message: 'HubSpot had an internal error while it saved the contact.',
      remedy: "The system retries by itself. If this persists, check HubSpot's status page.",
    },
  ],
  [
    'MISSING_SCOPES',
    {
      decision: 'give_up',
      cause: 'hubspot_scope_missing',
      message: 'The HubSpot app may not write contacts.',
      remedy: 'Grant the app the scope crm.objects.contacts.write.',
    },
  ],
])

/** HubSpot lists all errors at once. The verdict names the one to correct first. */
function validationRule(propertyErrors: readonly PropertyError[]): VerdictRule {
  for (const [code, describe] of hubspotCodeRules) {
    const matching = propertyErrors.filter((propertyError) => propertyError.code === code)
    if (matching.length === 0) continue
    const [cause, message, remedy] = describe([
      ...new Set(matching.flatMap((propertyError) => propertyError.properties)),
    ])
    return { decision: 'give_up', cause, message, remedy }
  }
  return invalidValues
}

const invalidValues: VerdictRule = {
  decision: 'give_up',
  cause: 'hubspot_validation',
  message: 'HubSpot does not accept the values of this contact.',
  remedy: 'Read the response: it says what the receiver expects.',
}

type DescribeError = (names: readonly string[]) => readonly [cause: string, message: string, remedy: string]

export const hubspotCodeRules: ReadonlyMap<string, DescribeError> = new Map<string, DescribeError>([
  ['PROPERTY_DOESNT_EXIST', missingProperty],
  ['INVALID_OPTION', invalidOption],
  ['INVALID_EMAIL', invalidEmail],
  ['READ_ONLY_VALUE', readOnlyValue],
  ['INVALID_LONG', wrongType],
  ['INVALID_INTEGER', wrongType],
  ['INVALID_NUMBER', wrongType],
  ['INVALID_DATE', wrongType],
])

/** The causes that only HubSpot has. */
export const hubspotCauses: readonly string[] = [
  ...new Set([
    ...[writeRefused, locked, migrating, dailyLimit, invalidValues, ...hubspotCategoryRules.values()].map(
      ({ cause }) => cause,
    ),
    ...[...hubspotCodeRules.values()].map((describe) => describe([])[0]),
  ]),
]

function missingProperty(names: readonly string[]) {
  const what =
    names.length === 0 ? 'properties that the response names' : `${propertyWord(names)} ${names.join(', ')}`
  const message = `HubSpot does not know ${joinNames(names)} on contacts.`
  return ['hubspot_property_missing', message, `Create the contact ${what} in HubSpot.`] as const
}

function invalidOption(names: readonly string[]) {
  const remedy = names.includes('hs_analytics_source')
    ? "Use the URL of a workflow's webhook trigger. The CRM API accepts only HubSpot's own traffic sources."
    : 'Make it a text property in HubSpot, or add the option that the response names.'
  return ['hubspot_option_invalid', `HubSpot has no such option for ${joinNames(names)}.`, remedy] as const
}

function invalidEmail() {
  const message = "HubSpot refuses the visitor's e-mail address."
  return ['hubspot_email_invalid', message, 'Correct what identifies this visitor.'] as const
}

function readOnlyValue(names: readonly string[]) {
  const remedy = "Use the URL of a workflow's webhook trigger, where you choose the values to store."
  return [
    'hubspot_property_read_only',
    `HubSpot allows nobody to write ${joinNames(names)}.`,
    remedy,
  ] as const
}

function wrongType(names: readonly string[]) {
  const message = `HubSpot refuses the value of ${joinNames(names)}, because the property has another type.`
  const remedy =
    'Make ghost_score, ghost_sessions and ghost_pageviews numbers, ghost_first_seen and ghost_last_seen datetimes.'
  return ['hubspot_property_type', message, remedy] as const
}

function joinNames(names: readonly string[]): string {
  return names.length === 0 ? 'a property' : names.join(', ')
}

function propertyWord(names: readonly string[]): string {
  return names.length === 1 ? 'property' : 'properties'
}
