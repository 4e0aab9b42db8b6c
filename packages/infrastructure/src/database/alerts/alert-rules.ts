import type { AlertLimits, AlertKind } from '@ghostpost/delivery/alerts'
import type { WebhookType } from '@ghostpost/delivery/destinations'
import type { AlertProblem, AlertRuleView } from '@ghostpost/delivery/contract/alerts'
import type { AuditAction } from '@ghostpost/delivery/contract/audit'
import { auditEntry, type Actor, type AuditEvent } from '../upkeep/audit-log.ts'
import type { Alert, AlertRule as StoredRule, Destination } from '../generated/client.ts'
import type { Database } from '../connection/open-database.ts'
import { nullIfNameTaken } from '../connection/unique-name.ts'

/** What a user can set of a rule. */
export interface AlertRuleInput extends AlertLimits {
  name: string
  webhookType: WebhookType | null
  watchedDestinationId: string | null
  destinationId: string | null
  emailTo: string[]
  cooldownSeconds: number
  enabled: boolean
}

export interface NewAlertRule extends AlertRuleInput {
  id: string
  siteId: number
  kind: AlertKind
  createdBy: string
}

type RuleWithLastAlert = StoredRule & {
  destination: Pick<Destination, 'state'> | null
  alerts: Alert[]
}

export interface FoundAlertRule {
  row: RuleWithLastAlert
  view: AlertRuleView
}

const withLastAlert = {
  destination: { select: { state: true } },
  alerts: { orderBy: { id: 'desc' }, take: 1 },
} as const

/** Creates a rule, which is due for evaluation at once; null when its site has a rule of that name. */
export function createAlertRule(
  database: Database,
  rule: NewAlertRule,
  actor: Actor,
  canMail: boolean,
): Promise<AlertRuleView | null> {
  const { prisma } = database
  return nullIfNameTaken(async () => {
    const event = auditEventOf('alert_rule.created', rule, { kind: rule.kind })
    await prisma.$transaction([prisma.alertRule.create({ data: rule }), auditEntry(database, actor, event)])
    return readView(database, rule.id, canMail)
  })
}

/** A site's rules by name. The caller has checked that the user may see them. */
export async function listAlertRules(
  database: Database,
  siteId: number,
  canMail: boolean,
): Promise<AlertRuleView[]> {
  const where = { siteId }
  const rows = await database.prisma.alertRule.findMany({
    where,
    include: withLastAlert,
    orderBy: { name: 'asc' },
  })
  const facts = await readFacts(database, rows)
  return rows.map((row) => viewOf(row, facts, canMail))
}

export function countAlertRules({ prisma }: Database, siteId: number): Promise<number> {
  return prisma.alertRule.count({ where: { siteId } })
}

/** One rule of a site the user may reach; null for a foreign one as for one that does not exist. */
export async function findAlertRule(
  database: Database,
  userId: string,
  id: string,
  canMail: boolean,
): Promise<FoundAlertRule | null> {
  const row = await database.prisma.alertRule.findFirst({
    where: { id, site: { memberships: { some: { userId } } } },
    include: withLastAlert,
  })
  return row && { row, view: viewOf(row, await readFacts(database, [row]), canMail) }
}

/** The state of a rule that has never fired. */
const initialState = { state: 'ok', told: false, toldAt: null, toldOf: [], samples: [] }

/** Changes the given settings. The rule is due for evaluation at once. Null when the new name is taken. */
export function updateAlertRule(
  database: Database,
  { row }: FoundAlertRule,
  changes: Partial<AlertRuleInput>,
  actor: Actor,
  canMail: boolean,
): Promise<AlertRuleView | null> {
  const { prisma } = database
  const data = {
    ...changes,
    ...(changes.enabled === false && initialState),
    ...(changesScope(changes) && { samples: [] }),
    evaluateAt: new Date(),
    updatedAt: new Date(),
  }
  return nullIfNameTaken(async () => {
    await prisma.$transaction([
      prisma.alertRule.update({ where: { id: row.id }, data }),
      auditEntry(database, actor, auditEventOf('alert_rule.updated', row, { changed: Object.keys(changes) })),
    ])
    return readView(database, row.id, canMail)
  })
}

/** The earlier samples count other deliveries. */
function changesScope(changes: Partial<AlertRuleInput>): boolean {
  const { webhookType, watchedDestinationId, windowSeconds } = changes
  return [webhookType, watchedDestinationId, windowSeconds].some((part) => part !== undefined)
}

/** Deletes a rule and its unsent e-mails. The delivery log keeps its alerts. */
export async function deleteAlertRule(
  database: Database,
  { row }: FoundAlertRule,
  actor: Actor,
): Promise<void> {
  await database.prisma.$transaction([
    database.prisma.alertRule.deleteMany({ where: { id: row.id } }),
    auditEntry(database, actor, auditEventOf('alert_rule.deleted', row, { name: row.name })),
  ])
}

