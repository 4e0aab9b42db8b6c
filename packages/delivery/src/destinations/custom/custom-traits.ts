import type { DestinationTraits } from '../traits.ts'

export const customTraits: DestinationTraits = {
  label: 'Webhook',
  // Receivers recognise a repeat by its webhook-id.
  repeatable: true,
  oneRecordPerVisitor: false,
  showsAlerts: true,
  signed: true,
  credentialKinds: [],
  createsProperties: false,
  suggestedRateLimit: null,
  limitedPerWebhook: false,
  duplicateCauses: [],
  urlHelp: 'The address of your own receiver.',
  preview: { kind: 'fields', object: 'Field' },
}
