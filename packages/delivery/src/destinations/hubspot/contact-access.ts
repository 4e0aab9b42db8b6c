import { isString, jsonOf } from '../../text/response-json.ts'
import type { HttpResponse } from '../../deliver/outcome.ts'
import type { CurrentRecord, RecordAccess } from '../destination.ts'
import { policyOf, type DestinationOptions } from '../destination-options.ts'
import { unknownName } from '../salesforce/salesforce-lead.ts'
import { contactsPath, idProperty, type Properties } from './contact-request.ts'
import { contactIn, hubspotRecord } from './hubspot-record.ts'
import { hubspotTraits } from './hubspot-traits.ts'

/**
 * Reads the contact of a visitor: by the visitor's id, else by the e-mail address.
 * @param propertiesOf the properties that an export of a payload writes
 */
export function contactAccess(
  options: DestinationOptions,
  propertiesOf: (payload: string) => Properties,
): RecordAccess {
  return {
    reads: (webhookUrl, payload) => {
      const properties = propertiesOf(payload)
      const readBy = (idName: string, id: string): URL => {
        const url = new URL(`${contactsPath}/${encodeURIComponent(id)}`, webhookUrl.origin)
        url.searchParams.set('idProperty', idName)
        url.searchParams.set('properties', Object.keys(properties).join(','))
        return url
      }
      const { email, [idProperty]: visitorId = '' } = properties
      return [readBy(idProperty, visitorId), ...(email === undefined ? [] : [readBy('email', email)])]
    },
    find,
    planned: (payload) =>
      Object.entries(propertiesOf(payload)).map(([field, value]) => ({
        field,
        value,
        when: policyOf(field, hubspotTraits.fieldPolicies, options),
      })),
    placeholders: (payload) => {
      const { email, lastname, [idProperty]: visitorId = '' } = propertiesOf(payload)
      return email === undefined && lastname === undefined ? { lastname: unknownName(visitorId) } : {}
    },
  }
}

function find(response: HttpResponse, requestUrl: URL): CurrentRecord | null {
  const body = jsonOf(response)
  const { id, properties } = contactIn(body)
  if (response.status !== 200 || id === null) return null
  const values = Object.entries(typeof properties === 'object' && properties !== null ? properties : {})
  return {
    reference: hubspotRecord(id, body, requestUrl),
    values: Object.fromEntries(values.filter(([, value]) => isString(value) && value !== '')),
  }
}
