import type { DestinationTraits } from '../traits.ts'

export const discordTraits = {
  label: 'Discord',
  repeatable: false,
  oneRecordPerVisitor: false,
  showsAlerts: true,
  signed: false,
  credentialKinds: [],
  createsProperties: false,
  suggestedRateLimit: { requests: 5, per_seconds: 2 },
  hosts: ['discord.com', 'discordapp.com', 'ptb.discord.com', 'canary.discord.com'],
  limitedPerWebhook: true,
  duplicateCauses: [],
  urlHelp: "The URL of a webhook, from the channel's settings.",
  preview: { kind: 'embeds' },
  mapping: {
    kind: 'message',
    names: '^(?=.*\\S)[^\\p{C}]{1,60}$',
    namesHelp: 'a label of at most 60 characters',
    reserved: [],
    // An embed takes 25 fields, and its title 256 characters.
    fieldsMax: 25,
    titleMax: 256,
  },
} as const satisfies DestinationTraits
