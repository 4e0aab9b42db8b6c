import { createHmac, sign } from 'node:crypto'
import type { Signing } from '@ghostpost/delivery/deliver'
import { signingKey, signingKindOf } from '../secrets/signing-secret.ts'

/**
 * Standard Webhooks' headers for the exact bytes of the body: one signature per valid secret, the current secret first.
 * `whsec_` secrets sign with HMAC-SHA256 (`v1`), `whsk_` keys with ed25519 (`v1a`).
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signatureHeaders({ id, timestamp, secrets }: Signing, body: string): Record<string, string> {
  const signed = `${id}.${timestamp}.${body}`
  const signatures = secrets.map((secret) => signatureOf(secret, signed))
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp) }
  return signatures.length === 0 ? headers : { ...headers, 'webhook-signature': signatures.join(' ') }
}

function signatureOf(secret: string, signed: string): string {
  if (signingKindOf(secret) === 'ed25519')
    return `v1a,${sign(null, Buffer.from(signed), signingKey(secret)).toString('base64')}`
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
}
