import { isString, itemsOf, member, parseJson } from '../../text/response-json.ts'

/** Reads HubSpot's answers. Every field of an error "should be treated as optional in any error parsing". https://developers.hubspot.com/docs/api-reference/error-handling */

/** What we send, and so all that HubSpot can find wrong; a message names nothing else from an answer. */
const ownProperties: ReadonlySet<string> = new Set([
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
  'lastname',
])

/** The category of an error, such as `VALIDATION_ERROR`. */
export function categoryOf(body: unknown): string | undefined {
  const category = member(body, 'category')
  return isString(category) ? category : undefined
}

/** Names our record in a batch. A batch's answer names it beside each result, and in the context of each error. */
export const ownTraceId = 'ghostpost'

export interface OwnBatchResult {
  /** What became of our record; undefined where the answer has nothing of it. */
  result: unknown
  /** What HubSpot says against it. What it says against others, or against nobody by name, is told apart. */
  errors: readonly unknown[]
}

/** The part of a batch's answer that concerns our record. An answer that names no records concerns all of them. */
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
  /** Names of ours only. */
  properties: readonly string[]
}

/** Everything an error finds wrong with our properties, from its list and from its message. */
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
    properties: names.filter(isString).filter((name) => ownProperties.has(name)),
  }
}
