import type { OAuthCredentials } from '../credentials.ts'
import type { HttpResponse } from '../../deliver/outcome.ts'
import type { RecordReference, Verdict } from '../../deliver/verdict.ts'
import {
  adjustVerdict,
  delivered,
  unreadableResponse,
  verdictOf,
  type Adjustments,
  type VerdictRule,
} from '../verdict-rule.ts'
import { isString, jsonOf, member } from '../../text/response-json.ts'
import type { Destination, PreparedRequest } from '../destination.ts'
import type { DestinationOptions } from '../destination-options.ts'
import { isSuccess } from '../judge-by-status.ts'
import { leadAccess } from './lead-access.ts'
import { openLeadExchange } from './lead-exchange.ts'
import { hasCapitals } from './lead-id.ts'
import { externalId, leadOf, leadUrl, readUrl, recordIdIn } from './lead-request.ts'
import { leadMappingProblems } from './mapped-lead.ts'
import { documentedLead, personFields } from './salesforce-lead.ts'
import { errorsIn } from './salesforce-errors.ts'
import { externalIdRule } from './missing-resource.ts'
import { salesforcePause } from './salesforce-pause.ts'
import { salesforceSetupProblems, salesforceSetupUrl } from './salesforce-setup.ts'
import { salesforceDestination } from './salesforce.ts'

/**
 * Salesforce's REST API with an access token. It creates or updates one Lead by its external id.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_upsert_patch.htm
 */
export function salesforceUpsert(
  credentials: OAuthCredentials,
  options: DestinationOptions = {},
): Destination {
  const { firstFields, nextVariant } = openLeadExchange(options)
  /** Salesforce wants the external id in the path and not in the body. */
  const prepareRequest = (url: URL, _userAgent?: string, payload = ''): PreparedRequest => {
    const { visitorId, fields } = leadOf(payload)
    const lead = leadUrl(url, visitorId)
    return hasCapitals(visitorId)
      ? { method: 'GET', url: readUrl(lead, [externalId]), headers: {}, body: '', step: 'find' }
      : { method: 'PATCH', url: lead, headers: {}, body: JSON.stringify(firstFields(fields)) }
  }
  return {
    ...salesforceDestination,
    buildBody: (profile) => ({ ...documentedLead(profile), ...personFields(profile) }),
    prepareRequest,
    judgeResponse: (response, now, requestUrl) => judgeResponse(response, now, requestUrl, options),
    access: { credentials, isRefused },
    pauseAfter: salesforcePause,
    setup: {
      url: salesforceSetupUrl,
      problemsIn: salesforceSetupProblems,
      mappingProblemsIn: leadMappingProblems,
    },
    record: leadAccess(options),
    nextVariant,
  }
}

function judgeResponse(
  response: HttpResponse,
  now: Date,
  requestUrl: URL | undefined,
  options: DestinationOptions,
): Verdict {
  const verdict = adjustVerdict(
    salesforceDestination.judgeResponse(response, now),
    salesforceUpsertAdjustments,
  )
  if (isSuccess(response.status) && verdict.decision === 'delivered')
    return judgeSuccess(response, requestUrl)
  const isConverted = verdict.decision === 'give_up' && verdict.failure.cause === convertedCause
  if (!isConverted || options.on_converted !== 'skip') return verdict
  return { ...verdict, failure: { ...verdict.failure, ...skipped }, isSkip: true }
}

const convertedCause = 'salesforce_lead_converted'
const skipped = {
  message: 'The Lead was converted, and the destination skips converted Leads.',
  remedy: 'Nothing needs to be done. To update the Contact, set on_converted to contact.',
}

/** Delivered only with the record's id, `success: true` or 204. */
function judgeSuccess(response: HttpResponse, requestUrl: URL | undefined): Verdict {
  const body = jsonOf(response)
  const id = recordIdIn(body, 'id') ?? (isString(member(body, 'id')) ? String(member(body, 'id')) : null)
  const isWritten = response.status === 204 || member(body, 'success') === true || id !== null
  if (!isWritten) return verdictOf(unreadableResponse)
  const record = recordOf(id, requestUrl)
  return record === null ? delivered(id) : { ...delivered(record.id), record }
}

/** The record from the id in the response, or in the URL of an update. */
function recordOf(id: string | null, requestUrl: URL | undefined): RecordReference | null {
  const [, type = 'Lead', idInUrl] =
    /\/sobjects\/(Lead|Contact)(?:\/([a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?))?(?:\/|$)/.exec(
      requestUrl?.pathname ?? '',
    ) ?? []
  const recordId = id ?? idInUrl ?? null
  if (recordId === null || requestUrl === undefined || !/^[\w-]{1,64}$/.test(recordId)) return null
  return { type, id: recordId, link: `${requestUrl.origin}/lightning/r/${type}/${recordId}/view` }
}

function isRefused(response: HttpResponse): boolean {
  if (response.status === 401) return true
  return errorsIn(jsonOf(response)).some(({ code }) => code === 'INVALID_SESSION_ID')
}

const sessionRefused: Partial<VerdictRule> = {
  cause: 'salesforce_session_refused',
  message: 'Salesforce refused the access token and a fresh one.',
  remedy: 'Give the connected app the scope api, and its user the permission "API Enabled".',
}

export const salesforceUpsertAdjustments: Adjustments = {
  // The attempt reports this only after Salesforce has refused a fresh token, too.
  salesforce_session_invalid: sessionRefused,
  unauthorized: sessionRefused,
  salesforce_duplicate: {
    decision: 'retry',
    cause: 'salesforce_duplicate_race',
    message: 'Another request created the Lead in Salesforce at the same time.',
    remedy: 'The system retries by itself, which updates that Lead.',
  },
  not_found: externalIdRule,
}

/** The causes that only CRM mode has. */
export const salesforceUpsertCauses: readonly string[] = [
  ...new Set([
    unreadableResponse.cause,
    ...Object.values(salesforceUpsertAdjustments).flatMap(({ cause }) => cause ?? []),
  ]),
]
