import type { Credentials } from '../credentials.ts'
import { custom } from './custom.ts'
import type { Destination, WebhookType } from './destination.ts'
import { discord } from './discord.ts'
import { hubspotCrm } from './hubspot-crm.ts'
import { hubspot } from './hubspot.ts'
import { salesforceUpsert } from './salesforce-upsert.ts'
import { salesforce } from './salesforce.ts'
import { slack } from './slack.ts'

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
