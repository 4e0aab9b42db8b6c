import type { CredentialsBody } from '@ghostpost/delivery/contract/credentials'
import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import type { DestinationType } from '../../ui/destination-types.ts'

export type CredentialKind = NonNullable<DestinationView['credentials']>

export const credentialLabels: Readonly<Record<CredentialKind, string>> = {
  access_token: 'Access token',
  client_credentials: 'Client id and secret',
  jwt_bearer: 'Signed JWT',
}

export interface CredentialField {
  name: Exclude<keyof CredentialsBody, 'kind'>
  label: string
  hint?: string
  isLong?: boolean
  isOptional?: boolean
  isSecret?: boolean
}

const tokenUrl: CredentialField = {
  name: 'token_url',
  label: 'Token URL',
  hint: 'Default: the token URL of the instance.',
  isOptional: true,
}

/** The form fields of each kind of credentials. */
export const credentialFields: Readonly<Record<CredentialKind, readonly CredentialField[]>> = {
  access_token: [
    {
      name: 'access_token',
      label: 'Access token',
      hint: 'The token of a private app, or a service key.',
      isSecret: true,
    },
  ],
  client_credentials: [
    { name: 'client_id', label: 'Client id' },
    { name: 'client_secret', label: 'Client secret', isSecret: true },
    tokenUrl,
  ],
  jwt_bearer: [
    { name: 'client_id', label: 'Client id' },
    { name: 'username', label: 'User name' },
    {
      name: 'private_key',
      label: 'Private key',
      hint: 'RSA, PKCS#8, PEM.',
      isLong: true,
      isSecret: true,
    },
    tokenUrl,
    { name: 'audience', label: 'Audience', hint: 'Default: the URL of the login server.', isOptional: true },
  ],
}

/** The kinds of credentials that a destination type accepts; none for a type that is not a CRM. */
export function credentialKindsOf(type: DestinationType): readonly CredentialKind[] {
  if (type === 'hubspot') return ['access_token']
  return type === 'salesforce' ? ['client_credentials', 'jwt_bearer'] : []
}

/**
 * Reads the credentials from a form. Absent keeps the stored credentials, null removes them.
 * @param field reads a field by its name
 */
export function readCredentials(field: (name: string) => string): {
  credentials?: CredentialsBody | null
} {
  const kind = field('credentials')
  if (kind === '') return {}
  if (!(kind in credentialFields)) return { credentials: null }
  const present = credentialFields[kind as CredentialKind]
    .map(({ name }) => [name, field(name).trim()] as const)
    .filter(([, value]) => value !== '')
  return { credentials: { kind: kind as CredentialKind, ...Object.fromEntries(present) } }
}
