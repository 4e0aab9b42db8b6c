import type { Database } from '../database/connection/open-database.ts'
import { hashSessionToken, newSessionToken } from './session-token.ts'

type LinkPurpose = 'invite' | 'reset' | 'setup'

type Queries = Pick<Database['pool'], 'query'>

interface NewLink {
  purpose: LinkPurpose
  /** Null for the set-up of the installation. */
  userId: string | null
  createdBy: string | null
  lifetimeHours: number
}

export interface CreatedLink {
  /** The secret part of the link. Only its digest is stored. */
  token: string
  expiresAt: Date
}

const replaceLinksSql = `
  update account_links
  set ended_at = now()
  where user_id = $1
    and ended_at is null`

// The database's clock sets the expiry, because it also decides when the link has expired.
const insertLinkSql = `
  insert into account_links (token_hash, purpose, user_id, created_by, expires_at)
  values ($1, $2, $3, $4, now() + $5 * interval '1 hour')
  returning expires_at`

/** Creates a link. It replaces the open links of the same account. */
export async function createLink(queries: Queries, link: NewLink): Promise<CreatedLink> {
  const { purpose, userId, createdBy, lifetimeHours } = link
  const token = newSessionToken()
  if (userId !== null) await endLinks(queries, userId)
  const values = [hashSessionToken(token), purpose, userId, createdBy, lifetimeHours]
  const { rows } = await queries.query<{ expires_at: Date }>(insertLinkSql, values)
  const row = rows[0]
  if (!row) throw new Error('The link was not stored.')
  return { token, expiresAt: row.expires_at }
}

/** Ends the open links of an account. */
export async function endLinks(queries: Queries, userId: string): Promise<void> {
  await queries.query(replaceLinksSql, [userId])
}

const countLinksSql = `
  select count(*)::int as links
  from account_links
  where created_by = $1
    and created_at > now() - interval '1 hour'`

/** How many links a person made in the last hour. */
export async function countLinks(queries: Queries, createdBy: string): Promise<number> {
  const { rows } = await queries.query<{ links: number }>(countLinksSql, [createdBy])
  return rows[0]?.links ?? 0
}

const findLinkSql = `
  select
    l.purpose,
    l.expires_at,
    u.id as user_id,
    u.email,
    u.name
  from account_links l
  join users u on u.id = l.user_id
  where l.token_hash = $1
    and l.ended_at is null
    and l.expires_at > now()
    and u.disabled_at is null`

interface LinkRow {
  purpose: string
  expires_at: Date
  user_id: string
  email: string
  name: string
}

/** An open link of an account. */
export interface OpenLink {
  purpose: 'invite' | 'reset'
  expiresAt: Date
  userId: string
  email: string
  name: string
}

/** The open link of a token; null when it is unknown, used, replaced or expired, or its account is disabled. */
export async function findLink(queries: Queries, token: string): Promise<OpenLink | null> {
  const { rows } = await queries.query<LinkRow>(findLinkSql, [hashSessionToken(token)])
  const row = rows[0]
  if (!row) return null
  const purpose = row.purpose === 'invite' ? 'invite' : 'reset'
  return { purpose, expiresAt: row.expires_at, userId: row.user_id, email: row.email, name: row.name }
}

const takeLinkSql = `
  update account_links l
  set ended_at = now()
  from users u
  where l.token_hash = $1
    and l.ended_at is null
    and l.expires_at > now()
    and u.id = l.user_id
    and u.disabled_at is null
  returning l.user_id`

/** Uses a link. Of several uses at the same time one succeeds. */
export async function takeLink(queries: Queries, token: string): Promise<boolean> {
  const { rowCount } = await queries.query<{ user_id: string | null }>(takeLinkSql, [hashSessionToken(token)])
  return rowCount === 1
}

const takeSetupLinkSql = `
  update account_links
  set ended_at = now()
  where token_hash = $1
    and purpose = 'setup'
    and ended_at is null
    and expires_at > now()`

/** Uses a link to set up the installation. */
export async function takeSetupLink(queries: Queries, token: string): Promise<boolean> {
  const { rowCount } = await queries.query(takeSetupLinkSql, [hashSessionToken(token)])
  return rowCount === 1
}
