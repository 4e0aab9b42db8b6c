import { traitsOf, webhookTypes, type WebhookType } from './registry.ts'
import type { DestinationTraits } from './traits.ts'

/**
 * Hosts that limit each webhook on its own, so that one webhook's 429 says nothing about the others. Slack, Discord:
 * https://docs.slack.dev/apis/web-api/rate-limits, https://discord.com/developers/docs/topics/rate-limits. Zapier:
 * https://help.zapier.com/hc/en-us/articles/29972220283789. The others give every webhook a path of its own.
 */
const hostsLimitedPerWebhook = [
  'hooks.slack.com',
  'discord.com',
  'discordapp.com',
  'hooks.zapier.com',
  'make.com',
  'maker.ifttt.com',
  'hooks.airtable.com',
  'chat.googleapis.com',
  'webhook.office.com',
  'logic.azure.com',
  'api.powerplatform.com',
  'n8n.cloud',
]

/**
 * n8n serves its webhooks below these paths of any host:
 * https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.webhook
 */
const webhookPath = /^\/webhook(-test)?\//

/** The hosts of the tools with a published rate. Proxies and other servers have limits of their own. */
const hostsOfTypes: readonly (readonly [host: string, type: WebhookType])[] = webhookTypes.flatMap((type) =>
  (traitsOf(type).hosts ?? []).map((host) => [host, type] as const),
)

/** The published rate of the tool at this host (with or without a port); null when none is known. */
export function limitOfHost(receiverHost: string): DestinationTraits['suggestedRateLimit'] {
  const host = receiverHost.replace(/:\d+$/, '')
  const [, type] = hostsOfTypes.find(([one]) => one === host) ?? []
  return type === undefined ? null : traitsOf(type).suggestedRateLimit
}

/** Whether the receiver limits each webhook on its own, not all requests to its origin. */
export function limitsEachWebhook(type: WebhookType, url: URL): boolean {
  return (
    traitsOf(type).limitedPerWebhook ||
    hostsLimitedPerWebhook.some((host) => `.${url.hostname}`.endsWith(`.${host}`)) ||
    webhookPath.test(url.pathname)
  )
}
