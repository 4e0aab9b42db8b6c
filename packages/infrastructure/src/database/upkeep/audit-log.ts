import type { AuditAction, AuditEntryView } from '@ghostpost/delivery/contract/audit'
import type { DeliveryFilter } from '@ghostpost/delivery/contract/delivery-log'
import type { Database } from '../connection/open-database.ts'
import type { Pool, PoolClient } from 'pg'
import type { Prisma } from '../generated/client.ts'

/** An API key, as the audit log names it. */
export interface ApiKeyRef {
  id: string
  name: string
}

/** The request that an action came from. */
export interface Caller {
  requestId: string
  ip: string
  /** The key that the user's program called with. */
  apiKey?: ApiKeyRef | null
}

/** A caller who is signed in. */
export interface Actor extends Caller {
  userId: string
}

export interface AuditEvent {
  action: AuditAction
  siteId: number | null
  objectType:
    | 'session'
    | 'account'
    | 'api_key'
    | 'destination'
    | 'receiver'
    | 'delivery'
    | 'alert_rule'
    | 'failure_group'
    | 'operation'
    | 'lane'
    | 'visitor'
  objectId: string | null
  details?: Readonly<Record<string, string | number | boolean | readonly string[] | null>>
}

/** A Prisma statement that writes an audit entry. Run it in the transaction of the change that it records. */
export function auditEntry(
  { prisma }: Database,
  caller: Caller & { userId: string | null },
  { details = {}, ...event }: AuditEvent,
): Prisma.PrismaPromise<unknown> {
  const { userId, requestId, ip, apiKey } = caller
  const key = { apiKeyId: apiKey?.id ?? null, apiKeyName: apiKey?.name ?? null }
  return prisma.auditEntry.create({
    data: { ...event, userId, requestId, ip, details, ...key },
  })
}

const writeAuditSql = `
  insert into audit_log (
    user_id,
    site_id,
    action,
    object_type,
    object_id,
    request_id,
    ip,
    details,
    api_key_id,
    api_key_name
  )
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

/** Writes an audit entry on the connection of a hand-written statement, in its transaction. */
export async function writeAudit(
  client: PoolClient | Pool,
  { userId, requestId, ip, apiKey }: Actor,
  { siteId, action, objectType, objectId, details = {} }: AuditEvent,
): Promise<void> {
  const object = [action, objectType, objectId]
  const request = [requestId, ip, JSON.stringify(details), apiKey?.id, apiKey?.name]
  await client.query(writeAuditSql, [userId, siteId, ...object, ...request])
}

/** Records that a user exported the delivery log. */
export async function auditLogExport(
  database: Pick<Database, 'pool'>,
  siteId: number,
  filter: DeliveryFilter,
  actor: Actor,
): Promise<void> {
  // The filter's values may be personal data, so the entry contains only its fields.
  const fields = Object.keys(filter)
  const object = { objectType: 'delivery', objectId: null } as const
  await writeAudit(database.pool, actor, { action: 'log.exported', siteId, ...object, details: { fields } })
}

const auditColumns =
  'id, at, user_id, site_id, action, object_type, object_id, request_id, ip, details, api_key_id, api_key_name'

// Two ordered index scans of at most one page each: the actions in the site, and its members' actions that belong to no
// site. All sites share the lanes: who paused one is for admins of every site.
const readAuditSql = `
  with entries as (
    (
      select ${auditColumns}
      from audit_log
      where site_id = $1
        and id < $2
        and ($5::text[] is null or action = any($5))
      order by id desc
      limit $3
    )
    union all
    (
      select ${auditColumns}
      from audit_log
      where site_id is null
        and id < $2
        and ($5::text[] is null or action = any($5))
        and ($4 or object_type <> 'lane')
        and user_id in (select user_id from memberships where site_id = $1)
      order by id desc
      limit $3
    )
  )
  select
    e.id,
    e.at,
    e.user_id,
    u.email,
    e.site_id,
    e.action,
    e.object_type,
    e.object_id,
    e.request_id,
    e.ip,
    e.details,
    e.api_key_id,
    e.api_key_name
  from entries e
  left join users u on u.id = e.user_id
  order by e.id desc
  limit $3`

interface AuditRow {
  id: string
  at: Date
  user_id: string | null
  email: string | null
  site_id: number | null
  action: AuditAction
  object_type: string
  object_id: string | null
  request_id: string
  ip: string
  details: Record<string, unknown>
  api_key_id: string | null
  api_key_name: string | null
}

const maxId = '9223372036854775807'

export interface AuditPage {
  items: AuditEntryView[]
  next_cursor: string | null
}

export interface AuditPageRequest {
  siteId: number
  /** Id of the last entry of the previous page; null for the first page. */
  cursor: string | null
  limit: number
  /** Only these actions; null for all. */
  actions: readonly string[] | null
  /** Whether the page contains who paused and resumed lanes, which all sites share. */
  withLanes: boolean
}

/** One page of the actions in a site and of its members' sign-ins, newest first. */
export async function readAuditLog(
  { pool }: Pick<Database, 'pool'>,
  { siteId, cursor, limit, withLanes, actions }: AuditPageRequest,
): Promise<AuditPage> {
  const values = [siteId, cursor ?? maxId, limit + 1, withLanes, actions]
  const { rows } = await pool.query<AuditRow>(readAuditSql, values)
  const page = rows.slice(0, limit)
  const hasMore = rows.length > limit
  return { items: page.map(viewOf), next_cursor: hasMore ? (page.at(-1)?.id ?? null) : null }
}

function viewOf(row: AuditRow): AuditEntryView {
  return {
    id: row.id,
    at: row.at.toISOString(),
    user_id: row.user_id,
    user_email: row.email,
    api_key: row.api_key_id === null ? null : { id: row.api_key_id, name: row.api_key_name ?? '' },
    siteId: row.site_id,
    action: row.action,
    object_type: row.object_type,
    object_id: row.object_id,
    request_id: row.request_id,
    ip: row.ip,
    details: row.details,
  }
}
