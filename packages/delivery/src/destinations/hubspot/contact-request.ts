import { isString, itemsOf, member, parseJson } from '../../text/response-json.ts'
import type { RequestVariant } from '../destination.ts'
import { ownTraceId } from './hubspot-response.ts'

/** https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/batch/post-crm-v3-objects-contacts-batch-upsert */
export const contactsPath = '/crm/v3/objects/contacts'
export const upsertPath = `${contactsPath}/batch/upsert`

export const idProperty = 'ghost_visitor_id'

export type Properties = Readonly<Record<string, string>>

/** An upsert of one contact by the visitor's id. */
export function upsertBody(properties: Properties): string {
  const id = properties[idProperty] ?? ''
  return JSON.stringify({ inputs: [{ id, idProperty, objectWriteTraceId: ownTraceId, properties }] })
}

export function updateBody(properties: Properties): string {
  return JSON.stringify({ properties })
}

/** The properties that a request writes: those of an upsert or of an update. */
export function propertiesIn({ body }: Pick<RequestVariant, 'body'>): Properties {
  const parsed = parseJson(body)
  const properties =
    member(itemsOf(member(parsed, 'inputs'))[0], 'properties') ?? member(parsed, 'properties')
  const entries = Object.entries(typeof properties === 'object' && properties !== null ? properties : {})
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => isString(entry[1])))
}

/** The same request with other properties. */
export function withProperties(request: RequestVariant, properties: Properties): RequestVariant {
  const isUpsert = request.url.pathname === upsertPath
  return { ...request, body: isUpsert ? upsertBody(properties) : updateBody(properties) }
}
