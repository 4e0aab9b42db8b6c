import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'

type Kind = DeliverySummary['webhook_type']

/** What people call each kind of destination. */
export const destinationKindLabels: Readonly<Record<Kind, string>> = {
  custom: 'Webhook',
  hubspot: 'HubSpot',
  salesforce: 'Salesforce',
  slack: 'Slack',
  discord: 'Discord',
}
