import type { OAuthCredentials } from '../credentials.ts'
import type { HttpResponse } from '../../deliver/outcome.ts'
import type { Verdict } from '../../deliver/verdict.ts'
import { adjustVerdict, type Adjustments } from '../verdict-rule.ts'
import { isString, jsonOf, member, parseJson } from '../../text/response-json.ts'
import type { Destination, PreparedRequest, RequestVariant } from '../destination.ts'
import { documentedLead, knownFields, placeholderFields } from './salesforce-lead.ts'
import { errorsIn, salesforceDestination } from './salesforce.ts'

const externalId = 'Ghost_Visitor_ID__c'

/** The version of Spring '26, unless the webhook URL names one. Salesforce supports a version for at least three years. */
const versionDefault = 'v66.0'

/**
 * Salesforce's REST API with an access token. It creates or updates one Lead by its external id.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_upsert_patch.htm
 */
export function salesforceUpsert(credentials: OAuthCredentials): Destination {
  return {
    ...salesforceDestination,
    buildBody: (profile) => ({ ...documentedLead(profile), ...knownFields(profile) }),
    prepareRequest: (url, _userAgent, payload = '') => requestOf(url, payload),
    judgeResponse: (response, now): Verdict =>
      adjustVerdict(salesforceDestination.judgeResponse(response, now), salesforceUpsertAdjustments),
    access: { credentials, isRefused },
    nextVariant: withRequiredFields,
  }
}

/** Salesforce wants the external id in the path and not in the body. The body omits null, which would clear a field. */
function requestOf(url: URL, payload: string): PreparedRequest {
  const { [externalId]: id, ...fields } = (parseJson(payload) ?? {}) as Record<string, unknown>
  const version = /^\/services\/data\/(v\d{1,3}\.\d)(\/|$)/i.exec(url.pathname)?.[1] ?? versionDefault
  const value = encodeURIComponent(isString(id) ? id : '')
  return {
    method: 'PATCH',
    url: new URL(`/services/data/${version}/sobjects/Lead/${externalId}/${value}`, url.origin),
    headers: {},
    body: JSON.stringify(Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== null))),
  }
}

/**
 * A new Lead needs LastName and Company. Placeholders for unknown values are sent only when Salesforce asks for them: on
 * an existing Lead they would overwrite the values that people entered.
 */
function withRequiredFields(
  { method = 'PATCH', url, body }: RequestVariant,
  response: HttpResponse,
): RequestVariant | null {
  const lead = parseJson(body)
  const isComplete = ['LastName', 'Company'].every((name) => member(lead, name) !== undefined)
  const isRequired = errorsIn(jsonOf(response)).some(({ code }) => code === 'REQUIRED_FIELD_MISSING')
  if (isComplete || !isRequired) return null
  const email = member(lead, 'Email')
  const id = decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf('/') + 1))
  const completed = { ...placeholderFields(isString(email) ? email : null, id), ...(lead as object) }
  return { method, url, body: JSON.stringify(completed) }
}

function isRefused(response: HttpResponse): boolean {
  if (response.status === 401) return true
  return errorsIn(jsonOf(response)).some(({ code }) => code === 'INVALID_SESSION_ID')
}

export const salesforceUpsertAdjustments: Adjustments = {
  // The attempt reports this only after Salesforce has refused a fresh token, too.
  salesforce_session_invalid: sessionRefusedAdjustment(),
  unauthorized: sessionRefusedAdjustment(),
  salesforce_duplicate: {
    decision: 'retry',
    cause: 'salesforce_duplicate_race',
    message: 'The Lead came into being in Salesforce at the same moment.',
    remedy: 'It is tried again by itself, and then updates that Lead.',
  },
  not_found: {
    cause: 'salesforce_external_id_missing',
    message: 'Salesforce has no external id Ghost_Visitor_ID__c on Lead that this user may write.',
    remedy: 'Create Ghost_Visitor_ID__c on Lead as Text, External ID and Unique, and let the user edit it.',
  },
}

function sessionRefusedAdjustment() {
  return {
    cause: 'salesforce_session_refused',
    message: 'Salesforce refuses the access token, and the fresh one after it.',
    remedy: 'Give the connected app the scope api, and its user the permission "API Enabled".',
  }
}

/** The causes that only CRM mode has. */
export const salesforceUpsertCauses: readonly string[] = [
  ...new Set(Object.values(salesforceUpsertAdjustments).flatMap(({ cause }) => cause ?? [])),
]
