import type { OwnSession } from '@ghostpost/delivery/contract/session'
import type { Database } from '../database/connection/open-database.ts'
import type { Actor, Caller } from '../database/upkeep/audit-log.ts'
import { hashSessionToken } from './session-token.ts'
import { sessionsMax } from './sign-in.ts'

/** What a person may see and end: their own live sessions. */

const listSessionsSql = `
  select
    id,
    created_at,
    last_used_at,
    expires_at,
    network,
    user_agent,
    token_hash = $2 as is_current
  from sessions
  where user_id = $1
    and revoked_at is null
    and expires_at > now()
  order by
    token_hash = $2 desc,
    coalesce(last_used_at, created_at) desc
  limit ${sessionsMax}`

interface OwnSessionRow {
  id: string
  created_at: Date
  last_used_at: Date | null
  expires_at: Date
  network: string | null
  user_agent: string | null
  is_current: boolean
}

/** The live sessions of a user: the current one first, then the one that was used last. */
export async function listOwnSessions(
  { pool }: Pick<Database, 'pool'>,
  userId: string,
  currentToken: string,
): Promise<OwnSession[]> {
  const { rows } = await pool.query<OwnSessionRow>(listSessionsSql, [userId, hashSessionToken(currentToken)])
  return rows.map((row) => ({
    id: row.id,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
    expires_at: row.expires_at.toISOString(),
    network: row.network,
    user_agent: row.user_agent,
    current: row.is_current,
  }))
}

/** Ends the sessions that `condition` selects, and records each. */
const endSessionsSql = (condition: string): string => `
  with ended as (
    update sessions
    set revoked_at = now()
    where ${condition}
      and revoked_at is null
      and expires_at > now()
    returning
      id,
      user_id,
      token_hash
  ),
  noted as (
    insert into audit_log (user_id, action, object_type, object_id, request_id, ip)
    select
      user_id,
      'session.ended',
      'session',
      id,
      $1,
      $2
    from ended
  )
  select token_hash
  from ended`

const endByTokenSql = endSessionsSql('token_hash = $3')
const endByIdSql = endSessionsSql('user_id = $3 and id = $4')
const endOthersSql = endSessionsSql('user_id = $3 and token_hash <> $4')

type Queries = Pick<Database['pool'], 'query'>

interface EndedSession {
  token_hash: Buffer
}

/** The ended sessions, as digests of their tokens. */
type Ended = Promise<Buffer[]>

const hashesOf = ({ rows }: { rows: EndedSession[] }): Buffer[] => rows.map(({ token_hash: hash }) => hash)

/** Ends the session of a token. */
export async function endSession(queries: Queries, token: string, caller: Caller): Ended {
  const values = [caller.requestId, caller.ip, hashSessionToken(token)]
  return hashesOf(await queries.query<EndedSession>(endByTokenSql, values))
}

/** Ends one session of the user. Ends none when the user has no live session of that id. */
export async function endOwnSession(queries: Queries, id: string, actor: Actor): Ended {
  const values = [actor.requestId, actor.ip, actor.userId, id]
  return hashesOf(await queries.query<EndedSession>(endByIdSql, values))
}

/** Ends all sessions of the user except the current one. */
export async function endOtherSessions(queries: Queries, currentToken: string, actor: Actor): Ended {
  const values = [actor.requestId, actor.ip, actor.userId, hashSessionToken(currentToken)]
  return hashesOf(await queries.query<EndedSession>(endOthersSql, values))
}
