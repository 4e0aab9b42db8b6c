import type { DueDelivery } from '@ghostpost/delivery/deliver'
import { reExportRefusal, resendRefusal } from '@ghostpost/delivery/operations'
import type { Action } from '../histories/index.ts'
import type { Life } from '../processes/index.ts'
import {
  cancelDelivery,
  copyDelivery,
  deleteProfile,
  eraseDeliveries,
  findReplayable,
  resendDelivery,
  visitorKey,
} from '../stores/index.ts'
import { inTransaction } from './feed-operations.ts'
import { callDatabase, enqueue, type Installation } from './installation.ts'
import { enqueueResumed } from './operation-calls.ts'
import type { Reply } from './responses.ts'

type ActionOf<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>

/** @param deliveryId of the delivery that the action refers to */
export async function handleResend(
  installation: Installation,
  life: Life,
  { isConfirmed }: ActionOf<'resend'>,
  deliveryId: string,
): Promise<Reply> {
  const { database, world } = installation
  const found = await callDatabase(life, 'find-replayable', deliveryId, (transaction) =>
    findReplayable(database, deliveryId, transaction),
  )
  if (!found) return { status: 404 }
  const refusal = resendRefusal(found, { by: 'person', isDuplicateConfirmed: isConfirmed })
  const isRefused = refusal !== null && !(refusal === 'unfinished' && world.hasBug('resend-of-unfinished'))
  if (isRefused) return { status: 409, deliveryId }
  const due = await callDatabase(life, 'resend', deliveryId, (transaction) =>
    resendDelivery(database, deliveryId, transaction),
  )
  return enqueueReplayed(installation, life, due)
}

export async function handleReExport(
  installation: Installation,
  life: Life,
  { id }: ActionOf<'re-export'>,
  deliveryId: string,
): Promise<Reply> {
  const { database } = installation
  const found = await callDatabase(life, 'find-replayable', deliveryId, (transaction) =>
    findReplayable(database, deliveryId, transaction),
  )
  if (!found) return { status: 404 }
  if (reExportRefusal(found, { by: 'person', isDuplicateConfirmed: false }) !== null) return { status: 409 }
  const due = await callDatabase(life, 'copy', id, (transaction) =>
    copyDelivery(database, `${id}.0`, deliveryId, transaction),
  )
  return enqueueReplayed(installation, life, due)
}

async function enqueueReplayed(
  installation: Installation,
  life: Life,
  due: DueDelivery | null,
): Promise<Reply> {
  if (due === null) return { status: 409 }
  await enqueue(installation, life, due, { overdue: true })
  return { status: 202, deliveryId: due.deliveryId }
}

export async function handleCancel(
  { database }: Installation,
  life: Life,
  deliveryId: string,
): Promise<Reply> {
  const due = await callDatabase(life, 'cancel', deliveryId, (transaction) =>
    cancelDelivery(database, deliveryId, transaction),
  )
  return { status: due ? 200 : 409, deliveryId }
}

export async function handleErase(
  installation: Installation,
  life: Life,
  { siteId, ghostVid }: ActionOf<'erase'>,
): Promise<Reply> {
  const { database } = installation
  const erasure = await inTransaction(life, 'erase', async (transaction) => {
    await life.call('delete-profile', ghostVid, () => deleteProfile(database, siteId, ghostVid, transaction))
    return life.call('erase-deliveries', ghostVid, () =>
      eraseDeliveries(database, siteId, ghostVid, transaction),
    )
  })
  return { status: 200, inFlight: erasure.inFlight }
}

export async function handleVisit(
  { database }: Installation,
  life: Life,
  { siteId, ghostVid }: ActionOf<'visit'>,
): Promise<Reply> {
  await callDatabase(life, 'visit', ghostVid, (transaction) => {
    const key = visitorKey(siteId, ghostVid)
    const row = database.visitors.get(key, transaction)
    if (row) database.visitors.set(key, { ...row, score: row.score + 1 }, transaction)
  })
  return { status: 200 }
}

export async function handleDestinationChange(
  installation: Installation,
  life: Life,
  { kind, of }: ActionOf<'pause-destination' | 'resume-destination'>,
): Promise<Reply> {
  const { database } = installation
  const state = kind === 'pause-destination' ? 'paused' : 'enabled'
  await callDatabase(life, 'change-destination', of, (transaction) => {
    const row = database.destinations.get(of, transaction)
    if (row) database.destinations.set(of, { ...row, state }, transaction)
  })
  if (kind === 'resume-destination')
    await enqueueResumed(installation, life, of, ({ destinationId }) => destinationId === of)
  return { status: 200 }
}
