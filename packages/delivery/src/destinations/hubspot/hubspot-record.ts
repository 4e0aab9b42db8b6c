import type { RecordReference } from '../../deliver/verdict.ts'
import { isString, member } from '../../text/response-json.ts'
import { ownResultOf } from './hubspot-response.ts'

/** Ids of contacts are numbers, which most responses write as texts. */
const idShape = /^[\w-]{1,64}$/

/** A batch with another status has not written its records, or not yet. */
const finishedStatus = 'COMPLETE'

export interface WrittenContact {
  id: string | null
  /** False for a batch that is pending, cancelled or the like. */
  isWritten: boolean
  isNew: boolean
  /** The properties that the response repeats, which may be few of all. */
  properties: unknown
}

/** The contact in the response to an upsert, a create or an update. */
export function contactIn(body: unknown): WrittenContact {
  const { result } = ownResultOf(body)
  const contact = member(body, 'id') === undefined ? result : body
  const status = member(body, 'status')
  const id = member(contact, 'id')
  const idText = typeof id === 'number' ? String(id) : id
  return {
    id: isString(idText) && idShape.test(idText) ? idText : null,
    isWritten: status === undefined || status === finishedStatus,
    isNew: member(contact, 'new') === true,
    properties: member(contact, 'properties'),
  }
}

/**
 * The contact's page as the response names it, else a page of `/l/`, which HubSpot replaces with the number of the
 * account that the reader is signed in to.
 */
export function hubspotRecord(id: string, body: unknown, requestUrl?: URL): RecordReference {
  const contact = member(body, 'id') === undefined ? ownResultOf(body).result : body
  const url = member(contact, 'url')
  const region = /^api(-[a-z]{2}\d)?\.hubapi\.com$/.exec(requestUrl?.hostname ?? '')?.[1] ?? ''
  const link = `https://app${region}.hubspot.com/l/contacts/record/0-1/${encodeURIComponent(id)}`
  return { type: 'contact', id, link: isString(url) && isPage(url) ? url : link }
}

function isPage(url: string): boolean {
  return /^https:\/\/app(-[a-z0-9]+)?\.hubspot\.com\/[\w/.-]{1,300}$/.test(url)
}
