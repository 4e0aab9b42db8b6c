import {
  activeSigningSecrets,
  receiverWarnings,
  type DestinationSecrets,
  type DestinationState,
  type WebhookType,
} from '@ghostpost/delivery/destinations'
import { receiverHostOf, schemeOf } from '@ghostpost/delivery/receivers'
import type { AuditAction } from '@ghostpost/delivery/contract/audit'
import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import { SealError, type Sealer } from '../../secrets/sealer.ts'
import { publicKeyOf } from '../../secrets/signing-secret.ts'
import { auditEntry, type Actor, type AuditEvent } from '../upkeep/audit-log.ts'
import { openSecrets } from '../attempts/delivery-target.ts'
import type { Destination } from '../generated/client.ts'
import type { Database } from '../connection/open-database.ts'
import { nullIfNameTaken } from '../connection/unique-name.ts'

export interface NewDestination {
  id: string
  siteId: number
  name: string
  webhookType: WebhookType
  secrets: DestinationSecrets
  retrySchedule: string | null
  concurrency: number | null
  rateLimit: RateLimit | null
  createdBy: string
}

type RateLimit = NonNullable<DestinationView['rate_limit']>

export interface DestinationUpdate {
  name?: string
  secrets?: DestinationSecrets
  retrySchedule?: string | null
  concurrency?: number | null
  rateLimit?: RateLimit | null
  state?: DestinationState
  stateReason?: string | null
  /** For the audit log: which secrets a change of the receiver's origin dropped, or that it kept them. */
  auditDetails?: AuditEvent['details']
}

export interface FoundDestination {
  row: Destination
  /** Null when they cannot be opened; the view says why. */
  secrets: DestinationSecrets | null
  view: DestinationView
}

/** Saves a destination with sealed secrets; null when the site already has a destination with this name. */
export async function createDestination(
  database: Database,
  sealer: Sealer,
  { secrets, rateLimit, ...destination }: NewDestination,
  actor: Actor,
): Promise<DestinationView | null> {
  const sealed = sealer.seal(secrets, destination.id)
  const data = { ...destination, ...rateColumns(rateLimit), ...receiverColumns(secrets), sealed }
  const event = auditEventOf('destination.created', data, { webhook_type: data.webhookType })
  return nullIfNameTaken(async () => {
    const { prisma } = database
    const [row] = await prisma.$transaction([
      prisma.destination.create({ data }),
      auditEntry(database, actor, event),
    ])
    return viewOf(row, secrets)
  })
}

/** A site's destinations in the order of their names. The caller has checked the user's access to the site. */
export async function listDestinations(
  { prisma }: Database,
  sealer: Sealer,
  siteId: number,
): Promise<DestinationView[]> {
  const rows = await prisma.destination.findMany({ where: { siteId }, orderBy: { name: 'asc' } })
  return rows.map((row) => foundDestination(sealer, row).view)
}

/** A destination of one of the user's sites; null when it does not exist or belongs to another site. */
export async function findDestination(
  { prisma }: Database,
  sealer: Sealer,
  userId: string,
  id: string,
): Promise<FoundDestination | null> {
  const row = await prisma.destination.findFirst({
    where: { id, site: { memberships: { some: { userId } } } },
  })
  return row && foundDestination(sealer, row)
}

/** A destination whose secrets cannot be opened is shown without them, with the reason. */
function foundDestination(sealer: Sealer, row: Destination): FoundDestination {
  try {
    const secrets = openSecrets(sealer, row.sealed, row.id)
    return { row, secrets, view: viewOf(row, secrets) }
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return { row, secrets: null, view: viewOf(row, null, error.message) }
  }
}

export type DestinationChange =
  | { kind: 'changed'; view: DestinationView }
  | { kind: 'name_taken' }
  /** Another request changed the secrets after `found` was read. */
  | { kind: 'outdated' }

