import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runAccountStatements } from './run-account-statements.ts'
import { openApiKeys, openSessions } from '@ghostpost/infrastructure/accounts'
import { readListsFromReplica, siteOfApiKey } from '@ghostpost/infrastructure/database/connection'
import { resealSecrets } from '@ghostpost/infrastructure/database/destinations'
import {
  addTallies,
  isAdminEverywhere,
  listWorkers,
  noteReceiverHolds,
  readBacklog,
  readBacklogOfSites,
  readDatabaseMetrics,
  readDestinationStats,
  readPaces,
  readPacesOfSites,
  readStats,
  sampleLanes,
} from '@ghostpost/infrastructure/database/stats'
import {
  analyzeGrown,
  auditLogExport,
  holdWorkerLock,
  listLanePauses,
  migrate,
  pauseLane,
  pruneExpired,
  readAuditLog,
  readDatabaseStore,
  recordHeartbeat,
  removeHeartbeat,
  resumeLane,
} from '@ghostpost/infrastructure/database/upkeep'
import {
  eraseVisitor,
  liftSuppression,
  mergeVisitors,
  listVisitors,
  readVisitor,
  storeVisitors,
} from '@ghostpost/infrastructure/database/visitors'
import { openSealer } from '@ghostpost/infrastructure/secrets'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { budgetLimits } from '../../../src/budgets/budget-limits.ts'
import { postgresEvents } from '../../../src/database/connection/postgres-events.ts'
import { documentedVid, saveNewDelivery } from '../attempts/delivery-fixtures.ts'
import type { StatementContext } from './statement-context.ts'

/**
 * Runs every statement of `database/{stats,upkeep,visitors,destinations}`, `accounts` and `budgets` at least once.
 * Erases the documented visitor.
 */
export async function runUpkeepStatements(context: StatementContext): Promise<void> {
  await runStats(context)
  await runUpkeep(context)
  await runAccounts(context)
  await runAccountStatements(context)
  await runConnection(context)
  await runMigrations(context)
  await runVisitors(context)
  await eraseDocumentedVisitor(context)
}

async function runStats({ database, user, destinationId }: StatementContext): Promise<void> {
  const counts = { delivered: 1, retried: 0, failed: 0, durations: [1] }
  const lane = 'live' as const
  await addTallies(database, [{ siteId: 4, destinationId, lane, minute: Date.now() - 60_000, ...counts }])
  await sampleLanes(database)
  await readPaces(database)
  await readPacesOfSites(database, [4])
  const worker = { id: randomUUID(), host: 'host', version: '1', concurrency: 1 }
  await recordHeartbeat(database, { ...worker, lockKey: '1' })
  await listWorkers(database)
  await noteReceiverHolds(database, async () => ({
    reason: 'throttled',
    until: new Date(Date.now() + 60_000),
  }))
  await readBacklog(database)
  await readBacklogOfSites(database, [4])
  await readDatabaseMetrics(database)
  await isAdminEverywhere(database, user.id)
  await readStats(database, { siteId: 4, destinationId: null, range: '1h' }, new Date())
  await readDestinationStats(database, 4, new Date())
}

async function runUpkeep({ database, actor }: StatementContext): Promise<void> {
  await pauseLane(database, 'bulk', 'because', actor)
  await listLanePauses(database)
  await resumeLane(database, 'bulk', actor)
  await removeHeartbeat(database, randomUUID())
  await auditLogExport(database, 4, {}, actor)
  await readAuditLog(database, { siteId: 4, cursor: null, limit: 1, actions: null, withLanes: true })
  await readDatabaseStore(database)
  await analyzeGrown(database)
  await pruneExpired(database, { bodies: 30, deliveries: 90, audit: 365 }, new AbortController().signal)
}

async function runAccounts({ database, user, destinationId }: StatementContext): Promise<void> {
  const caller = { requestId: 'request', ip: '192.0.2.1' }
  const sessions = openSessions(database, 60_000)
  const { email, password } = user
  const session = await sessions.create({ ...caller, email, password, userAgent: null })
  if (session.kind !== 'signed_in') throw new Error('The user cannot sign in.')
  const actor = { ...caller, userId: user.id }
  await sessions.find(session.token)
  await sessions.list(user.id, session.token)
  await sessions.end(randomUUID(), actor)
  await sessions.endOthers(session.token, actor)
  const change = { currentPassword: password, newPassword: password, currentToken: session.token }
  await sessions.changePassword(change, actor)
  await sessions.revoke(session.token, caller)
  const keys = openApiKeys(database)
  const key = await keys.create({ siteId: 4, name: 'feeder', role: 'viewer', days: 1 }, actor)
  if (key.kind !== 'created') throw new Error('The key was not created.')
  await keys.find(key.key)
  await keys.list(4)
  await siteOfApiKey(database, key.view.id)
  await keys.revoke(key.view.id, false, actor)
  const defaults = { concurrency: 1, intervalMs: 1 } as Parameters<typeof budgetLimits>[1]
  await budgetLimits(database, defaults)(`4:saved:${destinationId}`)
}

async function runConnection({ database }: StatementContext): Promise<void> {
  await database.check()
  const lists = readListsFromReplica(database, database, 1_000, () => {})
  await lists.read(() => Promise.resolve())
  const events = postgresEvents({ url: database.url, database })
  await events.publish([])
  await events.close()
  const worker = { id: randomUUID(), host: 'host', version: '1', concurrency: 1 }
  const lock = holdWorkerLock({ url: database.url, worker, onError: () => {}, onPooled: () => {} })
  await waitUntil('the lock is held', () => lock.isHeld())
  await lock.findFree()
  await lock.close()
}

/** Applies a migration, and fails with another. */
async function runMigrations({ database }: StatementContext): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ghostpost-migrations-'))
  const statements = { '1_good': 'select 1', '2_bad': 'select 1/0' }
  for (const [name, sql] of Object.entries(statements)) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'migration.sql'), sql)
  }
  await migrate(database.url, folder, () => {}).catch(() => {})
  await rm(folder, { recursive: true })
}

async function runVisitors({ database, actor }: StatementContext): Promise<void> {
  const at = '2026-03-10T17:14:22Z'
  const sessions = [{ session_id: 's', started_at: at }]
  const events = [{ event_id: 'e', type: 'pageview', occurred_at: at }]
  const visitor = { ghost_vid: 'gv_statement', last_seen: at, traits: { plan: 'pro' }, sessions, events }
  await storeVisitors(database, 4, [visitor])
  await storeVisitors(database, 4, [visitor])
  const said = { firstSeenMs: Date.parse(at), lastSeenMs: Date.now(), fields: new Map() }
  const merged = {
    event_id: 'm',
    type: 'pageview',
    page: '/',
    occurred_at: at,
    session_key: '',
    referrer: null,
  }
  await mergeVisitors(database, 4, [{ ghostVid: 'gv_statement', said, events: [merged] }])
  await listVisitors(database, { siteId: 4, text: 'statement', cursor: null, limit: 1 })
  await readVisitor(database, { siteId: 4, ghostVid: documentedVid })
  await liftSuppression(database, { siteId: 4, ghostVid: 'gv_statement' }, actor)
}

async function eraseDocumentedVisitor({ database, user, actor }: StatementContext): Promise<void> {
  const newKey = `new:${randomBytes(32).toString('base64')}`
  await saveNewDelivery(database, user.id)
  const resealer = openSealer(`${newKey} test:${Buffer.alloc(32, 7).toString('base64')}`)
  await resealSecrets(database, resealer, resealer)
  await eraseVisitor(database, { siteId: 4, ghostVid: documentedVid }, actor)
}
