import type { DestinationTraits } from '../traits.ts'

export const salesforceTraits: DestinationTraits = {
  label: 'Salesforce',
  repeatable: true,
  oneRecordPerVisitor: true,
  showsAlerts: false,
  signed: false,
  credentialKinds: ['client_credentials', 'jwt_bearer'],
  createsProperties: false,
  suggestedRateLimit: null,
  limitedPerWebhook: false,
  duplicateCauses: ['salesforce_duplicate'],
  urlHelp: "The URL of an Apex REST class, or with credentials the organisation's own domain.",
  preview: { kind: 'fields', object: 'Salesforce lead' },
  fieldPolicies: {
    FirstName: 'empty',
    LastName: 'empty',
    Company: 'empty',
    LeadSource: 'empty',
    City: 'empty',
    Country: 'empty',
  },
  convertsRecords: true,
}
