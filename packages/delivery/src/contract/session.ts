import { Type, type Static } from 'typebox'

/** `POST`, `GET` and `DELETE /api/session`. */

export const SignInBody = Type.Object(
  {
    email: Type.String({ minLength: 3, maxLength: 254 }),
    password: Type.String({ minLength: 1, maxLength: 1_024 }),
  },
  { additionalProperties: false },
)

export type SignInBody = Static<typeof SignInBody>

export const SessionView = Type.Object({
  user: Type.Object({ id: Type.String(), email: Type.String(), name: Type.String() }),
  sites: Type.Array(Type.Object({ id: Type.Integer(), name: Type.String(), role: Type.String() })),
  expires_at: Type.String({ description: 'ISO 8601, UTC.' }),
})

export type SessionView = Static<typeof SessionView>
