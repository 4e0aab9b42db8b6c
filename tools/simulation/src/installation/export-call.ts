import {
  acceptDelivery,
  isFinished,
  type AcceptPorts,
  type ExportRequest,
  type SaveResult,
  type Settlement,
  type SettlementSubscription,
} from '@ghostpost/delivery/deliver'
import { defaultWebhookType, type WebhookType } from '@ghostpost/delivery/destinations'
import type { Action } from '../histories/index.ts'
import type { Life } from '../processes/index.ts'
import { keyRowOf, saveDelivery, storeResponse, type DestinationRow } from '../stores/index.ts'
import { callDatabase, enqueue, type Installation } from './installation.ts'
import type { Reply } from './responses.ts'
import { periods } from './settings.ts'

type ExportAction = Extract<Action, { kind: 'export' }>

/** The receiver of an export to a URL. */
const receiverHost = 'receiver.example.com'

/** Handles a call that exports a visitor, as the API does. */
export async function handleExport(
  installation: Installation,
  life: Life,
  action: ExportAction,
): Promise<Reply> {
  const saved = await findDestination(installation, life, action)
  const isRefused = saved?.state === 'disabled' && !(await isKnown(installation, life, action))
  if (isRefused) return { status: 409 }
  const request = requestOf(action, saved?.webhookType ?? defaultWebhookType)
  const accepted = await acceptDelivery(request, acceptPorts(installation, life, action))
  if (accepted.kind !== 'accepted' && accepted.kind !== 'already_accepted')
    return { status: accepted.kind === 'idempotency_conflict' ? 409 : 404 }
  const { deliveryId, subscription } = accepted
  const isNew = accepted.kind === 'accepted'
  const settlement = isNew
    ? await subscription.waitFor(periods.waitMs)
    : await settlementOfRepeat(installation, life, deliveryId, subscription)
  return { status: await storeUnderKey(installation, life, action, statusOf(settlement)), deliveryId }
}

async function findDestination(
  { database }: Installation,
  life: Life,
  { id, to }: ExportAction,
): Promise<DestinationRow | undefined> {
  if (!('destinationId' in to)) return undefined
  return callDatabase(life, 'find-destination', id, (transaction) =>
    database.destinations.get(to.destinationId, transaction),
  )
}

/** A known key comes before preconditions: the caller gets its first response again. */
async function isKnown(
  { database, world }: Installation,
  life: Life,
  { id, hasKey }: ExportAction,
): Promise<boolean> {
  if (!hasKey || world.hasBug('precondition-before-key')) return false
  const known = await callDatabase(life, 'find-key', id, (transaction) =>
    database.keys.get(keyOf(id), transaction),
  )
  return known !== undefined
}

function keyOf(id: string): string {
  return `user ${id}`
}

function requestOf(action: ExportAction, savedType: WebhookType): ExportRequest {
  const { id, siteId, ghostVid, to, hasKey } = action
  const saved = 'destinationId' in to ? to.destinationId : null
  return {
    userId: 'user',
    siteId,
    ghostVid,
    webhookType: 'webhookType' in to ? to.webhookType : savedType,
    receiverUrl: saved === null ? `https://${receiverHost}/${id}` : null,
    receiverHost,
    receiverScheme: 'https',
    webhookKey: null,
    destinationId: saved,
    includeJourney: false,
    includeEvents: false,
    idempotency: hasKey ? { key: id, requestDigest: id } : null,
  }
}

function acceptPorts(installation: Installation, life: Life, { id }: ExportAction): AcceptPorts {
  const { database, world, settlements } = installation
  return {
    newId: () => `${id}.${world.scheduler.nowMs()}`,
    save: (delivery) =>
      world.hasBug('key-checked-before-save') && delivery.idempotency
        ? saveUnchecked(installation, life, delivery)
        : callDatabase(life, 'save', id, (transaction) => saveDelivery(database, delivery, transaction)),
    enqueue: (due, options) => enqueue(installation, life, due, options),
    subscribeToSettlement: (deliveryId) => settlements.subscribe(life, deliveryId),
  }
}

/** A planted bug: looks the key up before the statement that saves. */
async function saveUnchecked(
  { database }: Installation,
  life: Life,
  delivery: Parameters<AcceptPorts['save']>[0],
): Promise<SaveResult> {
  const { key, requestDigest } = delivery.idempotency ?? { key: '', requestDigest: '' }
  const known = await callDatabase(life, 'find-key', key, (transaction) =>
    database.keys.get(keyOf(key), transaction),
  )
  if (known) return { kind: 'already_saved', deliveryId: known.deliveryId }
  return callDatabase(life, 'save', key, (transaction) => {
    const saved = saveDelivery(database, { ...delivery, idempotency: null }, transaction)
    if (saved.kind === 'saved')
      database.keys.set(keyOf(key), keyRowOf(requestDigest, delivery.id), transaction)
    return saved
  })
}

async function settlementOfRepeat(
  { database }: Installation,
  life: Life,
  deliveryId: string,
  subscription: SettlementSubscription,
): Promise<Pick<Settlement, 'state'> | null> {
  const row = await callDatabase(life, 'read-settlement', deliveryId, (transaction) =>
    database.deliveries.get(deliveryId, transaction),
  )
  const isSettled = row !== undefined && (row.attemptsMade > 0 || isFinished(row.state))
  if (!isSettled) return subscription.waitFor(periods.waitMs)
  subscription.cancel()
  return row
}

function statusOf(settlement: Pick<Settlement, 'state'> | null): number {
  if (settlement?.state === 'delivered') return 200
  return settlement?.state === 'failed' || settlement?.state === 'cancelled' ? 502 : 202
}

function storeUnderKey(
  { database, world }: Installation,
  life: Life,
  { id, hasKey }: ExportAction,
  status: number,
): Promise<number> {
  if (!hasKey || world.hasBug('response-not-stored')) return Promise.resolve(status)
  return callDatabase(life, 'store-response', id, (transaction) =>
    storeResponse(database, keyOf(id), status, transaction),
  )
}
