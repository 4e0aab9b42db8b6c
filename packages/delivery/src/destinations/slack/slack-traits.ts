import type { DestinationTraits } from '../traits.ts'

export const slackTraits: DestinationTraits = {
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
}
