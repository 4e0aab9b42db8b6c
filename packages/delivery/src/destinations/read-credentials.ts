import type { CredentialsBody } from '../contract/credentials.ts'
import { parseReceiverUrl, receiverUrlProblems } from '../receivers/receiver-url.ts'
import { credentialForms, type CredentialFieldName, type Credentials } from './credentials.ts'
import { traitsOf, type WebhookType } from './registry.ts'

export type CredentialsResult =
  | { ok: true; credentials: Credentials }
  | { ok: false; field: string; expected: string }

/** Each value goes into a header or a form, and people paste it. */
const visibleAscii = /^[\x21-\x7e]+$/
const pem = /^-----BEGIN PRIVATE KEY-----\s[A-Za-z0-9+/=\s]+-----END PRIVATE KEY-----\s*$/

/** Checks credentials for a destination type. A refusal names the field and says what the API expects there. */
export function readCredentials(type: WebhookType, body: CredentialsBody): CredentialsResult {
  const kinds = traitsOf(type).credentialKinds
  if (kinds.length === 0) return invalid('credentials', `no credentials: a ${type} destination takes none`)
  if (!kinds.includes(body.kind)) return invalid('credentials.kind', `${kinds.join(' or ')} for ${type}`)
  const { fields } = credentialForms[body.kind]
  const missing = fields.find(({ name, isOptional }) => !isOptional && body[name] === undefined)
  if (missing) return invalid(`credentials.${missing.name}`, `this field for ${body.kind}`)
  for (const [name, value] of Object.entries(body)) {
    if (name === 'kind') continue
    const known = fields.some((field) => field.name === name)
    const expected = known ? problemOf(name as CredentialFieldName, value) : `no such field for ${body.kind}`
    if (expected !== null) return invalid(`credentials.${name}`, expected)
  }
  return { ok: true, credentials: { ...body } as Credentials }
}

function problemOf(field: CredentialFieldName, value: string): string | null {
  if (field === 'private_key') {
    return pem.test(value) ? null : 'an RSA key as PKCS#8 PEM (-----BEGIN PRIVATE KEY-----)'
  }
  if (field === 'token_url') {
    const parsed = parseReceiverUrl(value)
    return parsed.ok ? null : receiverUrlProblems[parsed.problem]
  }
  return visibleAscii.test(value) ? null : 'printable ASCII without spaces'
}

function invalid(field: string, expected: string): CredentialsResult {
  return { ok: false, field, expected }
}

/** True when custom headers contain an Authorization header, which would duplicate that of the access token. */
export function collidesWithCredentials(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')
}
