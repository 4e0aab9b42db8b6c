import type { DestinationType } from '../destination.ts'
import { authorizationCauses } from '../judge-authorization.ts'
import { mappedLead } from './mapped-lead.ts'
import { salesforceUpsert, salesforceUpsertCauses } from './salesforce-upsert.ts'
import { salesforceCauses, salesforceDestination } from './salesforce.ts'
import { salesforceTraits } from './salesforce-traits.ts'
import { checkSalesforceUrl } from './salesforce-url.ts'

export const salesforce: DestinationType = {
  traits: salesforceTraits,
  causes: [...new Set([...salesforceCauses, ...salesforceUpsertCauses, ...authorizationCauses])],
  plain: salesforceDestination,
  withCredentials: (credentials, options) =>
    credentials.kind === 'access_token' ? salesforceDestination : salesforceUpsert(credentials, options),
  mapBody: mappedLead,
  checkUrl: checkSalesforceUrl,
  sampleResponse: {
    status: 201,
    contentType: 'application/json',
    body: JSON.stringify({ id: '00Q000000000001', success: true, errors: [] }),
  },
}
