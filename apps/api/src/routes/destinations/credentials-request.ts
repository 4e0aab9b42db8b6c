import {
  collidesWithCredentials,
  readCredentials,
  type Credentials,
  type WebhookType,
} from '@ghostpost/delivery/destinations'
import type { CredentialsBody } from '@ghostpost/delivery/contract/credentials'
import { canSign } from '@ghostpost/infrastructure/outbound'
import { invalid } from './destination-request.ts'

/**
 * Reads a destination's credentials from a request; null if it has none.
 * @throws ApiError `validation_failed` with the wrong field
 */
export async function credentialsOf(
  type: WebhookType,
  body: CredentialsBody | null | undefined,
): Promise<Credentials | null> {
  if (body === null || body === undefined) return null
  const read = readCredentials(type, body)
  if (!read.ok) throw invalid(read.field, read.expected)
  const { credentials } = read
  if (credentials.kind === 'jwt_bearer' && !(await canSign(credentials))) {
    throw invalid('credentials.private_key', 'an RSA key of 2,048 bits or more as PKCS#8 PEM')
  }
  return credentials
}

/** Throws `validation_failed` if a custom header would collide with the access token's Authorization header. */
export function checkAuthorization(
  credentials: Credentials | null,
  headers: Readonly<Record<string, string>>,
): void {
  if (credentials === null || !collidesWithCredentials(headers)) return
  throw invalid('headers', 'no authorization header beside credentials')
}
