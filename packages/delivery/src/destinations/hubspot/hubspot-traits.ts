import type { DestinationTraits } from '../traits.ts'

export const hubspotTraits = {
  label: 'HubSpot',
  repeatable: true,
  oneRecordPerVisitor: true,
  showsAlerts: false,
  signed: false,
  credentialKinds: ['access_token'],
  createsProperties: true,
  // HubSpot publishes 100 in 10 seconds; an attempt may send several requests.
  suggestedRateLimit: { requests: 90, per_seconds: 10 },
  hosts: ['api.hubapi.com', 'api-eu1.hubapi.com'],
  limitedPerWebhook: false,
  duplicateCauses: ['hubspot_contact_exists'],
  urlHelp: "The URL of a workflow's webhook trigger, or with credentials that of HubSpot's API.",
  preview: { kind: 'fields', object: 'HubSpot contact', path: 'properties' },
  fieldPolicies: { firstname: 'empty', lastname: 'empty', city: 'empty', country: 'empty' },
  mapping: {
    kind: 'record',
    names: '^[a-z][a-z0-9_]{0,99}$',
    namesHelp: "a property's internal name, as in lead_score",
    reserved: ['ghost_visitor_id', 'hs_object_id', 'hs_analytics_source'],
    fieldsMax: 50,
  },
} as const satisfies DestinationTraits
