import type { OAuthCredentials } from '../credentials.ts'
import type { HttpResponse } from '../../deliver/outcome.ts'
import type { Verdict } from '../../deliver/verdict.ts'
import { adjustVerdict, type Adjustments } from '../adjust-verdict.ts'
import { isString, jsonOf, member, parseJson } from '../../text/response-json.ts'
import type { Destination, PreparedRequest, RequestVariant } from '../destination.ts'
import { documentedLead, knownFields, placeholderFields } from './salesforce-lead.ts'
import { errorsIn, salesforce } from './salesforce.ts'

const externalId = 'Ghost_Visitor_ID__c'

/** Of Spring '26; each version works for at least three years. A webhook URL that names another one decides. */
const versionDefault = 'v66.0'

/**
 * Salesforce's REST API with an access token: one Lead, created or updated by its external id.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_upsert_patch.htm
 */
export function salesforceUpsert(credentials: OAuthCredentials): Destination {
  return {
    ...salesforce,
    buildBody: (profile) => ({ ...documentedLead(profile), ...knownFields(profile) }),
    prepareRequest: (url, _userAgent, payload = '') => requestOf(url, payload),
    judgeResponse: (response, now): Verdict =>
      adjustVerdict(salesforce.judgeResponse(response, now), salesforceUpsertAdjustments),
    access: { credentials, isRefused },
    nextVariant: withRequiredFields,
  }
}

/** The external id stands in the path and, by Salesforce's rule, not in the body. Null would clear a field. */
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
 * A new Lead must have LastName and Company. Where they are not known, what stands in for them is sent only when
 * Salesforce asks: on a Lead that is there, it would overwrite what people wrote.
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
  // Told of the second token in one attempt: a fresh one was refused, too.
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
