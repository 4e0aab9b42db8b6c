import type { Credentials } from './credentials.ts'
import { custom } from './custom/index.ts'
import type { Destination, DestinationType } from './destination.ts'
import { policyOf, type DestinationOptions, type FieldPolicy } from './destination-options.ts'
import { discord } from './discord/index.ts'
import { hubspot } from './hubspot/index.ts'
import type { Mapping } from './mapping/index.ts'
import { salesforce } from './salesforce/index.ts'
import { slack } from './slack/index.ts'
import type { DestinationTraits } from './traits.ts'

/** Every destination type, in the order of the contract. A new type is a folder beside this file and a line here. */
const registry = {
  custom,
  hubspot,
  salesforce,
  slack,
  discord,
} satisfies Record<string, DestinationType>

export type WebhookType = keyof typeof registry

export const destinationTypes: Readonly<Record<WebhookType, DestinationType>> = registry

export const webhookTypes = Object.keys(registry) as WebhookType[]

/** The type of an export that names none. */
export const defaultWebhookType: WebhookType = 'custom'

export function traitsOf(type: WebhookType): DestinationTraits {
  return destinationTypes[type].traits
}

/** The types whose traits fulfil a condition, in the order of the registry. */
export function typesWith(condition: (traits: DestinationTraits) => boolean): WebhookType[] {
  return webhookTypes.filter((type) => condition(traitsOf(type)))
}

/**
 * The destination of a type: without credentials in plain mode, with credentials in CRM mode.
 * @param mapping what the payload consists of; null for the documented payload
 */
export function destinationOf(
  type: WebhookType,
  credentials: Credentials | null = null,
  options: DestinationOptions = {},
  mapping: Mapping | null = null,
): Destination {
  const { plain, withCredentials, mapBody } = destinationTypes[type]
  const isPlain = credentials === null || withCredentials === undefined
  const destination = isPlain ? plain : withCredentials(credentials, withPolicies(type, options, mapping))
  if (mapping === null || mapBody === undefined) return destination
  return {
    ...destination,
    buildBody: (profile, build) => mapBody(profile, build, mapping, destination.buildBody(profile, build)),
  }
}

/** The options with the policies of all mapped fields. */
function withPolicies(
  type: WebhookType,
  options: DestinationOptions,
  mapping: Mapping | null,
): DestinationOptions {
  const { fieldPolicies } = traitsOf(type)
  const policies = (mapping?.fields ?? []).flatMap(({ to, when }): [string, FieldPolicy][] =>
    to === undefined ? [] : [[to, when ?? policyOf(to, fieldPolicies, options)]],
  )
  return policies.length === 0
    ? options
    : { ...options, fields: { ...options.fields, ...Object.fromEntries(policies) } }
}
