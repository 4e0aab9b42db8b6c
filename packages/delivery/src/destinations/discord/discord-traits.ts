import type { DestinationTraits } from '../traits.ts'

export const discordTraits: DestinationTraits = {
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
}
