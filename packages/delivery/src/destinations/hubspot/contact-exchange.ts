import type { HttpResponse } from '../../deliver/outcome.ts'
import type { RecordReference } from '../../deliver/verdict.ts'
import { isString, jsonOf, member } from '../../text/response-json.ts'
import type { OmittedField, RequestVariant } from '../destination.ts'
import { policyOf, valuesWith, type DestinationOptions, type FieldPolicy } from '../destination-options.ts'
import { isSuccess } from '../judge-by-status.ts'
import { unknownName } from '../salesforce/salesforce-lead.ts'
import {
  contactsPath,
  idProperty,
  propertiesIn,
  updateBody,
  upsertBody,
  upsertPath,
  withProperties,
  type Properties,
} from './contact-request.ts'
import { contactIn } from './hubspot-record.ts'
import { hubspotTraits } from './hubspot-traits.ts'
import { categoryOf, errorOf, propertyErrorsIn, refusedPropertiesIn } from './hubspot-response.ts'

interface ContactExchange {
  /** The body of the first request. */
  firstBody: (properties: Properties) => string
  nextVariant: (
    request: RequestVariant,
    response: HttpResponse,
    properties: Properties,
    earlier?: RecordReference | null,
  ) => RequestVariant | null
}

/**
 * The requests that write one contact:
 * 1. An upsert by the visitor's id, of the values that every export writes.
 * 2. If HubSpot refuses values: the same request without them. If another contact has the e-mail address: an update of
 *    that contact, which gives it the visitor id; without the visitor id where a third contact has it.
 * 3. If HubSpot asks for a name, it does not know the visitor's id. The contact of an earlier export may have been
 *    merged into another one, which is then updated. Otherwise the contact is created with a name.
 * 4. A new contact gets the other values. Of an existing one they are read, and the empty ones are filled.
 */
export function openContactExchange(options: DestinationOptions): ContactExchange {
  const policy = (field: string): FieldPolicy => policyOf(field, hubspotTraits.fieldPolicies, options)
  const withPolicy = (properties: Properties, ...policies: FieldPolicy[]): Properties =>
    valuesWith(properties, policies, policy)
  const fill = (request: RequestVariant, response: HttpResponse, all: Properties): RequestVariant | null => {
    const { id, isNew, properties } = contactIn(jsonOf(response))
    const absent = without(
      withPolicy(all, ...(isNew ? (['create', 'empty'] as const) : (['empty'] as const))),
      [...Object.keys(propertiesIn(request)), ...(request.omitted ?? []).map(({ field }) => field)],
    )
    const names = Object.keys(absent).filter((name) => isNew || isEmpty(member(properties, name)))
    if (id === null || names.length === 0) return null
    return isNew ? fillNew(request, all, absent) : readContact(request, id, names)
  }
  return {
    firstBody: (properties) => upsertBody(withPolicy(properties, 'always')),
    nextVariant: (request, response, all, earlier = null) => {
      if (request.step === findStep)
        return afterFind(request, response, withPolicy(all, 'always'), withPolicy(all, 'create', 'empty'))
      if (request.step === 'read') return fillRead(request, response, withPolicy(all, 'empty'))
      const trimmed = withoutRefused(request, response)
      if (trimmed !== null || request.isAside) return trimmed
      if (isSuccess(response.status) && errorCategoryOf(response) === undefined)
        return fill(request, response, all)
      if (!needsName(request, response)) return afterConflict(request, response)
      return findEarlier(request, earlier) ?? withName(request, withPolicy(all, 'create', 'empty'))
    },
  }
}

function without(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)))
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

/** An upsert finds the new contact again by its visitor id. */
function fillNew(request: RequestVariant, all: Properties, values: Properties): RequestVariant | null {
  const visitorId = all[idProperty]
  if (visitorId === undefined || request.url.pathname !== upsertPath) return null
  return { ...request, body: upsertBody({ [idProperty]: visitorId, ...values }), step: 'fill', isAside: true }
}

function readContact(request: RequestVariant, id: string, names: readonly string[]): RequestVariant {
  const url = new URL(`${contactsPath}/${encodeURIComponent(id)}`, request.url.origin)
  url.searchParams.set('properties', names.join(','))
  return { ...request, method: 'GET', url, body: '', step: 'read', isAside: true }
}

function fillRead(
  request: RequestVariant,
  response: HttpResponse,
  values: Properties,
): RequestVariant | null {
  const properties = member(jsonOf(response), 'properties')
  if (response.status !== 200 || typeof properties !== 'object' || properties === null) return null
  const names = (request.url.searchParams.get('properties') ?? '').split(',')
  const empty = Object.entries(values).filter(
    ([name]) => names.includes(name) && isEmpty(member(properties, name)),
  )
  if (empty.length === 0) return null
  const url = new URL(request.url.pathname, request.url.origin)
  return { ...request, method: 'PATCH', url, body: updateBody(Object.fromEntries(empty)), step: 'fill' }
}

