import type { DestinationTraits } from '../traits.ts'

export const salesforceTraits = {
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
  mapping: {
    kind: 'record',
    names: '^[A-Za-z](?:_{0,2}[A-Za-z0-9]){0,99}$',
    namesHelp: "a field's API name, as in Lead_Score__c",
    reserved: ['Id', 'Ghost_Visitor_ID__c'],
    fieldsMax: 50,
  },
} as const satisfies DestinationTraits
