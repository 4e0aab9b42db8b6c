import type { AccessTokenCredentials } from '../credentials.ts'
import type { HttpResponse } from '../../deliver/outcome.ts'
import type { Verdict } from '../../deliver/verdict.ts'
import { isString, itemsOf, jsonOf, member, parseJson } from '../../text/response-json.ts'
import type { Destination, RequestVariant } from '../destination.ts'
import { categoryOf, propertyErrorsIn, ownResultOf, ownTraceId } from './hubspot-response.ts'
import { hubspotDestination } from './hubspot.ts'
import { isSuccess } from '../judge-by-status.ts'
import { adjustVerdict, verdictOf, type Adjustments, type VerdictRule } from '../verdict-rule.ts'
import { unknownName } from '../salesforce/salesforce-lead.ts'

/** https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/batch/post-crm-v3-objects-contacts-batch-upsert */
const contactsPath = '/crm/v3/objects/contacts'
const upsertPath = `${contactsPath}/batch/upsert`

const idProperty = 'ghost_visitor_id'

/** HubSpot's traffic sources are an enumeration, so the documented value goes into a property of ours. */
const refusedProperty = 'hs_analytics_source'
const sourceProperty = 'ghost_source'

/** HubSpot refuses the whole contact for a `datetime` whose year has more than four digits. */
const dateProperties: ReadonlySet<string> = new Set(['ghost_first_seen', 'ghost_last_seen'])
const readableYear = /^\d{4}-/

type Properties = Readonly<Record<string, string>>

/**
 * HubSpot's CRM API with a token. It creates or updates one contact by the visitor's id, or updates the contact that
 * already has the visitor's e-mail address.
 */
export function hubspotCrm({ access_token }: AccessTokenCredentials): Destination {
  return {
    ...hubspotDestination,
    prepareRequest: (url, _userAgent, payload = '') => ({
      url: new URL(upsertPath, url.origin),
      headers: { authorization: `Bearer ${access_token}` },
      body: upsertBody(propertiesOf(payload)),
    }),
    judgeResponse,
    nextVariant,
  }
}

/** The documented properties without the empty ones. */
function propertiesOf(payload: string): Properties {
  const documented = member(parseJson(payload), 'properties')
  const entries = Object.entries(typeof documented === 'object' && documented !== null ? documented : {})
  const accepted = entries
    .filter((entry): entry is [string, string] => isString(entry[1]) && entry[1] !== '')
    .filter(([name, value]) => !dateProperties.has(name) || readableYear.test(value))
    .map(([name, value]): [string, string] => [name === refusedProperty ? sourceProperty : name, value])
  return Object.fromEntries(accepted)
}

function upsertBody(properties: Properties): string {
  const id = properties[idProperty] ?? ''
  return JSON.stringify({ inputs: [{ id, idProperty, objectWriteTraceId: ownTraceId, properties }] })
}

/**
 * The next form of a refused request.
 * - Another contact has the e-mail address: an update by address, which gives that contact the visitor id.
 * - A third contact has the visitor id: the same update without the visitor id.
 * - HubSpot refuses to create a contact without address and name: the same request with a placeholder last name. Only
 *   then, because on an existing contact it would overwrite the name that people entered.
 */
function nextVariant({ url, body }: RequestVariant, response: HttpResponse): RequestVariant | null {
  if (url.pathname !== upsertPath) return isConflict(response) ? withoutVisitorId(url, body) : null
  const properties = (member(itemsOf(member(parseJson(body), 'inputs'))[0], 'properties') ?? {}) as Properties
  const { email, [idProperty]: visitorId } = properties
  if (isConflict(response)) return email === undefined ? null : updateByEmail(url, email, properties)
  const isNameless = email === undefined && properties['lastname'] === undefined
  if (!isNameless || visitorId === undefined || !isUnattributedRefusal(response)) return null
  return { url, body: upsertBody({ ...properties, lastname: unknownName(visitorId) }) }
}

/**
 * An update, because "partial upserts are not supported when using email as the idProperty" (contacts guide). The body
 * omits the address, which may be the contact's secondary one.
 */
