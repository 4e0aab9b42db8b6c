import { Type, type Static } from 'typebox'
import { passwordLengthMin } from './password-length.ts'

/** `POST`, `GET` and `DELETE /api/session`; `/api/sessions`; `PUT /api/account/password`. */

const passwordLengthMax = 1_024

export const SignInBody = Type.Object(
  {
    email: Type.String({ minLength: 3, maxLength: 254 }),
    password: Type.String({ minLength: 1, maxLength: passwordLengthMax }),
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

const time = Type.String({ description: 'ISO 8601, UTC.' })
const nullableText = (description: string) => Type.Union([Type.String(), Type.Null()], { description })

/** A live session of the caller, without its token. */
export const OwnSession = Type.Object({
  id: Type.String(),
  created_at: time,
  last_used_at: nullableText('ISO 8601, UTC, to the minute; null if the session was not used yet.'),
  expires_at: time,
  network: nullableText('The address that signed in, or the /64 of its IPv6 address.'),
  user_agent: nullableText('The browser or program that signed in, as it names itself.'),
  current: Type.Boolean({ description: 'True for the session of this request.' }),
})

export const OwnSessionList = Type.Object({
  items: Type.Array(OwnSession, {
    description: 'The current session first, then the one used last; at most 50.',
  }),
})

export const OwnSessionParams = Type.Object({ id: Type.String({ maxLength: 64 }) })

export const PasswordChangeBody = Type.Object(
  {
    current_password: Type.String({ minLength: 1, maxLength: passwordLengthMax }),
    new_password: Type.String({ minLength: passwordLengthMin, maxLength: passwordLengthMax }),
  },
  { additionalProperties: false },
)

export type OwnSession = Static<typeof OwnSession>
export type PasswordChangeBody = Static<typeof PasswordChangeBody>
