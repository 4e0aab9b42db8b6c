import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'

export type DestinationType = DeliverySummary['webhook_type']

/** Display name of each destination type. The record makes the compiler demand every type of the contract. */
export const destinationTypeLabels: Readonly<Record<DestinationType, string>> = {
  custom: 'Webhook',
  hubspot: 'HubSpot',
  salesforce: 'Salesforce',
  slack: 'Slack',
  discord: 'Discord',
}

export const destinationTypes = Object.keys(destinationTypeLabels) as DestinationType[]

/** Types of destination that can receive an alert. */
export const alertDestinationTypes: readonly DestinationType[] = ['custom', 'slack', 'discord']
