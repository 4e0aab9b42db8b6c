import type { HttpResponse } from '../../deliver/outcome.ts'
import type { Verdict } from '../../deliver/verdict.ts'
import { jsonOf, member } from '../../text/response-json.ts'
import type { Destination } from '../destination.ts'
import { isSuccess, judgeByStatus, retryAfterOf } from '../judge-by-status.ts'
import { delivered, verdictOf, type VerdictRule } from '../verdict-rule.ts'
import { errorsIn } from './salesforce-errors.ts'
import { missingResource, verdictRuleOf } from './missing-resource.ts'
import { salesforceRuleCauses, salesforceRules } from './salesforce-rules.ts'
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
  const body = jsonOf(response)
  if (isSuccess(response.status)) {
    if (/exception/i.test(response.headers['is-processed'] ?? '')) return verdictOf(formNotProcessed)
    if (member(body, 'success') !== false) return delivered(member(body, 'id'))
  }
  if (response.status === 300) return verdictOf(multipleMatches)
  return (
    judgeErrors(response, now) ??
    (isSuccess(response.status) ? verdictOf(writeRefused) : judgeByStatus(response, now))
  )
}

/** The verdict on the first error with a row; null when there is none. */
function judgeErrors(response: HttpResponse, now: Date): Verdict | null {
  for (const { code, message, fields } of errorsIn(jsonOf(response))) {
    if (code === 'REQUEST_LIMIT_EXCEEDED') return limitVerdict(message, retryAfterOf(response, now))
    const rule = salesforceRules.get(code)
    if (rule === undefined) continue
    return verdictOf(
      verdictRuleOf(typeof rule === 'function' ? rule(fields, message) : rule),
      retryAfterOf(response, now),
    )
  }
  return response.status === 404 ? missingResource(errorsIn(jsonOf(response))) : null
}

const writeRefused: VerdictRule = {
  decision: 'give_up',
  cause: 'salesforce_write_refused',
  message: 'Salesforce responded with success, but the response says that it did not save the record.',
  remedy: 'Read the response: it gives the reason.',
}

/** Web-to-Lead reports a failure in a header of a 200. */
const formNotProcessed: VerdictRule = {
  decision: 'give_up',
  cause: 'salesforce_form_not_processed',
  message: 'Salesforce took the form but did not process it (Is-Processed: Exception).',
  remedy:
    'Web-to-Lead takes a form and no JSON: use a saved destination with credentials, or an Apex REST class.',
}

const multipleMatches: VerdictRule = {
  decision: 'give_up',
  cause: 'salesforce_several_match',
  message: 'Several Leads have this visitor id, and Salesforce changed none of them.',
  remedy: 'Make Ghost_Visitor_ID__c unique in Salesforce.',
}

const requestLimitCause = 'salesforce_request_limit'

function limitVerdict(errorMessage: string, requestedMs: number | null): Verdict {
  const isConcurrent = /concurrent/i.test(errorMessage)
  const message = isConcurrent
    ? 'Too many requests to Salesforce run at the same time.'
    : "The Salesforce organisation's limit of requests in 24 hours is used up."
  const remedy = isConcurrent
    ? 'The system retries by itself. If this persists, set a concurrency on the destination.'
    : "Raise the organisation's API limit, or lower what else uses it."
  const waitMs = isConcurrent ? concurrentLimitWaitMs : requestLimitWaitMs
  const verdictRule: VerdictRule = { decision: 'retry', cause: requestLimitCause, message, remedy }
  return verdictOf(verdictRule, Math.max(requestedMs ?? 0, waitMs))
}

/** The causes that only Salesforce has. */
export const salesforceCauses: readonly string[] = [
  ...new Set([
    multipleMatches.cause,
    requestLimitCause,
    writeRefused.cause,
    formNotProcessed.cause,
    ...salesforceRuleCauses,
  ]),
]
