import { destinationTraits, webhookTypes, type WebhookType } from '@ghostpost/client'

/** Display name of each destination type. */
export const destinationTypeLabels = Object.fromEntries(
  webhookTypes.map((type) => [type, destinationTraits[type].label]),
) as Readonly<Record<WebhookType, string>>

/** Types of destination that can receive an alert. */
export const alertDestinationTypes = webhookTypes.filter((type) => destinationTraits[type].showsAlerts)
