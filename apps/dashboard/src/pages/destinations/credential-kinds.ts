import type { CredentialsBody } from '@ghostpost/delivery/contract/credentials'
import type { DestinationBody, DestinationView } from '@ghostpost/delivery/contract/destination'

export type DestinationKind = DestinationBody['webhook_type']
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
  hint: 'Empty: that of the instance.',
  isOptional: true,
}

/** What each kind of credentials consists of. */
export const credentialFields: Readonly<Record<CredentialKind, readonly CredentialField[]>> = {
  access_token: [
    {
      name: 'access_token',
      label: 'Access token',
      hint: 'Of a private app or a service key.',
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
    { name: 'audience', label: 'Audience', hint: 'Empty: that of the login server.', isOptional: true },
  ],
}

/** The kinds of credentials a kind of destination takes; none for those that are not CRMs. */
export function credentialKindsOf(kind: DestinationKind): readonly CredentialKind[] {
  if (kind === 'hubspot') return ['access_token']
  return kind === 'salesforce' ? ['client_credentials', 'jwt_bearer'] : []
}

/**
 * The credentials as a form has them: absent to keep what is set, null to take it away.
 * @param field the text of a field by its name
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
