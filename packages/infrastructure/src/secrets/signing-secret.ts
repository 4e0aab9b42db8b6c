import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'

const secretBytes = 32

/** How a receiver verifies a request: with a shared secret, or with a public key. */
export type SigningKind = 'hmac' | 'ed25519'

/**
 * A new signing secret. Standard Webhooks requires 24 to 64 random bytes, written as `whsec_` and base64. An ed25519
 * key is written as `whsk_` and base64 of its seed and public half.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function newSigningSecret(kind: SigningKind = 'hmac'): string {
  if (kind === 'hmac') return `whsec_${randomBytes(secretBytes).toString('base64')}`
  const { privateKey } = generateKeyPairSync('ed25519')
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' })
  const halves = [d, x].map((half) => Buffer.from(half, 'base64url'))
  return `whsk_${Buffer.concat(halves).toString('base64')}`
}

export function signingKindOf(secret: string): SigningKind {
  return secret.startsWith('whsk_') ? 'ed25519' : 'hmac'
}

/** The public half of an ed25519 key, `whpk_` and base64 of its 32 bytes; null for a shared secret. */
export function publicKeyOf(secret: string): string | null {
  if (signingKindOf(secret) === 'hmac') return null
  const { x = '' } = createPublicKey(signingKey(secret)).export({ format: 'jwk' })
  return `whpk_${Buffer.from(x, 'base64url').toString('base64')}`
}

/** The bytes that, before an ed25519 seed of 32 bytes, make a PKCS#8 key (RFC 8410 §7). */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Parses an ed25519 key: a seed, or a seed and its public half. */
export function signingKey(secret: string): KeyObject {
  const bytes = Buffer.from(secret.slice('whsk_'.length), 'base64')
  const key = Buffer.concat([ed25519Prefix, bytes.subarray(0, 32)])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}
