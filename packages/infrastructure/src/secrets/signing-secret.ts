import { randomBytes } from 'node:crypto'

const secretBytes = 32

/**
 * A new symmetric signing secret. Standard Webhooks asks for 24 to 64 random bytes, written `whsec_` and base64.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(secretBytes).toString('base64')}`
}
