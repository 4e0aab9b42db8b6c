import type { DestinationType } from '../destination.ts'
import { hubspotCrm, hubspotCrmCauses } from './hubspot-crm.ts'
import { hubspotDestination } from './hubspot.ts'
import { hubspotCauses } from './hubspot-rules.ts'
import { hubspotTraits } from './hubspot-traits.ts'
import { checkHubspotUrl } from './hubspot-url.ts'
import { mappedContact } from './mapped-contact.ts'

export const hubspot: DestinationType = {
  traits: hubspotTraits,
  causes: [...new Set([...hubspotCauses, ...hubspotCrmCauses])],
  plain: hubspotDestination,
  withCredentials: (credentials, options) =>
    credentials.kind === 'access_token' ? hubspotCrm(credentials, options) : hubspotDestination,
  mapBody: mappedContact,
  checkUrl: checkHubspotUrl,
  sampleResponse: {
    status: 202,
    contentType: 'application/json',
    body: JSON.stringify({ id: 'enrollment-1' }),
  },
}
