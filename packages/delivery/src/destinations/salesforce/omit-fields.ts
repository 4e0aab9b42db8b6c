import type { HttpResponse } from '../../deliver/outcome.ts'
import { isString, jsonOf } from '../../text/response-json.ts'
import { clipText } from '../../text/clip-text.ts'
import type { OmittedField, RequestVariant } from '../destination.ts'
import { externalId, fieldsIn, type Fields } from './lead-request.ts'
import { errorsIn, type SalesforceError } from './salesforce-errors.ts'

/** Errors about a value that a record can do without. */
const valueCodes: ReadonlySet<string> = new Set([
  'INVALID_EMAIL_ADDRESS',
  'FIELD_INTEGRITY_EXCEPTION',
  'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
  'STRING_TOO_LONG',
  'INVALID_FIELD_FOR_INSERT_UPDATE',
  'FIELD_CUSTOM_VALIDATION_EXCEPTION',
  'FIELD_FILTER_VALIDATION_EXCEPTION',
  'NUMBER_OUTSIDE_VALID_RANGE',
  'INVALID_TYPE_ON_FIELD_IN_RECORD',
  'DATE_OUTSIDE_VALID_RANGE',
])

/** A new Lead needs them. */
const required: ReadonlySet<string> = new Set(['LastName', 'Company'])

/**
 * The same request without the values that Salesforce refuses, or with a required text cut to the length that it
 * accepts; null when the response names no such field of the request.
 */
export function withoutRefused(request: RequestVariant, response: HttpResponse): RequestVariant | null {
  const fields = fieldsIn(request)
  const errors = errorsIn(jsonOf(response))
  const refused = errors.flatMap((error) => refusedIn(error, fields, request))
  if (refused.length === 0) return null
  const omitted = refused.filter(({ field }) => !required.has(field))
  const names = new Set(omitted.map(({ field }) => field))
  const accepted = Object.entries({ ...fields, ...clipped(errors, fields) }).filter(
    ([name]) => !names.has(name),
  )
  if (accepted.length === 0) return null
  const body = JSON.stringify(Object.fromEntries(accepted))
  return body === request.body
    ? null
    : { ...request, body, omitted: [...(request.omitted ?? []), ...omitted] }
}

function refusedIn(error: SalesforceError, fields: Fields, request: RequestVariant): OmittedField[] {
  const isMissingOnContact =
    error.code === 'INVALID_FIELD' && /\/sobjects\/Contact\//.test(request.url.pathname)
  if (!valueCodes.has(error.code) && !isMissingOnContact) return []
  return namesIn(error)
    .filter((field) => field !== externalId && Object.hasOwn(fields, field))
    .map((field) => ({ field, code: error.code }))
}

/** The fields that an error is about: those of its list, else those that its message names. */
function namesIn({ code, message, fields }: SalesforceError): readonly string[] {
  if (fields.length > 0) return fields
  const missing = /No such column '(\w{1,43})'/.exec(message)?.[1]
  if (missing !== undefined) return [missing]
  if (code === 'INVALID_EMAIL_ADDRESS') return ['Email']
  const listed = /fields?: ([\w, ]{1,300})/.exec(message)?.[1]?.split(/,\s*/) ?? []
  const label = /^([\w ]{1,43}):/.exec(message)?.[1]?.trim().replaceAll(' ', '')
  const place = /\b(country|state)\b/i.test(message) ? ['Country'] : []
  return [...listed.map((name) => name.trim()), ...(label === undefined ? [] : [label]), ...place]
}

/** Required texts that are too long, cut to "(max length=80)". */
function clipped(errors: readonly SalesforceError[], fields: Fields): Fields {
  const cut = errors.flatMap((error): [string, string][] => {
    const max = Number(/max length=(\d{1,5})/.exec(error.message)?.[1])
    if (error.code !== 'STRING_TOO_LONG' || !(max > 0)) return []
    return namesIn(error).flatMap((name): [string, string][] => {
      const value = fields[name]
      return required.has(name) && isString(value) ? [[name, clipText(value, max)]] : []
    })
  })
  return Object.fromEntries(cut)
}
