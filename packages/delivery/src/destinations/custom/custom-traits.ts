import type { DestinationTraits } from '../traits.ts'

export const customTraits = {
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
  mapping: {
    kind: 'object',
    names: '^[A-Za-z_][A-Za-z0-9_-]{0,63}(\\.[A-Za-z_][A-Za-z0-9_-]{0,63}){0,3}$',
    namesHelp: 'a key of letters, digits, _ and -, as in email or person.email',
    reserved: ['__proto__', 'constructor', 'prototype'],
    fieldsMax: 100,
  },
} as const satisfies DestinationTraits
