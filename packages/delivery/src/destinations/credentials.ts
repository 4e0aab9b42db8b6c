/** The credentials of a saved destination. Field names are those of the API; the database stores them encrypted. */
export type Credentials = AccessTokenCredentials | OAuthCredentials

/** The access token of a private app or service key. */
export interface AccessTokenCredentials {
  kind: 'access_token'
  access_token: string
}

/** Credentials that a token endpoint exchanges for an access token. */
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

export type CredentialKind = Credentials['kind']

export type CredentialFieldName =
  | 'access_token'
  | 'client_id'
  | 'client_secret'
  | 'username'
  | 'private_key'
  | 'token_url'
  | 'audience'

/** One field of credentials, as a form shows it. */
export interface CredentialField {
  name: CredentialFieldName
  label: string
  hint?: string
  isLong?: boolean
  isOptional?: boolean
  isSecret?: boolean
}

interface CredentialForm {
  label: string
  fields: readonly CredentialField[]
}

const tokenUrl: CredentialField = {
  name: 'token_url',
  label: 'Token URL',
  hint: 'Empty: the token endpoint of the instance.',
  isOptional: true,
}

/** The fields of each kind of credentials. The API's checks and the dashboard's form both read them. */
export const credentialForms: Readonly<Record<CredentialKind, CredentialForm>> = {
  access_token: {
    label: 'Access token',
    fields: [
      {
        name: 'access_token',
        label: 'Access token',
        hint: 'Of a private app or a service key.',
        isSecret: true,
      },
    ],
  },
  client_credentials: {
    label: 'Client id and secret',
    fields: [
      { name: 'client_id', label: 'Client id' },
      { name: 'client_secret', label: 'Client secret', isSecret: true },
      tokenUrl,
    ],
  },
  jwt_bearer: {
    label: 'Signed JWT',
    fields: [
      { name: 'client_id', label: 'Client id' },
      { name: 'username', label: 'User name' },
      { name: 'private_key', label: 'Private key', hint: 'RSA, PKCS#8, PEM.', isLong: true, isSecret: true },
      tokenUrl,
      { name: 'audience', label: 'Audience', hint: 'Empty: the origin of the token URL.', isOptional: true },
    ],
  },
}

const secretFields: ReadonlySet<string> = new Set(
  Object.values(credentialForms).flatMap(({ fields }) =>
    fields.flatMap(({ name, isSecret }) => (isSecret ? [name] : [])),
  ),
)

/** Whether a field of credentials is a secret, and not only a name or an address. */
export function isSecretField(name: string): boolean {
  return secretFields.has(name)
}

export const credentialKinds = Object.keys(credentialForms) as CredentialKind[]
