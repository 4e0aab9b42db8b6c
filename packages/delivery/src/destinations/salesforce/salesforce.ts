import type { HttpResponse } from '../../deliver/outcome.ts'
import type { Verdict } from '../../deliver/verdict.ts'
import { isString, itemsOf, jsonOf, member } from '../../text/response-json.ts'
import type { Destination } from '../destination.ts'
import { isSuccess, judgeByStatus, retryAfterOf } from '../judge-by-status.ts'
import { delivered, verdictOf, type VerdictRule } from '../verdict-rule.ts'
import { documentedLead, isLeadEndpoint, requiredFields } from './salesforce-lead.ts'
import { salesforceTraits } from './salesforce-traits.ts'

/** Salesforce counts requests over the last 24 hours, so an early retry would fail again. */
const requestLimitWaitMs = 30 * 60_000
/** The other limit of the same name counts concurrent requests. */
const concurrentLimitWaitMs = 60_000

/** Salesforce's REST API for Leads, or an endpoint of the customer that takes the same fields. */
export const salesforceDestination: Destination = {
  traits: salesforceTraits,
  buildBody: (profile, { receiverUrl }) => ({
    ...documentedLead(profile),
    // Salesforce refuses a body with an unknown field, and only Leads are known to have these two.
    ...(isLeadEndpoint(receiverUrl) ? requiredFields(profile) : {}),
  }),
  prepareRequest: (url) => ({ url, headers: {} }),
  judgeResponse,
}

function judgeResponse(response: HttpResponse, now: Date): Verdict {
  if (isSuccess(response.status)) return delivered(member(jsonOf(response), 'id'))
  if (response.status === 300) return verdictOf(multipleMatches)
  for (const { code, message, fields } of errorsIn(jsonOf(response))) {
    if (code === 'REQUEST_LIMIT_EXCEEDED') return limitVerdict(message, retryAfterOf(response, now))
    const rule = salesforceRules.get(code)
    if (rule === undefined) continue
    return verdictOf(
      verdictRuleOf(typeof rule === 'function' ? rule(fields, message) : rule),
      retryAfterOf(response, now),
    )
  }
  return judgeByStatus(response, now)
}

const multipleMatches: VerdictRule = {
  decision: 'give_up',
  cause: 'salesforce_several_match',
  message: 'Several Leads have this visitor id, and Salesforce changed none of them.',
  remedy: 'Make Ghost_Visitor_ID__c unique in Salesforce.',
}

export interface SalesforceError {
  code: string
  message: string
  /** Field names; texts of any other shape are left out. */
  fields: readonly string[]
}

/** At most 40 characters, and a suffix like __c. */
const fieldName = /^[A-Za-z][A-Za-z0-9_]{0,42}$/
const fieldsShownMax = 10

/** An error response is an array of errors, except that some 4xx and 5xx are HTML. */
export function errorsIn(body: unknown): readonly SalesforceError[] {
  return itemsOf(Array.isArray(body) ? body : [body]).map((error) => {
    const code = member(error, 'errorCode')
    const message = member(error, 'message')
    const fields = itemsOf(member(error, 'fields'))
      .filter(isString)
      .filter((name) => fieldName.test(name))
    return {
      code: isString(code) ? code : '',
      message: isString(message) ? message : '',
      fields: fields.slice(0, fieldsShownMax),
    }
  })
}

const requestLimitCause = 'salesforce_request_limit'

function limitVerdict(errorMessage: string, requestedMs: number | null): Verdict {
  const isConcurrent = /concurrent/i.test(errorMessage)
  const message = isConcurrent
    ? 'Too many requests to Salesforce run at the same moment.'
    : "The Salesforce organisation's limit of requests in 24 hours is used up."
  const remedy = isConcurrent
    ? 'It is tried again by itself; if it stays, set a concurrency on the destination.'
    : "Raise the organisation's API limit, or lower what else uses it."
  const waitMs = isConcurrent ? concurrentLimitWaitMs : requestLimitWaitMs
  const verdictRule: VerdictRule = { decision: 'retry', cause: requestLimitCause, message, remedy }
  return verdictOf(verdictRule, Math.max(requestedMs ?? 0, waitMs))
}

type SalesforceRule = readonly [
  decision: VerdictRule['decision'],
  cause: string,
  message: string,
  remedy: string,
]

function verdictRuleOf([decision, cause, message, remedy]: SalesforceRule): VerdictRule {
  return { decision, cause: `salesforce_${cause}`, message, remedy }
}

type DescribeError = (fields: readonly string[], message: string) => SalesforceRule

/**
 * By errorCode, and not by status: UNABLE_TO_LOCK_ROW comes with 400 and passes by itself.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
 */
export const salesforceRules: ReadonlyMap<string, SalesforceRule | DescribeError> = new Map<
  string,
  SalesforceRule | DescribeError
