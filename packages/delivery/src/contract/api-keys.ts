import { Type, type Static } from 'typebox'
import { roles } from '../accounts/role.ts'
import { lineOfText } from './plain-text.ts'
import { defaultSiteId } from './webhook.ts'

/** `/api/api-keys`. */

/** Most live keys of a site. */
export const apiKeysMax = 100
export const apiKeyDaysDefault = 90
const apiKeyDaysMax = 730
const apiKeyNameLengthMax = 80

const apiKeyStates = ['live', 'expired', 'revoked'] as const

const time = Type.String({ description: 'ISO 8601, UTC.' })
const nullableText = (description: string) => Type.Union([Type.String(), Type.Null()], { description })

/** An API key without its secret. */
export const ApiKeyView = Type.Object({
  id: Type.String(),
  siteId: Type.Integer({ description: 'The only site it can be used for.' }),
  name: Type.String(),
  role: Type.Enum([...roles], {
    description: 'Its role in the site. It never has more rights than its creator has at the time of a call.',
  }),
  prefix: Type.String({ description: 'The first characters of the key, by which you recognise it.' }),
  state: Type.Enum([...apiKeyStates]),
  created_by: Type.String({ description: 'E-mail address of its creator.' }),
  created_at: time,
  expires_at: time,
  last_used_at: nullableText('ISO 8601, UTC, to the minute; null if the key was not used yet.'),
  revoked_at: nullableText('ISO 8601, UTC; null if it is not revoked.'),
})

export const ApiKeyList = Type.Object({
  items: Type.Array(ApiKeyView, {
    description: 'Newest first. Keys stay in it for 30 days after their end.',
  }),
})

/** The response to a creation, the only one that contains the key. */
export const NewApiKey = Type.Object({
  key: Type.String({
    description:
      'The key itself, which is shown once: only a digest is stored. Send it as Authorization: Bearer.',
  }),
  api_key: ApiKeyView,
})

export const ApiKeyBody = Type.Object(
  {
    name: lineOfText({
      minLength: 1,
      maxLength: apiKeyNameLengthMax,
      description: 'Unique among the live keys of the site.',
    }),
    role: Type.Enum([...roles], { description: 'At most your own role in the site.' }),
    expires_in_days: Type.Optional(
      Type.Integer({ minimum: 1, maximum: apiKeyDaysMax, default: apiKeyDaysDefault }),
    ),
    siteId: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 2_147_483_647, default: defaultSiteId, description: 'Its site.' }),
    ),
  },
  { additionalProperties: false },
)

export const ApiKeyParams = Type.Object({ id: Type.String({ maxLength: 64 }) })

export const ApiKeyQuery = Type.Object({
  siteId: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,9}$', default: String(defaultSiteId) })),
})

export type ApiKeyView = Static<typeof ApiKeyView>
export type ApiKeyBody = Static<typeof ApiKeyBody>
