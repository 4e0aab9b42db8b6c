import type { HttpResponse } from '../../deliver/outcome.ts'
import { isString, itemsOf, jsonOf, member, parseJson } from '../../text/response-json.ts'
import type { OmittedField } from '../destination.ts'
import { isSuccess } from '../judge-by-status.ts'

/**
 * Reads HubSpot's responses. Every field of an error "should be treated as optional in any error parsing":
 * https://developers.hubspot.com/docs/api-reference/error-handling
 */

/** The documented properties. Our messages name these and mapped ones, and no other text of a response. */
export const documentedNames: ReadonlySet<string> = new Set([
  'ghost_visitor_id',
  'email',
  'city',
  'country',
  'hs_analytics_source',
  'ghost_score',
  'ghost_sessions',
  'ghost_pageviews',
  'ghost_first_seen',
  'ghost_last_seen',
  // In CRM mode only.
  'ghost_source',
  'firstname',
  'lastname',
])

/** Internal names of properties. */
const propertyName = /^[a-z][a-z0-9_]{0,99}$/
const namesMax = 5

/** The category of an error, such as `VALIDATION_ERROR`. */
export function categoryOf(body: unknown): string | undefined {
  const category = member(body, 'category')
  return isString(category) ? category : undefined
}

/** The name of our record in a batch. HubSpot repeats it in each result and in the context of each error. */
export const ownTraceId = 'ghostpost'

export interface OwnBatchResult {
  /** The result of our record; undefined when the response has none. */
  result: unknown
  /** The errors of our record, without those of other records. */
  errors: readonly unknown[]
}

/** The part of a batch's response about our record. A result or error without a record's name is about ours. */
export function ownResultOf(body: unknown): OwnBatchResult {
  const results = itemsOf(member(body, 'results'))
  return {
    result: results.find((result) => isOwn(member(result, 'objectWriteTraceId'))),
    errors: itemsOf(member(body, 'errors')).filter((error) =>
      isOwn(member(member(error, 'context'), 'objectWriteTraceId')),
    ),
  }
}

function isOwn(trace: unknown): boolean {
  const traceIds = isString(trace) ? [trace] : itemsOf(trace)
  return traceIds.length === 0 || traceIds.includes(ownTraceId)
}

export interface PropertyError {
  code: string
  /** Only texts that have the shape of a name. */
  properties: readonly string[]
}

/** The errors with only those names of properties that a message may show. */
export function withNames(
  errors: readonly PropertyError[],
  names: ReadonlySet<string>,
): readonly PropertyError[] {
  return errors.map(({ code, properties }) => ({
    code,
    properties: properties.filter((name) => names.has(name)),
  }))
}

/** All errors of properties, from the error's list and from its message. */
export function propertyErrorsIn(body: unknown): readonly PropertyError[] {
  const listed = itemsOf(member(body, 'errors')).map((error) =>
    propertyErrorOf(member(error, 'code'), itemsOf(member(member(error, 'context'), 'propertyName'))),
  )
  const message = member(body, 'message')
  const inMessage = itemsOf(
    isString(message) ? parseJson(message.slice(message.indexOf('['))) : undefined,
  ).map((error) => propertyErrorOf(member(error, 'error'), [member(error, 'name')]))
  return [...listed, ...inMessage]
}

function propertyErrorOf(code: unknown, names: readonly unknown[]): PropertyError {
  return {
    code: isString(code) ? code : '',
    properties: names
      .filter(isString)
      .filter((name) => propertyName.test(name))
      .slice(0, namesMax),
  }
}

/** The body of the response, or the error inside a 207 or 2xx. */
export function errorOf(response: HttpResponse): unknown {
  const body = jsonOf(response)
  const [nestedError] = ownResultOf(body).errors
  return isSuccess(response.status) && categoryOf(body) === undefined ? nestedError : body
}

/** These errors are not about a value. */
const otherCodes: ReadonlySet<string> = new Set([
  '',
  'PROPERTY_DOESNT_EXIST',
  'CONFLICTING_UNIQUE_VALUE',
  'REQUIRED_PROPERTY',
  'REQUIRED_FIELD',
  'MISSING_REQUIRED_PROPERTY',
])

/** Our properties whose values HubSpot refuses. A contact can be written without them. */
export function refusedPropertiesIn(error: unknown): OmittedField[] {
  if (categoryOf(error) !== 'VALIDATION_ERROR') return []
  const errors = propertyErrorsIn(error)
  if (errors.some(({ code }) => code === 'PROPERTY_DOESNT_EXIST')) return []
  const refused = errors
    .filter(({ code }) => !otherCodes.has(code) && /^[A-Z][A-Z_]{2,60}$/.test(code))
    .flatMap(({ code, properties }) => properties.map((field): [string, string] => [field, code]))
  const message = member(error, 'message')
  const isEmail =
    errors.length === 0 && isString(message) && /email address .*invalid/i.test(message.slice(0, 500))
  const all = new Map(isEmail ? [['email', 'INVALID_EMAIL'] as const] : refused)
  return [...all].map(([field, code]) => ({ field, code }))
}
