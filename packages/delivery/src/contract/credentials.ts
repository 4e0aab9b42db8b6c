import { Type, type Static } from 'typebox'
import { credentialForms, credentialKinds, type CredentialKind } from '../destinations/credentials.ts'
import { traitsOf, webhookTypes } from '../destinations/registry.ts'
import { joinWords } from '../text/join-words.ts'

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
      description: kindsText(),
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

/** The kinds of each type, with the required fields of each kind. */
function kindsText(): string {
  return webhookTypes
    .map((type) => ({ type, kinds: traitsOf(type).credentialKinds }))
    .filter(({ kinds }) => kinds.length > 0)
    .map(({ type, kinds }) => `${type}: ${joinWords(kinds.map(kindText), 'or')}.`)
    .join(' ')
}

function kindText(kind: CredentialKind): string {
  const required = credentialForms[kind].fields.filter(({ isOptional }) => !isOptional)
  return `${kind} (with ${required.map(({ name }) => name).join(', ')})`
}
