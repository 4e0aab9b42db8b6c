import type { OwnSession, SessionView } from '@ghostpost/delivery/contract/session'
import type { Database } from '../database/connection/open-database.ts'
import type { Actor, Caller } from '../database/upkeep/audit-log.ts'
import { cacheCallers } from './cache-callers.ts'
import { changePassword, type PasswordChange, type PasswordChangeResult } from './change-password.ts'
import { findSession, readSession, type ActiveSession, type SessionToRead } from './find-session.ts'
import { endOtherSessions, endOwnSession, endSession, listOwnSessions } from './own-sessions.ts'
import { openPasswordChecks, type PasswordChecks } from './password-checks.ts'
import { hashSessionToken } from './session-token.ts'
import { signInByIdentity, type IdentitySignIn, type IdentitySignInResult } from './sign-in-by-identity.ts'
import { signIn, type SignInRequest, type SignInResult } from './sign-in.ts'

/**
 * How long a process trusts a session and its roles without reading them again. A revoked session works no longer
 * than this.
 */
const cacheMs = 3_000

export interface Sessions {
  /** Signs a user in. The result is a refusal when too many passwords wait to be checked. */
  create: (request: SignInRequest) => Promise<SignInResult>
  /** Signs a user in whom the issuer has identified. */
  createByIdentity: (request: IdentitySignIn) => Promise<IdentitySignInResult>
  /** The session of a token; null when it is unknown, expired or revoked. */
  find: (token: string) => Promise<ActiveSession | null>
  read: (session: SessionToRead) => Promise<SessionView | null>
  revoke: (token: string, caller: Caller) => Promise<void>
  /** The live sessions of a user. */
  list: (userId: string, currentToken: string) => Promise<OwnSession[]>
  /** Ends one session of the user; false when the user has no live session of that id. */
  end: (id: string, actor: Actor) => Promise<boolean>
  /** Ends all sessions of the user except the current one. */
  endOthers: (currentToken: string, actor: Actor) => Promise<void>
  /** Trusts these sessions, which another function has ended, no longer. @param hashes digests of their tokens */
  forget: (hashes: readonly Uint8Array[]) => void
  /** Changes the user's password and ends all their other sessions. */
  changePassword: (change: PasswordChange, actor: Actor) => Promise<PasswordChangeResult>
}

export interface SessionsOptions {
  /** A monotonic clock, in milliseconds: a clock that is set back would keep revoked sessions in the cache. */
  now?: () => number
  passwords?: PasswordChecks
}

/**
 * Cookie sessions, stored in the database. Each process caches them for some seconds, so that a request costs no read.
 */
export function openSessions(
  database: Database,
  ttlMs: number,
  { now = () => performance.now(), passwords = openPasswordChecks() }: SessionsOptions = {},
): Sessions {
  const { find, forget } = cacheCallers((token) => findSession(database, token), cacheMs, now)
  return {
    create: (request) => signIn({ database, ttlMs, passwords }, request),
    createByIdentity: (request) => signInByIdentity({ database, ttlMs }, request),
    find,
    forget,
    read: (session) => readSession(database, session),
    revoke: async (token, caller) => {
      await endSession(database.pool, token, caller)
      forget([hashSessionToken(token)])
    },
    list: (userId, currentToken) => listOwnSessions(database, userId, currentToken),
    end: async (id, actor) => {
      const ended = await endOwnSession(database.pool, id, actor)
      forget(ended)
      return ended.length > 0
    },
    endOthers: async (currentToken, actor) =>
      forget(await endOtherSessions(database.pool, currentToken, actor)),
    changePassword: async (change, actor) => {
      const result = await changePassword({ database, passwords }, change, actor)
      if (result.kind === 'changed') forget(result.ended)
      return result
    },
  }
}
