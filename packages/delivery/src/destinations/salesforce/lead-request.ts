import { isString, member, parseJson } from '../../text/response-json.ts'
import type { RequestVariant } from '../destination.ts'

export const externalId = 'Ghost_Visitor_ID__c'

/** Spring '26, unless the webhook URL names a version. Salesforce supports each version for at least three years. */
const versionDefault = 'v66.0'

export type Fields = Readonly<Record<string, unknown>>

/** The path of the REST API, with the version of a webhook URL or of an earlier request. */
export function apiPathOf(url: URL): string {
  const version = /^\/services\/data\/(v\d{1,3}\.\d)(\/|$)/i.exec(url.pathname)?.[1] ?? versionDefault
  return `/services/data/${version}`
}

/** The URL of a Lead by its external id. */
export function leadUrl(url: URL, id: string): URL {
  return new URL(`${apiPathOf(url)}/sobjects/Lead/${externalId}/${encodeURIComponent(id)}`, url.origin)
}

/** The URL of a record by its own id. */
export function recordUrl(url: URL, type: string, id: string): URL {
  return new URL(`${apiPathOf(url)}/sobjects/${type}/${encodeURIComponent(id)}`, url.origin)
}

/** The same URL, to read these fields. */
export function readUrl(url: URL, fields: readonly string[]): URL {
  const read = new URL(url.pathname, url.origin)
  read.searchParams.set('fields', fields.join(','))
  return read
}

/** The external id in a Lead's URL; empty for any other URL. */
export function leadIdIn(url: URL): string {
  const text = new RegExp(`/sobjects/Lead/${externalId}/([^/]+)$`).exec(url.pathname)?.[1] ?? ''
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The fields that a request writes. */
export function fieldsIn({ body }: Pick<RequestVariant, 'body'>): Fields {
  const parsed = parseJson(body)
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Fields) : {}
}

/** The payload without the external id and without null, which would clear a field. */
export function leadOf(payload: string): { visitorId: string; fields: Fields } {
  const { [externalId]: id, ...fields } = fieldsIn({ body: payload })
  return {
    visitorId: isString(id) ? id : '',
    fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
  }
}

/** Ids of records: 15 letters and digits, or 18. */
const recordId = /^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/

/** A member that is the id of a record; null for any other value. */
export function recordIdIn(value: unknown, key: string): string | null {
  const id = member(value, key)
  return isString(id) && recordId.test(id) ? id : null
}
