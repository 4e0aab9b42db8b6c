import type { ActiveSession, ApiKeys, Sessions } from '@ghostpost/infrastructure/accounts'
import type { FastifyRequest } from 'fastify'
import { sessionCookie } from './session-cookie.ts'

/** What a request authenticates with. */
export interface Credential {
  kind: 'session' | 'key'
  token: string
}

/** Finds the caller of a credential; null when it is unknown, expired or revoked. */
export type FindCaller = (credential: Credential) => Promise<ActiveSession | null>

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const bearerKey = /^bearer +(gp_\S*) *$/i

/** https://www.rfc-editor.org/rfc/rfc7617#section-2 */
const basicCredentials = /^basic +([A-Za-z0-9+/=]{1,400}) *$/i
const basicKey = /^(gp_[^:\s]*):/

/** The API key of a request; null for any other `Authorization`, such as one that a proxy in front of us wants. */
export function keyOf({
  headers,
  routeOptions,
}: Pick<FastifyRequest, 'headers' | 'routeOptions'>): Credential | null {
  const authorization = headers.authorization ?? ''
  const token =
    bearerKey.exec(authorization)?.[1] ??
    (routeOptions.config.takesBasicKey ? basicKeyIn(authorization) : undefined)
  return token === undefined ? null : { kind: 'key', token }
}

/** The clients of Segment and RudderStack send their write key as the user name, with an empty password. */
function basicKeyIn(authorization: string): string | undefined {
  const encoded = basicCredentials.exec(authorization)?.[1]
  if (encoded === undefined) return undefined
  return basicKey.exec(Buffer.from(encoded, 'base64').toString('latin1'))?.[1]
}

/** The session of a request's cookie; null without one. */
export function sessionIn({ cookies }: Pick<FastifyRequest, 'cookies'>): Credential | null {
  const token = cookies[sessionCookie]
  return token ? { kind: 'session', token } : null
}

/** What decides the rights of a request: its API key, else its session. */
export function credentialOf(request: FastifyRequest): Credential {
  return keyOf(request) ?? sessionIn(request) ?? { kind: 'session', token: '' }
}

export function findCaller(sessions: Pick<Sessions, 'find'>, keys: Pick<ApiKeys, 'find'>): FindCaller {
  return ({ kind, token }) => (kind === 'key' ? keys : sessions).find(token)
}
