import { custom } from './custom.ts'
import type { Destination, WebhookType } from './destination.ts'
import { discord } from './discord.ts'
import { hubspot } from './hubspot.ts'
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

export function destinationOf(type: WebhookType): Destination {
  return destinations[type]
}