>([
  [
    'UNABLE_TO_LOCK_ROW',
    [
      'retry',
      'row_locked',
      'Another change holds this Lead in Salesforce.',
      'It is tried again by itself; if it stays, look for flows, triggers or jobs that hold Leads for long.',
    ],
  ],
  [
    'SERVER_UNAVAILABLE',
    [
      'retry',
      'unavailable',
      'Salesforce is not available right now.',
      "It is tried again by itself; if it stays, look at Salesforce's status page.",
    ],
  ],
  [
    'INVALID_SESSION_ID',
    [
      'give_up',
      'session_invalid',
      'Salesforce wants a session for this URL, and none is sent.',
      'Use a saved destination with credentials, or the URL of an Apex REST class on a public Salesforce site.',
    ],
  ],
  ['REQUIRED_FIELD_MISSING', requiredFieldMissing],
  ['INVALID_FIELD', invalidField],
  [
    'DUPLICATE_VALUE',
    [
      'give_up',
      'duplicate',
      'Salesforce already has a Lead with this visitor id.',
      'Nothing to do, unless the Lead is to be updated: then use a saved destination with credentials.',
    ],
  ],
  [
    'DUPLICATES_DETECTED',
    [
      'give_up',
      'duplicate_rule',
      'A duplicate rule in Salesforce refuses this Lead.',
      'Change the duplicate rule to allow it, or merge the Leads it found.',
    ],
  ],
  ['FIELD_CUSTOM_VALIDATION_EXCEPTION', validationRule],
  ['FIELD_INTEGRITY_EXCEPTION', fieldIntegrity],
  ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', restrictedPicklist],
  ['STRING_TOO_LONG', textTooLong],
  [
    'INVALID_EMAIL_ADDRESS',
    [
      'give_up',
      'email_invalid',
      "Salesforce refuses the visitor's e-mail address.",
      'Correct what identifies this visitor.',
    ],
  ],
  [
    'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    [
      'give_up',
      'trigger_failed',
      'A trigger or flow in Salesforce failed on this Lead.',
      "Look for the error in the organisation's triggers and flows on Lead.",
    ],
  ],
  [
    'JSON_PARSER_ERROR',
    [
      'give_up',
      'body_refused',
      'Salesforce cannot read a value of this body.',
      'Make Ghost_Score__c, Ghost_Sessions__c and Ghost_Pageviews__c numbers in Salesforce.',
    ],
  ],
  ['MALFORMED_ID', ['give_up', 'id_malformed', 'Salesforce finds a malformed id.', 'Check the webhook URL.']],
  [
    'INSUFFICIENT_ACCESS_OR_READONLY',
    [
      'give_up',
      'access_denied',
      'Salesforce does not let this user write Leads.',
      'Give the user the permission to create Leads.',
    ],
  ],
  [
    'API_DISABLED_FOR_ORG',
    [
      'give_up',
      'api_disabled',
      'The Salesforce organisation has no API access.',
      'Use an edition of Salesforce with API access.',
    ],
  ],
  [
    'STORAGE_LIMIT_EXCEEDED',
    ['give_up', 'storage_full', "The Salesforce organisation's storage is full.", 'Free or buy storage.'],
  ],
])

function requiredFieldMissing(fields: readonly string[]): SalesforceRule {
  const message = `Salesforce requires ${joinFields(fields, 'a field')} on a Lead.`
  const remedy = 'Make the field optional in Salesforce, or give it a default value.'
  return ['give_up', 'field_required', message, remedy]
}

const externalIdInBody = /should not be specified in the sobject data/

function invalidField(_: readonly string[], message: string): SalesforceRule {
  if (externalIdInBody.test(message)) {
    const text = 'This Salesforce URL updates by external id, which does not go with the body that is sent.'
    return [
      'give_up',
      'upsert_url',
      text,
      'Use a URL that ends in /sobjects/Lead, or a saved destination with credentials.',
    ]
  }
  const missing = /No such column '([A-Za-z][A-Za-z0-9_]{0,42})'/.exec(message)?.[1]
  return [
    'give_up',
    'field_missing',
    `Salesforce does not know ${missing === undefined ? 'a field of this body' : `the Lead field ${missing}`}.`,
    `Create ${missing === undefined ? 'the fields its answer names' : `the Lead field ${missing}`} in Salesforce.`,
  ]
}

function validationRule(fields: readonly string[]): SalesforceRule {
  const message = `A validation rule in Salesforce refuses ${joinFields(fields, 'this Lead')}.`
  return [
    'give_up',
    'validation_rule',
    message,
    'Change the validation rule so that it allows Leads from Ghost ID.',
  ]
}

function fieldIntegrity(fields: readonly string[]): SalesforceRule {
  const message = `Salesforce refuses the value of ${joinFields(fields, 'a field')}, often a country its picklist lacks.`
  const remedy = 'Add the country to the State and Country picklist, or switch the picklist off.'
  return ['give_up', 'field_integrity', message, remedy]
}

function restrictedPicklist(fields: readonly string[]): SalesforceRule {
  const message = `Salesforce takes only listed values for ${joinFields(fields, 'a picklist')}.`
  return [
    'give_up',
    'picklist_restricted',
    message,
    'Add "GHOST Visitor Intelligence" to the picklist LeadSource.',
  ]
}

function textTooLong(fields: readonly string[]): SalesforceRule {
  const message = `Salesforce has too little room in ${joinFields(fields, 'a field')}.`
  return [
    'give_up',
    'text_too_long',
    message,
    'Make the field longer; Ghost_Visitor_ID__c needs 131 characters.',
  ]
}

function joinFields(fields: readonly string[], fallback: string): string {
  return fields.length === 0 ? fallback : fields.join(', ')
}

/** The causes that only Salesforce has. A rule of `INVALID_FIELD` has one more cause for one message. */
export const salesforceCauses: readonly string[] = [
  multipleMatches.cause,
  requestLimitCause,
  ...[...salesforceRules.values(), invalidField([], 'should not be specified in the sobject data')].map(
    (rule) => verdictRuleOf(typeof rule === 'function' ? rule([], '') : rule).cause,
  ),
]
