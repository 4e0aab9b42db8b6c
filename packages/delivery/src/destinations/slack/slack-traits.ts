import type { DestinationTraits } from '../traits.ts'

export const slackTraits = {
  label: 'Slack',
  repeatable: false,
  oneRecordPerVisitor: false,
  showsAlerts: true,
  signed: false,
  credentialKinds: [],
  createsProperties: false,
  suggestedRateLimit: { requests: 1, per_seconds: 1 },
  hosts: ['hooks.slack.com', 'hooks.slack-gov.com'],
  limitedPerWebhook: true,
  duplicateCauses: [],
  urlHelp: 'The URL of an incoming webhook.',
  preview: { kind: 'blocks' },
  hasCompatibleServers: true,
  mapping: {
    kind: 'message',
    names: '^(?=.*\\S)[^\\p{C}]{1,60}$',
    namesHelp: 'a label of at most 60 characters',
    reserved: [],
    // A section of blocks takes 10 fields, and a header 150 characters.
    fieldsMax: 10,
    titleMax: 150,
  },
} as const satisfies DestinationTraits
