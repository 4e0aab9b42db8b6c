import type { CredentialKind, CredentialsBody } from '../contract/credentials.ts'
import type { WebhookType } from './webhook-types.ts'
import { parseReceiverUrl, receiverUrlProblems } from '../receivers/receiver-url.ts'

/** What a saved destination proves itself with; sealed with it, and in its contract's own words. */
export type Credentials = AccessTokenCredentials | OAuthCredentials

/** A HubSpot private app's or service key's token. */
export interface AccessTokenCredentials {
  kind: 'access_token'
  access_token: string
}

/** What a Salesforce token endpoint exchanges for an access token. */
export type OAuthCredentials = ClientCredentials | JwtBearerCredentials

interface ClientCredentials {
  kind: 'client_credentials'
  client_id: string
  client_secret: string
  token_url?: string
}

export interface JwtBearerCredentials {
  kind: 'jwt_bearer'
  client_id: string
  username: string
  /** RSA, PKCS#8, PEM. */
  private_key: string
  token_url?: string
  audience?: string
}

export type CredentialsResult =
  | { ok: true; credentials: Credentials }
  | { ok: false; field: string; expected: string }

const kindsByType: Readonly<Record<WebhookType, readonly CredentialKind[]>> = {
  custom: [],
  hubspot: ['access_token'],
  salesforce: ['client_credentials', 'jwt_bearer'],
  slack: [],
  discord: [],
}

type Field = Exclude<keyof CredentialsBody, 'kind'>

const fieldsByKind: Readonly<
  Record<CredentialKind, { needed: readonly Field[]; possible: readonly Field[] }>
> = {
  access_token: { needed: ['access_token'], possible: [] },
  client_credentials: { needed: ['client_id', 'client_secret'], possible: ['token_url'] },
  jwt_bearer: { needed: ['client_id', 'username', 'private_key'], possible: ['token_url', 'audience'] },
}

/** Goes into a header or a form, and came from a copy and paste. */
const visibleAscii = /^[\x21-\x7e]+$/
const pem = /^-----BEGIN PRIVATE KEY-----\s[A-Za-z0-9+/=\s]+-----END PRIVATE KEY-----\s*$/

/** Reads credentials for one type of destination, or says which field is wrong and what was expected there. */
export function readCredentials(type: WebhookType, body: CredentialsBody): CredentialsResult {
  const kinds = kindsByType[type]
  if (kinds.length === 0)
    return invalid('credentials', `no credentials: a ${type} destination has no use for them`)
  if (!kinds.includes(body.kind)) return invalid('credentials.kind', `${kinds.join(' or ')} for ${type}`)
  const { needed: required, possible: optional } = fieldsByKind[body.kind]
  for (const field of required) {
    if (body[field] === undefined) return invalid(`credentials.${field}`, `this field for ${body.kind}`)
  }
  for (const [name, value] of Object.entries(body)) {
    if (name === 'kind') continue
    const known = [...required, ...optional].includes(name as Field)
    const expected = known ? problemOf(name as Field, value) : `no such field for ${body.kind}`
    if (expected !== null) return invalid(`credentials.${name}`, expected)
  }
  return { ok: true, credentials: { ...body } as Credentials }
}

function problemOf(field: Field, value: string): string | null {
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

/** True when custom headers would stand beside the access token as a second Authorization. */
export function collidesWithCredentials(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')
}
