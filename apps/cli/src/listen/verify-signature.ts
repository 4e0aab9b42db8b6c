import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { UsageError } from '../exit-codes.ts'

/** The keys that verify signatures. */
export interface SignatureKeys {
  /** Shared secret: HMAC-SHA256, `v1`. */
  secret: Webhook | null
  /** Public key: ed25519, `v1a`. */
  publicKey: KeyObject | null
}

/** Result of verifying a signature. */
export type SignatureCheck =
  | { kind: 'valid'; by: 'secret' | 'public key' }
  | { kind: 'invalid'; why: string }
  /** The request has no signature. */
  | { kind: 'unsigned' }
  /** The request has a signature, but there is no key to verify it. */
  | { kind: 'unchecked' }

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: replay attacks. */
const toleranceSeconds = 300

/**
 * Parses the keys of the command line.
 * @throws UsageError when a key has the wrong format
 */
export function readKeys(secret: string | undefined, publicKey: string | undefined): SignatureKeys {
  return {
    secret: secret === undefined ? null : readSecret(secret),
    publicKey: publicKey === undefined ? null : readPublicKey(publicKey),
  }
}

function readSecret(text: string): Webhook {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text))
    throw new UsageError('The secret is invalid: a secret begins with whsec_, followed by base64.')
  return new Webhook(text)
}

function readPublicKey(text: string): KeyObject {
  const bytes = Buffer.from(text.slice('whpk_'.length), 'base64')
  if (!/^whpk_[A-Za-z0-9+/]+={0,2}$/.test(text) || bytes.length !== 32)
    throw new UsageError(
      'The public key is invalid: a public key begins with whpk_, followed by 32 bytes in base64.',
    )
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }
  return createPublicKey({ key: jwk, format: 'jwk' })
}

/**
 * Verifies the signature over the exact bytes of the body.
 * @param now current time in milliseconds
 */
export function checkSignature(
  headers: IncomingHttpHeaders,
  body: Buffer,
  keys: SignatureKeys,
  now: number,
): SignatureCheck {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headers[name]?.toString(),
  )
  if (!signatures) return { kind: 'unsigned' }
  if (!keys.secret && !keys.publicKey) return { kind: 'unchecked' }
  if (!id) return { kind: 'invalid', why: 'there is no webhook-id' }
  const timeProblem = timestampProblem(timestamp, now)
  if (timeProblem !== null) return { kind: 'invalid', why: timeProblem }
  const signed = { id, timestamp: timestamp ?? '', signatures: signatures.split(' ') }
  if (keys.secret && matchesSecret(keys.secret, signed, body)) return { kind: 'valid', by: 'secret' }
  if (keys.publicKey && matchesPublicKey(keys.publicKey, signed, body))
    return { kind: 'valid', by: 'public key' }
  return { kind: 'invalid', why: explainMismatch(signed, keys) }
}

interface SignatureHeaders {
  id: string
  timestamp: string
  signatures: readonly string[]
}

function timestampProblem(timestamp: string | undefined, now: number): string | null {
  if (!timestamp) return 'there is no webhook-timestamp'
  if (!/^\d{1,12}$/.test(timestamp)) return 'webhook-timestamp is not a number of seconds'
  const age = Math.floor(now / 1_000) - Number(timestamp)
  if (age > toleranceSeconds)
    return `it was signed ${age} s ago; more than ${toleranceSeconds} s may be a replay`
  if (age < -toleranceSeconds) return `it was signed ${-age} s in the future; one of the two clocks is wrong`
  return null
}

function matchesSecret(
  secret: Webhook,
  { id, timestamp, signatures }: SignatureHeaders,
  body: Buffer,
): boolean {
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
  try {
    secret.verify(body, headers, { jsonParse: false })
    return true
  } catch {
    return false
  }
}

function matchesPublicKey(
  key: KeyObject,
  { id, timestamp, signatures }: SignatureHeaders,
  body: Buffer,
): boolean {
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body])
  return signatures
    .filter((one) => one.startsWith('v1a,'))
    .some((one) => verify(null, signed, key, Buffer.from(one.slice('v1a,'.length), 'base64')))
}

function explainMismatch({ signatures }: SignatureHeaders, { secret, publicKey }: SignatureKeys): string {
  const versions = new Set(signatures.map((one) => one.split(',')[0]))
  if (secret && !publicKey && !versions.has('v1'))
    return 'it is signed with a key pair: set --public-key instead of --secret'
  if (publicKey && !secret && !versions.has('v1a'))
    return 'it is signed with a shared secret: set --secret instead of --public-key'
  return 'no signature matches: it was signed with another key, or was changed in transit'
}
