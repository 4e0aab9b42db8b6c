import type { HttpResponse } from '../../deliver/outcome.ts'
import { isString, jsonOf, member } from '../../text/response-json.ts'
import type { RequestVariant } from '../destination.ts'
import { policyOf, valuesWith, type DestinationOptions, type FieldPolicy } from '../destination-options.ts'
import { isSuccess } from '../judge-by-status.ts'
import { isUnset, placeholderFields } from './salesforce-lead.ts'
import { contactIdIn, duplicateIn } from './lead-state.ts'
import {
  externalId,
  fieldsIn,
  leadIdIn,
  leadOf,
  leadUrl,
  readUrl,
  recordUrl,
  apiPathOf,
  type Fields,
} from './lead-request.ts'
import { withoutRefused } from './omit-fields.ts'
import { leadIdOf } from './lead-id.ts'
import { errorsIn } from './salesforce-errors.ts'
import { salesforceTraits } from './salesforce-traits.ts'

type NextRequest = (request: RequestVariant, response: HttpResponse) => RequestVariant | null

interface LeadExchange {
  /** The fields of the first request. */
  firstFields: (fields: Fields) => Fields
  nextVariant: (request: RequestVariant, response: HttpResponse, payload: string) => RequestVariant | null
}

/**
 * The requests that write one Lead:
 * 1. An upsert by the external id, of the values that every export writes.
 * 2. If Salesforce asks for required fields, the Lead is new: the same with all values. If it refuses values: the same
 *    without them. If the Lead was converted: an update of its Contact. If it names one duplicate: an update of that.
 * 3. A Lead that is created without being asked for more gets the other values in a further request. Of an existing
 *    Lead the other values are read, and the empty ones are filled.
 */
export function openLeadExchange(options: DestinationOptions): LeadExchange {
  const policy = (field: string): FieldPolicy => policyOf(field, salesforceTraits.fieldPolicies, options)
  const withPolicy = (fields: Fields, ...policies: FieldPolicy[]): Fields =>
    valuesWith(fields, policies, policy)
  const always = (fields: Fields): Fields => withPolicy(fields, 'always')
  const steps = (payload: string): Readonly<Record<string, NextRequest>> => {
    const { visitorId, fields } = leadOf(payload)
    const create = (request: RequestVariant): RequestVariant => {
      const completed = { ...completedFields(fields, visitorId), ...fields }
      const omitted = new Set(request.omitted?.map(({ field }) => field))
      const accepted = Object.fromEntries(Object.entries(completed).filter(([name]) => !omitted.has(name)))
      return { ...request, body: JSON.stringify(accepted), step: 'create' }
    }
    const fill = withPolicy(fields, 'empty')
    return {
      find: (request, response) => afterFind(request, response, visitorId, always(fields)),
      update: (request, response) => {
        if (needsMore(request, response)) return create(request)
        if (isDeleted(response)) return recreate(create(request))
        return (
          convertedLead(request, response, options) ??
          duplicateRecord(request, response, always(fields)) ??
          fillCreated(request, response, withPolicy(fields, 'create', 'empty')) ??
          readLead(request, response, Object.keys(fill))
        )
      },
      create: (request, response) =>
        convertedLead(request, response, options) ?? duplicateRecord(request, response, always(fields)),
      read: (request, response) => fillRead(request, response, fill, visitorId),
      find_contact: (request, response) => contactUpdate(request, response, always(fields)),
      query_contact: (request, response) => contactUpdate(request, response, always(fields)),
    }
  }
  return {
    firstFields: always,
    nextVariant: (request, response, payload) => {
      const trimmed = withoutRefused(request, response)
      if (trimmed !== null) return trimmed
      return steps(payload)[request.step ?? 'update']?.(request, response) ?? null
    },
  }
}

function completedFields(fields: Fields, visitorId: string): Fields {
  const email = fields['Email']
  return placeholderFields(isString(email) ? email : null, visitorId)
}

/** The Lead with the visitor's id in exactly these letters keeps it. Any other one gets the id that has no twin. */
function afterFind(
  request: RequestVariant,
  response: HttpResponse,
  visitorId: string,
  fields: Fields,
): RequestVariant | null {
  if (response.status !== 200 && response.status !== 404) return null
  const isSame = response.status === 200 && member(jsonOf(response), externalId) === visitorId
  const id = isSame ? visitorId : leadIdOf(visitorId)
  return {
    ...request,
    method: 'PATCH',
    url: leadUrl(request.url, id),
    body: JSON.stringify(fields),
    step: 'update',
  }
}

const codesOf = (response: HttpResponse): string[] => errorsIn(jsonOf(response)).map(({ code }) => code)

function needsMore(request: RequestVariant, response: HttpResponse): boolean {
  const fields = fieldsIn(request)
  const isComplete = ['LastName', 'Company'].every((name) => fields[name] !== undefined)
  return !isComplete && codesOf(response).includes('REQUIRED_FIELD_MISSING')
}

