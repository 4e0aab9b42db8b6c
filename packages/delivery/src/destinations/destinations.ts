import type { Credentials } from './credentials.ts'
import { custom } from './custom/custom.ts'
import type { Destination } from './destination.ts'
import type { WebhookType } from './webhook-types.ts'
import { discord } from './discord/discord.ts'
import { hubspotCrm } from './hubspot/hubspot-crm.ts'
import { hubspot } from './hubspot/hubspot.ts'
import { salesforceUpsert } from './salesforce/salesforce-upsert.ts'
import { salesforce } from './salesforce/salesforce.ts'
import { slack } from './slack/slack.ts'

/** Every kind of destination. A sixth one is a file of its own and a line here. */
const destinations: Readonly<Record<WebhookType, Destination>> = {
  custom,
  hubspot,
  salesforce,
  slack,
  discord,
}

/** The destination of a type in its plain mode, or with credentials in its CRM mode. */
export function destinationOf(type: WebhookType, credentials: Credentials | null = null): Destination {
  if (credentials === null) return destinations[type]
  return credentials.kind === 'access_token' ? hubspotCrm(credentials) : salesforceUpsert(credentials)
}
