import { credentialForms } from '../destinations/credentials.ts'
import { defaultWebhookType, traitsOf, webhookTypes, type WebhookType } from '../destinations/registry.ts'
import type { DestinationTraits } from '../destinations/traits.ts'

/**
 * The destination types, for the dashboard and the command line. Every export is plain JSON: the dashboard's build
 * copies the values into its bundle, so that browsers do not load the rules.
 */
export const destinationTraits = Object.fromEntries(
  webhookTypes.map((type) => [type, traitsOf(type)]),
) as Readonly<Record<WebhookType, DestinationTraits>>

export { fieldPolicies } from '../destinations/destination-options.ts'
export { credentialForms, defaultWebhookType, webhookTypes }
export type { CredentialField, CredentialKind } from '../destinations/credentials.ts'
export type { DestinationTraits, PreviewTraits } from '../destinations/traits.ts'
export type { WebhookType }