function isDeleted(response: HttpResponse): boolean {
  return codesOf(response).includes('ENTITY_IS_DELETED')
}

/** A new Lead in place of a deleted one, whose external id the upsert still finds. */
function recreate(request: RequestVariant): RequestVariant | null {
  const id = leadIdIn(request.url)
  if (id === '') return null
  const url = new URL(`${apiPathOf(request.url)}/sobjects/Lead`, request.url.origin)
  return { ...request, method: 'POST', url, body: JSON.stringify({ [externalId]: id, ...fieldsIn(request) }) }
}

/** Reads which Contact a converted Lead became. */
function convertedLead(
  request: RequestVariant,
  response: HttpResponse,
  options: DestinationOptions,
): RequestVariant | null {
  const isConverted = codesOf(response).includes('CANNOT_UPDATE_CONVERTED_LEAD')
  if (!isConverted || options.on_converted === 'skip') return null
  const url = readUrl(request.url, ['Id', 'IsConverted', 'ConvertedContactId'])
  return { ...request, method: 'GET', url, body: '', step: 'find_contact', isAside: true }
}

function contactUpdate(
  request: RequestVariant,
  response: HttpResponse,
  fields: Fields,
): RequestVariant | null {
  const id = contactIdIn(response)
  if (id !== null) {
    const { url } = request
    const body = JSON.stringify(fields)
    return {
      ...request,
      method: 'PATCH',
      url: recordUrl(url, 'Contact', id),
      body,
      step: 'contact',
      isAside: false,
    }
  }
  return request.step === 'find_contact' && response.status !== 200 ? queryContact(request) : null
}

/** Users who may not read converted Leads by external id may still find them with a query. */
function queryContact(request: RequestVariant): RequestVariant | null {
  const id = leadIdIn(request.url)
  if (!/^[\w~-]+$/.test(id)) return null
  const url = new URL(`${apiPathOf(request.url)}/query`, request.url.origin)
  const where = `${externalId} = '${id}' AND IsConverted = true`
  url.searchParams.set('q', `SELECT Id, ConvertedContactId FROM Lead WHERE ${where} LIMIT 1`)
  return { ...request, url, step: 'query_contact' }
}

/** Updates the one record that Salesforce names as the duplicate. A Lead also gets the visitor's id. */
function duplicateRecord(
  request: RequestVariant,
  response: HttpResponse,
  fields: Fields,
): RequestVariant | null {
  const duplicate = duplicateIn(response)
  if (duplicate === null) return null
  const { type, id } = duplicate
  const leadId = leadIdIn(request.url)
  const own = type === 'Lead' && leadId !== '' ? { [externalId]: leadId } : {}
  const body = JSON.stringify({ ...withoutOmitted(fields, request), ...own })
  return { ...request, method: 'PATCH', url: recordUrl(request.url, type, id), body, step: 'duplicate' }
}

function withoutOmitted(fields: Fields, { omitted = [] }: RequestVariant): Fields {
  const names = new Set(omitted.map(({ field }) => field))
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)))
}

/** A Lead that the values of every export were enough to create gets the other values, too. */
function fillCreated(request: RequestVariant, response: HttpResponse, values: Fields): RequestVariant | null {
  const isCreated = isSuccess(response.status) && member(jsonOf(response), 'created') === true
  const absent = withoutOmitted(values, request)
  if (!isCreated || Object.keys(absent).length === 0) return null
  return { ...request, body: JSON.stringify(absent), step: 'fill', isAside: true }
}

/** Reads the fields of an existing Lead that are written only while they are empty. */
function readLead(
  request: RequestVariant,
  response: HttpResponse,
  names: readonly string[],
): RequestVariant | null {
  const body = jsonOf(response)
  const isWritten = isSuccess(response.status) && member(body, 'success') !== false
  if (!isWritten || names.length === 0 || (body === undefined && response.status !== 204)) return null
  return {
    ...request,
    method: 'GET',
    url: readUrl(request.url, names),
    body: '',
    step: 'read',
    isAside: true,
  }
}

function fillRead(
  request: RequestVariant,
  response: HttpResponse,
  values: Fields,
  visitorId: string,
): RequestVariant | null {
  const lead = jsonOf(response)
  if (response.status !== 200 || typeof lead !== 'object' || lead === null) return null
  const placeholders: Readonly<Record<string, string>> = placeholderFields(null, visitorId)
  const empty = Object.entries(values).filter(([name]) => isUnset(member(lead, name), placeholders[name]))
  if (empty.length === 0) return null
  const url = new URL(request.url.pathname, request.url.origin)
  return { ...request, method: 'PATCH', url, body: JSON.stringify(Object.fromEntries(empty)), step: 'fill' }
}
