import { isString, jsonOf, member } from '../../text/response-json.ts'
import type { HttpResponse } from '../../deliver/outcome.ts'
import type { CurrentRecord, PlannedValue, RecordAccess } from '../destination.ts'
import { policyOf, type DestinationOptions } from '../destination-options.ts'
import { hasCapitals, leadIdOf } from './lead-id.ts'
import { leadOf, leadUrl, recordIdIn, recordUrl } from './lead-request.ts'
import { placeholderFields } from './salesforce-lead.ts'
import { salesforceTraits } from './salesforce-traits.ts'

/** Reads the Lead of a visitor, or the Contact that it was converted into. */
export function leadAccess(options: DestinationOptions): RecordAccess {
  return {
    reads: (webhookUrl, payload) => {
      const { visitorId } = leadOf(payload)
      const ids = hasCapitals(visitorId) ? [visitorId, leadIdOf(visitorId)] : [visitorId]
      return ids.map((id) => leadUrl(webhookUrl, id))
    },
    find: (response, requestUrl) => find(response, requestUrl, options),
    planned: (payload) => {
      const { visitorId, fields } = leadOf(payload)
      const placeholders: Readonly<Record<string, string>> = placeholderFields(null, visitorId)
      return Object.entries(fields).map(([field, value]): PlannedValue => {
        const placeholder = placeholders[field]
        const when = policyOf(field, salesforceTraits.fieldPolicies, options)
        return { field, value, when, ...(placeholder === undefined ? {} : { placeholder }) }
      })
    },
    placeholders: (payload) => {
      const { visitorId, fields } = leadOf(payload)
      const email = fields['Email']
      return placeholderFields(isString(email) ? email : null, visitorId)
    },
  }
}

function find(response: HttpResponse, requestUrl: URL, options: DestinationOptions): CurrentRecord | null {
  const body = jsonOf(response)
  const id = recordIdIn(body, 'Id')
  if (response.status !== 200 || id === null) return null
  const type = requestUrl.pathname.includes('/sobjects/Contact/') ? 'Contact' : 'Lead'
  const link = `${requestUrl.origin}/lightning/r/${type}/${id}/view`
  const contactId = member(body, 'IsConverted') === true ? recordIdIn(body, 'ConvertedContactId') : null
  const skips = options.on_converted === 'skip'
  return {
    reference: { type, id, link },
    values: typeof body === 'object' && body !== null ? { ...body } : {},
    ...(contactId !== null &&
      !skips && { convertedTo: { url: recordUrl(requestUrl, 'Contact', contactId) } }),
    isSkipped: contactId !== null && skips,
    isOther: type === 'Contact',
  }
}
