import { destinationTraits, webhookTypes, type WebhookType } from '@ghostpost/client'

/** The label of each kind of destination. */
export const destinationKindLabels = Object.fromEntries(
  webhookTypes.map((type) => [type, destinationTraits[type].label]),
) as Readonly<Record<WebhookType, string>>
