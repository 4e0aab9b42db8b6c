import type { DestinationTraits } from '../traits.ts'

export const hubspotTraits: DestinationTraits = {
  label: 'HubSpot',
  repeatable: true,
  oneRecordPerVisitor: true,
  showsAlerts: false,
  signed: false,
  credentialKinds: ['access_token'],
  createsProperties: true,
  suggestedRateLimit: null,
  limitedPerWebhook: false,
  duplicateCauses: ['hubspot_contact_exists'],
  urlHelp: "The URL of a workflow's webhook trigger, or with credentials that of HubSpot's API.",
  preview: { kind: 'fields', object: 'HubSpot contact', path: 'properties' },
}
