import { createHash } from 'node:crypto'
import { traitsOf, type WebhookType } from './registry.ts'

/**
 * Hosts that limit each webhook on its own, so that one webhook's 429 says nothing about the others. Slack, Discord:
 * https://docs.slack.dev/apis/web-api/rate-limits, https://discord.com/developers/docs/topics/rate-limits. Zapier:
 * https://help.zapier.com/hc/en-us/articles/29972220283789. The others give every webhook a path of its own.
 */
const hostsLimitedPerWebhook = new RegExp(
  `^(${[
    String.raw`hooks\.slack\.com`,
    String.raw`([a-z]+\.)?discord(app)?\.com`,
    String.raw`hooks\.zapier\.com`,
    String.raw`hook\.[a-z0-9]+\.make\.com`,
    String.raw`maker\.ifttt\.com`,
    String.raw`hooks\.airtable\.com`,
    String.raw`chat\.googleapis\.com`,
    String.raw`.+\.(webhook\.office\.com|logic\.azure\.com|api\.powerplatform\.com|n8n\.cloud)`,
  ].join('|')})$`,
)

/**
 * n8n serves its webhooks below these paths of any host:
 * https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.webhook
 */
const webhookPath = /^\/webhook(-test)?\//

const keyLength = 12

/**
 * Distinguishes the webhooks of one host where the receiver limits each webhook on its own: a digest of the path, which
 * is secret. Null where the receiver limits its whole origin.
 */
export function webhookKeyOf(type: WebhookType, url: URL): string | null {
  const isLimitedPerWebhook =
    traitsOf(type).limitedPerWebhook ||
    hostsLimitedPerWebhook.test(url.hostname) ||
    webhookPath.test(url.pathname)
  if (!isLimitedPerWebhook) return null
  return createHash('sha256').update(url.pathname).digest('hex').slice(0, keyLength)
}
