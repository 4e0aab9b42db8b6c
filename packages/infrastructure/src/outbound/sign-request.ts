import { createHmac, createPrivateKey, sign } from 'node:crypto'
import type { Signing } from '@ghostpost/delivery'

/** What turns an ed25519 seed of 32 bytes into a PKCS#8 key (RFC 8410 §7). */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * Standard Webhooks' headers over the exact bytes that are sent: one signature per live secret, the current one first.
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
  const [kind, encoded = ''] = secret.split('_')
  const bytes = Buffer.from(encoded, 'base64')
  if (kind === 'whsec') return `v1,${createHmac('sha256', bytes).update(signed).digest('base64')}`
  // A key may be given as its seed or as seed and public half together.
  const der = Buffer.concat([ed25519Prefix, bytes.subarray(0, 32)])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return `v1a,${sign(null, Buffer.from(signed), key).toString('base64')}`
}
