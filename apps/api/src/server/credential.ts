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

/** The API key of a request; null for any other `Authorization`, such as one that a proxy in front of us wants. */
export function keyOf({ headers }: Pick<FastifyRequest, 'headers'>): Credential | null {
  const token = bearerKey.exec(headers.authorization ?? '')?.[1]
  return token === undefined ? null : { kind: 'key', token }
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
