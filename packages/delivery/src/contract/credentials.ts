import { Type, type Static } from 'typebox'

export const credentialKinds = ['access_token', 'client_credentials', 'jwt_bearer'] as const

export type CredentialKind = (typeof credentialKinds)[number]

const secret = Type.Optional(Type.String({ minLength: 1, maxLength: 4_096 }))
const id = Type.Optional(Type.String({ minLength: 1, maxLength: 512 }))
const url = Type.Optional(Type.String({ minLength: 1, maxLength: 2_048 }))

/**
 * The credentials for a CRM. One flat object, so that an error can name each wrong field; the destination's rules
 * decide which fields a kind takes.
 */
export const CredentialsBody = Type.Object(
  {
    kind: Type.Enum([...credentialKinds], {
      description:
        'hubspot: access_token (with access_token). salesforce: client_credentials (with client_id, ' +
        'client_secret) or jwt_bearer (with client_id, username, private_key).',
    }),
    access_token: secret,
    client_id: id,
    client_secret: secret,
    username: id,
    private_key: Type.Optional(
      Type.String({ minLength: 1, maxLength: 16_384, description: 'RSA, PKCS#8, PEM.' }),
    ),
    token_url: url,
    audience: url,
  },
  { additionalProperties: false, description: 'Turns CRM mode on; write-only.' },
)

export type CredentialsBody = Static<typeof CredentialsBody>