/** Changes the given fields. New secrets replace the old ones only if those are still the ones in `found`. */
export async function updateDestination(
  database: Database,
  sealer: Sealer,
  found: FoundDestination,
  { secrets, rateLimit, auditDetails, ...changes }: DestinationUpdate,
  actor: Actor,
  action: 'destination.updated' | 'destination.secret_rotated' = 'destination.updated',
): Promise<DestinationChange> {
  const { id } = found.row
  // Sealing uses a random nonce, so equal bytes mean that nothing was changed.
  const where = secrets ? { id, sealed: found.row.sealed } : { id }
  const sealed = secrets && { sealed: sealer.seal(secrets, id), ...receiverColumns(secrets) }
  const rate = rateLimit === undefined ? {} : rateColumns(rateLimit)
  const data = { ...changes, ...rate, ...sealed, updatedAt: new Date() }
  const changed = [...Object.keys({ ...changes, ...rate }), ...(secrets ? ['secrets'] : [])]
  const state = changes.state && { state: changes.state }
  const event = auditEventOf(action, found.row, { changed, ...state, ...auditDetails })
  const { prisma } = database
  try {
    const written = await nullIfNameTaken(() =>
      prisma.$transaction([prisma.destination.update({ where, data }), auditEntry(database, actor, event)]),
    )
    if (written === null) return { kind: 'name_taken' }
    const after = secrets ?? found.secrets
    return { kind: 'changed', view: viewOf(written[0], after, after ? null : found.view.unreadable) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === rowNotFound) return { kind: 'outdated' }
    throw error
  }
}

/** Deletes a destination. Its unfinished deliveries become dead letters with the cause `destination_gone`. */
export async function deleteDestination(
  database: Database,
  { row }: FoundDestination,
  actor: Actor,
): Promise<void> {
  await database.prisma.$transaction([
    database.prisma.destination.deleteMany({ where: { id: row.id } }),
    auditEntry(database, actor, auditEventOf('destination.deleted', row, { name: row.name })),
  ])
}

function auditEventOf(
  action: AuditAction,
  { id, siteId, receiverHost }: Pick<Destination, 'id' | 'siteId' | 'receiverHost'>,
  details: NonNullable<AuditEvent['details']>,
): AuditEvent {
  const about = { objectType: 'destination', objectId: id } as const
  return { action, siteId, ...about, details: { receiver_host: receiverHost, ...details } }
}

/** Prisma's code for a missing row. https://www.prisma.io/docs/orm/reference/error-reference#p2025 */
const rowNotFound = 'P2025'

/** The parts of the URL that are not secret. */
function receiverColumns({ url }: DestinationSecrets): { receiverHost: string; receiverScheme: string } {
  return { receiverHost: receiverHostOf(new URL(url)), receiverScheme: schemeOf(new URL(url)) }
}

function rateColumns(limit: RateLimit | null): { rateRequests: number | null; rateSeconds: number | null } {
  return { rateRequests: limit?.requests ?? null, rateSeconds: limit?.per_seconds ?? null }
}

function rateLimitOf({ rateRequests, rateSeconds }: Destination): RateLimit | null {
  if (rateRequests === null || rateSeconds === null) return null
  return { requests: rateRequests, per_seconds: rateSeconds }
}

function warningsOf(
  { webhookType }: Destination,
  { url, options = {}, credentials }: DestinationSecrets,
): string[] {
  return receiverWarnings(webhookType as WebhookType, new URL(url), options, Boolean(credentials))
}

/** @param unreadable why the secrets cannot be opened; null when they are given */
function viewOf(
  row: Destination,
  secrets: DestinationSecrets | null,
  unreadable: string | null = null,
): DestinationView {
  const live = secrets ? activeSigningSecrets(secrets, new Date()) : []
  return {
    id: row.id,
    siteId: row.siteId,
    name: row.name,
    webhook_type: row.webhookType as WebhookType,
    receiver: row.receiverHost,
    header_names: Object.keys(secrets?.headers ?? {}),
    credentials: secrets?.credentials?.kind ?? null,
    options: secrets?.options ?? {},
    mapping: secrets?.mapping ?? null,
    warnings: secrets === null ? [] : warningsOf(row, secrets),
    signing_public_keys: live.flatMap((secret) => publicKeyOf(secret) ?? []),
    signing_secrets: live.length,
    retry_schedule: row.retrySchedule,
    rate_limit: rateLimitOf(row),
    concurrency: row.concurrency,
    state: row.state as DestinationState,
    state_reason: row.stateReason,
    unreadable,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }
}