/** The same request without the values that HubSpot refuses; null when it names none that can be omitted. */
function withoutRefused(request: RequestVariant, response: HttpResponse): RequestVariant | null {
  const properties = propertiesIn(request)
  const refused = refusedPropertiesIn(errorOf(response)).filter(
    ({ field }) => field !== idProperty && Object.hasOwn(properties, field),
  )
  if (refused.length === 0) return null
  const omitted: OmittedField[] = [...(request.omitted ?? []), ...refused]
  const accepted = without(
    properties,
    omitted.map(({ field }) => field),
  )
  const hasValues = Object.keys(accepted).some((name) => name !== idProperty)
  return hasValues || !request.isAside ? { ...withProperties(request, accepted), omitted } : null
}

const conflictCategories: ReadonlySet<string> = new Set(['CONFLICT', 'OBJECT_ALREADY_EXISTS'])

function errorCategoryOf(response: HttpResponse): string | undefined {
  return categoryOf(errorOf(response))
}

function isConflict(response: HttpResponse): boolean {
  if (response.status === 409 || conflictCategories.has(errorCategoryOf(response) ?? '')) return true
  return propertyErrorsIn(errorOf(response)).some(({ code }) => code === 'CONFLICTING_UNIQUE_VALUE')
}

/**
 * An update by e-mail address, because "partial upserts are not supported when using email as the idProperty" (contacts
 * guide). The body omits the address, which may be the contact's secondary one, as after a merge. Where HubSpot
 * does not find the address, the update uses the id that the conflict named.
 */
function afterConflict(request: RequestVariant, response: HttpResponse): RequestVariant | null {
  const properties = propertiesIn(request)
  const isUpsert = request.url.pathname === upsertPath
  if (isUpsert) {
    const { email, ...others } = properties
    if (!isConflict(response) || email === undefined) return null
    const existing = existingIdIn(response)
    const url = new URL(`${contactsPath}/${encodeURIComponent(email)}?idProperty=email`, request.url.origin)
    return { ...request, method: 'PATCH', url, body: updateBody(others), step: existing ?? 'by_email' }
  }
  if (response.status === 404 && /^\d+$/.test(request.step ?? '')) {
    const url = new URL(`${contactsPath}/${request.step}`, request.url.origin)
    return { ...request, url, step: 'by_id' }
  }
  const { [idProperty]: visitorId, ...others } = properties
  return isConflict(response) && visitorId !== undefined ? { ...request, body: updateBody(others) } : null
}

/** "Contact already exists. Existing ID: 123" */
function existingIdIn(response: HttpResponse): string | null {
  const message = member(errorOf(response), 'message')
  return isString(message) ? (/existing id:\s*(\d{1,20})/i.exec(message)?.[1] ?? null) : null
}

/** HubSpot refuses to create a contact without address and name. */
function needsName(request: RequestVariant, response: HttpResponse): boolean {
  const { email, lastname, [idProperty]: visitorId } = propertiesIn(request)
  const isNameless = email === undefined && lastname === undefined
  return isNameless && visitorId !== undefined && isUnattributedRefusal(response)
}

/**
 * The same upsert with the known name or a placeholder. Not earlier, because on an existing contact it would overwrite
 * the name that people entered.
 */
function withName(request: RequestVariant, others: Properties): RequestVariant {
  const properties = propertiesIn(request)
  const omitted = (request.omitted ?? []).map(({ field }) => field)
  const named = { lastname: unknownName(properties[idProperty] ?? ''), ...without(others, omitted) }
  return { ...request, body: upsertBody({ ...properties, ...named }) }
}

const findStep = 'find_merged'

/** Reads the contact of an earlier export. HubSpot responds with the contact that it was merged into. */
function findEarlier(request: RequestVariant, earlier: RecordReference | null): RequestVariant | null {
  if (earlier === null || !/^\d{1,20}$/.test(earlier.id)) return null
  const url = new URL(`${contactsPath}/${earlier.id}`, request.url.origin)
  url.searchParams.set('properties', idProperty)
  return { ...request, method: 'GET', url, body: '', step: findStep }
}

/**
 * Updates the contact of an earlier export, where it was merged into another one, which has its own visitor id, or lost
 * its visitor id. Creates a contact in any other case. A response that asks for a repeat is the verdict.
 */
function afterFind(
  request: RequestVariant,
  response: HttpResponse,
  always: Properties,
  others: Properties,
): RequestVariant | null {
  if (response.status === 429 || response.status >= 500) return null
  const { id, properties } = contactIn(jsonOf(response))
  const earlierId = request.url.pathname.split('/').at(-1)
  const written = without(
    always,
    (request.omitted ?? []).map(({ field }) => field),
  )
  const isMerged = id !== earlierId
  if (response.status === 200 && id !== null && (isMerged || isEmpty(member(properties, idProperty)))) {
    const url = new URL(`${contactsPath}/${encodeURIComponent(id)}`, request.url.origin)
    const body = updateBody(isMerged ? without(written, [idProperty]) : written)
    return { ...request, method: 'PATCH', url, body, step: 'earlier' }
  }
  const url = new URL(upsertPath, request.url.origin)
  const upsert = { ...request, method: 'POST' as const, url, body: upsertBody(written), step: 'named' }
  return withName(upsert, others)
}

/** A refusal that names none of our properties. */
function isUnattributedRefusal(response: HttpResponse): boolean {
  const error = errorOf(response)
  return (
    categoryOf(error) === 'VALIDATION_ERROR' &&
    propertyErrorsIn(error).every(({ properties }) => properties.length === 0)
  )
}
