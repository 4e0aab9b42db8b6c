import type { History } from '../histories/index.ts'
import { visitorKey, type MemoryDatabase, type Transaction } from '../stores/index.ts'

/** Inserts what a history starts with: visitors, destinations and alert rules. */
export function seedRows(
  database: MemoryDatabase,
  { visitors, destinations, rules }: History,
  transaction: Transaction,
): void {
  for (const { siteId, ghostVid } of visitors)
    database.visitors.set(visitorKey(siteId, ghostVid), { siteId, ghostVid, score: 1 }, transaction)
  for (const { id, siteId, webhookType } of destinations) {
    const receiverHost = `${id}.example.com`
    const row = { id, siteId, webhookType, url: `https://${receiverHost}/`, receiverHost }
    database.destinations.set(id, { ...row, state: 'enabled' }, transaction)
  }
  for (const rule of rules) seedRule(database, rule, transaction)
}

function seedRule(
  database: MemoryDatabase,
  { id, siteId, kind, threshold, destinationId }: History['rules'][number],
  transaction: Transaction,
): void {
  const limits = { threshold, windowSeconds: 86_400, minimumCount: null }
  const rule = { id, name: id, siteId, siteName: `site ${siteId}`, kind, ...limits }
  database.alertRules.set(
    id,
    {
      rule: { ...rule, webhookType: null, watchedDestinationId: null },
      ruleState: { state: 'ok', notified: false, notifiedAt: null, notifiedSubjects: [] },
      cooldownMs: 0,
      destinationId,
      evaluateAtMs: database.nowMs(),
    },
    transaction,
  )
}
