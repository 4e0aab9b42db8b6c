import { createHash } from 'node:crypto'
import { limitsEachWebhook, type WebhookType } from '@ghostpost/delivery/destinations'

const keyLength = 12

/**
 * Distinguishes the webhooks of one host where the receiver limits each webhook on its own: a digest of the path, which
 * is secret. Null where the receiver limits its whole origin.
 */
export function webhookKeyOf(type: WebhookType, url: URL): string | null {
  if (!limitsEachWebhook(type, url)) return null
  return createHash('sha256').update(url.pathname).digest('hex').slice(0, keyLength)
}