function auditEventOf(
  action: AuditAction,
  { id, siteId }: { id: string; siteId: number },
  details: NonNullable<AuditEvent['details']>,
): AuditEvent {
  return { action, siteId, objectType: 'alert_rule', objectId: id, details }
}

async function readView(database: Database, id: string, canMail: boolean): Promise<AlertRuleView> {
  const row = await database.prisma.alertRule.findUniqueOrThrow({ where: { id }, include: withLastAlert })
  return viewOf(row, await readFacts(database, [row]), canMail)
}

/** What rules show of other rows. */
interface RuleFacts {
  /** Ids of the watched destinations that no longer exist. */
  missingDestinations: ReadonlySet<string>
  /** Ids of the deliveries of last notifications that were given up. */
  failedDeliveries: ReadonlySet<string>
}

async function readFacts(database: Database, rows: readonly RuleWithLastAlert[]): Promise<RuleFacts> {
  const [missingDestinations, failedDeliveries] = await Promise.all([
    findMissingDestinations(database, rows),
    findFailedDeliveries(database, rows),
  ])
  return { missingDestinations, failedDeliveries }
}

async function findFailedDeliveries(
  { prisma }: Database,
  rows: readonly RuleWithLastAlert[],
): Promise<ReadonlySet<string>> {
  const last = rows.flatMap(({ alerts }) => alerts[0]?.deliveryId ?? [])
  if (last.length === 0) return new Set()
  const failed = await prisma.delivery.findMany({
    where: { id: { in: last }, state: 'failed' },
    select: { id: true },
  })
  return new Set(failed.map(({ id }) => id))
}

/** Ids of the watched destinations that no longer exist. */
async function findMissingDestinations(
  { prisma }: Database,
  rows: readonly RuleWithLastAlert[],
): Promise<ReadonlySet<string>> {
  const watched = rows.flatMap(({ watchedDestinationId }) => watchedDestinationId ?? [])
  if (watched.length === 0) return new Set()
  const existing = await prisma.destination.findMany({
    where: { id: { in: watched } },
    select: { id: true },
  })
  const existingIds = new Set(existing.map(({ id }) => id))
  return new Set(watched.filter((id) => !existingIds.has(id)))
}

function problemOf(
  row: RuleWithLastAlert,
  { missingDestinations, failedDeliveries }: RuleFacts,
  canMail: boolean,
): AlertProblem | null {
  if (row.watchedDestinationId !== null && missingDestinations.has(row.watchedDestinationId))
    return 'watched_destination_gone'
  if (row.destination?.state === 'disabled') return 'destination_disabled'
  if (row.destination?.state === 'paused') return 'destination_paused'
  if (row.emailTo.length > 0 && !canMail) return 'email_not_configured'
  if (row.destination === null && row.emailTo.length === 0) return 'nobody_is_told'
  const last = row.alerts[0]
  const isFailed = last?.emailState === 'failed' || failedDeliveries.has(last?.deliveryId ?? '')
  return isFailed ? 'notification_failed' : null
}

function viewOf(row: RuleWithLastAlert, facts: RuleFacts, canMail: boolean): AlertRuleView {
  return {
    id: row.id,
    siteId: row.siteId,
    name: row.name,
    kind: row.kind as AlertKind,
    enabled: row.enabled,
    threshold: row.threshold,
    window_seconds: row.windowSeconds,
    minimum_count: row.minimumCount,
    filter: {
      webhook_type: row.webhookType as WebhookType | null,
      destination_id: row.watchedDestinationId,
    },
    notify: { destination_id: row.destinationId, email: row.emailTo },
    cooldown_seconds: row.cooldownSeconds,
    state: row.state as AlertRuleView['state'],
    last_value: row.lastValue,
    evaluated_at: row.evaluatedAt?.toISOString() ?? null,
    last_fired_at: row.firedAt?.toISOString() ?? null,
    last_resolved_at: row.resolvedAt?.toISOString() ?? null,
    last_alert: lastAlertOf(row.alerts[0]),
    problem: problemOf(row, facts, canMail),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }
}

function lastAlertOf(alert: Alert | undefined): AlertRuleView['last_alert'] {
  if (!alert) return null
  const { phase, createdAt, deliveryId, emailState, emailError } = alert
  type Email = NonNullable<NonNullable<AlertRuleView['last_alert']>['email']>
  return {
    phase: phase as NonNullable<AlertRuleView['last_alert']>['phase'],
    at: createdAt.toISOString(),
    delivery_id: deliveryId,
    email: emailState === null ? null : { state: emailState as Email['state'], error: emailError },
  }
}
