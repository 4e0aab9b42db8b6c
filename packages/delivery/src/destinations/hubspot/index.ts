import type { DestinationType } from '../destination.ts'
import { hubspotCrm, hubspotCrmCauses } from './hubspot-crm.ts'
import { hubspotCauses, hubspotDestination } from './hubspot.ts'
import { hubspotTraits } from './hubspot-traits.ts'

export const hubspot: DestinationType = {
  traits: hubspotTraits,
  causes: [...hubspotCauses, ...hubspotCrmCauses],
  plain: hubspotDestination,
  withCredentials: (credentials) =>
    credentials.kind === 'access_token' ? hubspotCrm(credentials) : hubspotDestination,
  sampleResponse: {
    status: 202,
    contentType: 'application/json',
    body: JSON.stringify({ id: 'enrollment-1' }),
  },
}
