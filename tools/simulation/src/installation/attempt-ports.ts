import type { AttemptPorts, BudgetPorts, OutboundRequest, SendResult } from '@ghostpost/delivery/deliver'
import { defaultWebhookType, type WebhookType } from '@ghostpost/delivery/destinations'
import { NoResponse, StoreLost, type Life } from '../processes/index.ts'
import { claimDelivery, recordAttempt, releaseClaim, storePayload } from '../stores/index.ts'
import { callDatabase, enqueue, type Installation } from './installation.ts'
import { attemptSettings, periods } from './settings.ts'

/** The ports of one attempt in one worker. */
export function attemptPorts(
  installation: Installation,
  life: Life,
  deliveryId: string,
): AttemptPorts & BudgetPorts {
  const { world, database } = installation
  const { scheduler, choices, hasBug } = world
  let draws = 0
  let webhookType = defaultWebhookType
  const random = (): number => {
    draws += 1
    return choices.fraction(`random ${deliveryId} ${scheduler.nowMs()} ${draws}`)
  }
  return {
    admit: async () => {
      const isFull = choices.fraction(`admit ${deliveryId} ${scheduler.nowMs()}`) < 0.02
      return isFull
        ? { kind: 'wait', waitMs: 200, because: 'concurrency_full', everyMs: 0 }
        : { kind: 'admitted' }
    },
    report: () => {},
    claim: async (id) => {
      const askedAtMs = scheduler.nowMs()
      const claimId = `${life.process} ${askedAtMs} ${id}`
      const result = await callDatabase(life, 'claim', id, (transaction) =>
        claimDelivery(database, id, claimId, transaction),
      ).catch(async (error: unknown) => {
        // The store may have been lost after the claim.
        await releaseUntilWritten(installation, life, { deliveryId: id, claimId })
        throw error
      })
      if (result.kind !== 'claimed') return result
      ;({ webhookType } = result.claim)
      const ageMs = (): number => (hasBug('claim-without-age') ? 0 : scheduler.nowMs() - askedAtMs)
      return { kind: 'claimed', claim: { ...result.claim, ageMs } }
    },
    storePayload: (claim, body) =>
      callDatabase(life, 'store-payload', claim.deliveryId, (transaction) =>
        storePayload(database, claim, body, transaction),
      ),
    send: (request) => send(installation, life, { deliveryId, webhookType }, request),
    authorize: async () => ({ kind: 'failed', failure: { kind: 'key_unusable' } }),
    record: (claim, attempt) => recordUntilWritten(installation, life, claim, attempt),
    release: (claim) => releaseUntilWritten(installation, life, claim),
    enqueue: (due, options) => enqueue(installation, life, due, options),
    now: () => new Date(scheduler.nowMs() + (hasBug('worker-clock-signs') ? 600_000 : 0)),
    random,
  }
}

/** What only this worker knows is written again and again. */
function recordUntilWritten(
  { world, database }: Installation,
  life: Life,
  claim: Parameters<AttemptPorts['record']>[0],
  attempt: Parameters<AttemptPorts['record']>[1],
): ReturnType<AttemptPorts['record']> {
  const write = (): ReturnType<AttemptPorts['record']> =>
    callDatabase(life, 'record', claim.deliveryId, (transaction) =>
      recordAttempt(database, claim, attempt, transaction),
    )
  return world.hasBug('record-tried-once') ? write() : retryUntilWritten(life, write)
}

function releaseUntilWritten(
  { database, world }: Installation,
  life: Life,
  claim: Parameters<AttemptPorts['release']>[0],
): ReturnType<AttemptPorts['release']> {
  const write = (): ReturnType<AttemptPorts['release']> =>
    callDatabase(life, 'release', claim.deliveryId, (transaction) =>
      releaseClaim(database, claim, transaction),
    )
  return world.hasBug('release-tried-once') ? write() : retryUntilWritten(life, write)
}

async function retryUntilWritten<T>(life: Life, write: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await write()
    } catch (error) {
      if (!(error instanceof StoreLost)) throw error
      await life.pause(periods.recordAgainMs)
    }
  }
}

async function send(
  { world, receivers }: Installation,
  life: Life,
  { deliveryId, webhookType }: { deliveryId: string; webhookType: WebhookType },
  request: OutboundRequest,
): Promise<SendResult> {
  const { scheduler } = world
  const sentAtMs = scheduler.nowMs()
  const resultOf = (outcome: SendResult['outcome']): SendResult => ({
    outcome,
    startedAt: new Date(sentAtMs),
    durationMs: 0,
  })
  const receive = (): SendResult => {
    const arrival = { deliveryId, webhookType, request, sentAtMs, atMs: scheduler.nowMs() }
    const outcome = receivers.receive(arrival)
    world.trace.add(
      `${scheduler.nowMs()} ${deliveryId} ${outcome?.kind === 'answered' ? outcome.status : outcome?.kind}`,
    )
    if (outcome === null) throw new NoResponse(deliveryId)
    return resultOf(outcome)
  }
  const result = await life.call('send', deliveryId, receive, {
    before: resultOf({ kind: 'connection_failed', code: 'ECONNREFUSED' }),
    after: resultOf({ kind: 'connection_lost', code: 'ECONNRESET' }),
    timeoutMs: attemptSettings.attemptTimeoutMs,
    timedOut: resultOf({ kind: 'timed_out', phase: 'answer' }),
  })
  return { ...result, durationMs: scheduler.nowMs() - sentAtMs }
}