function updateByEmail(
  url: URL,
  email: string,
  { email: _email, ...properties }: Properties,
): RequestVariant {
  const path = `${contactsPath}/${encodeURIComponent(email)}?idProperty=email`
  return { method: 'PATCH', url: new URL(path, url.origin), body: JSON.stringify({ properties }) }
}

function withoutVisitorId(url: URL, body: string): RequestVariant | null {
  const { [idProperty]: visitorId, ...properties } = (member(parseJson(body), 'properties') ??
    {}) as Properties
  return visitorId === undefined ? null : { method: 'PATCH', url, body: JSON.stringify({ properties }) }
}

/** The body of the response, or the error inside a 207 or 2xx. */
function errorOf(response: HttpResponse): unknown {
  const body = jsonOf(response)
  const [nestedError] = ownResultOf(body).errors
  return isSuccess(response.status) && categoryOf(body) === undefined ? nestedError : body
}

const conflictCategories: ReadonlySet<string> = new Set(['CONFLICT', 'OBJECT_ALREADY_EXISTS'])

function isConflict(response: HttpResponse): boolean {
  const error = errorOf(response)
  if (response.status === 409 || conflictCategories.has(categoryOf(error) ?? '')) return true
  return propertyErrorsIn(error).some(({ code }) => code === 'CONFLICTING_UNIQUE_VALUE')
}

/** A refusal that names none of our properties. */
function isUnattributedRefusal(response: HttpResponse): boolean {
  const error = errorOf(response)
  return (
    categoryOf(error) === 'VALIDATION_ERROR' &&
    propertyErrorsIn(error).every(({ properties }) => properties.length === 0)
  )
}

function judgeResponse(response: HttpResponse, now: Date): Verdict {
  if (response.status === 207 && jsonOf(response) === undefined) return verdictOf(unreadableResponse)
  if (categoryOf(jsonOf(response)) === 'OBJECT_NOT_FOUND') return verdictOf(conflict)
  return adjustVerdict(
    adjustVerdict(hubspotDestination.judgeResponse(response, now), hubspotCrmAdjustments),
    {
      hubspot_property_missing: { remedy: missingRemedy(response) },
    },
  )
}

const conflict: VerdictRule = {
  decision: 'retry',
  cause: 'hubspot_conflict',
  message: 'HubSpot has a contact with this e-mail address or visitor id that could not be updated just now.',
  remedy: 'If it stays: merge the contacts that have this visitor id or e-mail address.',
}

const unreadableResponse: VerdictRule = {
  decision: 'retry',
  cause: 'hubspot_answer_unreadable',
  message: 'HubSpot answered 207, and what it says of the contact cannot be read.',
  remedy: 'It is tried again by itself, and then updates the contact it may have made.',
}

function missingRemedy(response: HttpResponse): string {
  const names = propertyErrorsIn(errorOf(response))
    .filter(({ code }) => code === 'PROPERTY_DOESNT_EXIST')
    .flatMap(({ properties }) => properties)
  const propertyNames = names.length === 0 ? 'what its answer names' : [...new Set(names)].join(', ')
  return `Create ${propertyNames} on contacts in HubSpot, or have POST /api/destinations/{id}/hubspot-properties do it.`
}

const tokenRefused: Partial<VerdictRule> = {
  message: 'HubSpot refuses the access token of this destination.',
  remedy: 'Change the destination: give it the access token of a private app that exists.',
}

export const hubspotCrmAdjustments: Adjustments = {
  hubspot_unauthorized: tokenRefused,
  // HubSpot refused every form, so another client is writing the same contact now.
  hubspot_contact_exists: conflict,
  hubspot_option_invalid: {
    remedy: 'Make it a text property in HubSpot, or add the option its answer names.',
  },
  hubspot_property_read_only: { remedy: 'Let the property be edited in HubSpot, or create it again.' },
  hubspot_validation: {
    remedy: 'See its answer for what it expects; ghost_visitor_id must be a property with unique values.',
  },
}

/** The causes that only CRM mode has. */
export const hubspotCrmCauses: readonly string[] = [conflict, unreadableResponse].map(({ cause }) => cause)
